/**
 * From a pattern to the forms with which it is searched.
 *
 * @module
 */

import type { PatternSyntax } from "../syntax.ts";
import { type CompiledPattern, IMPOSSIBLE_PATTERN } from "./compiled_pattern.ts";
import { compileHex } from "./hex_forms.ts";
import { compileRegexpPattern } from "./regexp_forms.ts";
import { compileText } from "./text_forms.ts";

/** No payload is as long; a pattern that is anchored behind it can't match. */
export const MAX_ANCHOR = 0x7fffffff;

/** How a rule uses a pattern. */
export interface PatternUsage {
  /** Where the pattern may match alone, from {@linkcode anchorsOf}; YARA-X ignores it for most kinds of patterns. */
  readonly anchoredAt?: number;
}

/** Forms, status and plan of a pattern. */
export function compilePattern(pattern: PatternSyntax, usage: PatternUsage = {}): CompiledPattern {
  if (pattern.kind === "regexp") return compileRegexpPattern(pattern);
  const compiled = pattern.kind === "text"
    ? compileText(pattern, usage.anchoredAt)
    : compileHex(pattern, usage.anchoredAt);
  const isBeyond = usage.anchoredAt !== undefined && usage.anchoredAt > MAX_ANCHOR;
  const isAnchored = compiled.forms.length > 0 &&
    compiled.forms.every((form) => form.anchoredAt !== undefined);
  return isBeyond && isAnchored ? IMPOSSIBLE_PATTERN : compiled;
}
