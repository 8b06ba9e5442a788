/**
 * Reads the engine's result of a scan.
 *
 * @module
 */

import type { MetaValue, RuleMatch, StringHit } from "./shapes.ts";

/** What `Scanner.scan` returns, as far as it is used. */
export interface EngineResult {
  readonly matches: readonly EngineMatch[];
}

interface EngineMatch {
  readonly identifier: string;
  readonly namespace: string;
  readonly isPrivate: boolean;
  readonly tags: readonly string[];
  readonly metadata: readonly EngineMeta[];
  readonly patterns: readonly EnginePattern[];
}

interface EngineMeta {
  readonly identifier: string;
  /** A text with escapes comes as an array of its bytes. */
  readonly value: string | number | boolean | readonly number[];
}

interface EnginePattern {
  readonly identifier: string;
  readonly isPrivate: boolean;
  readonly matches: readonly { readonly offset: number; readonly length: number; readonly xorKey?: number }[];
}

/** The matches without private rules and private patterns. */
export function readResult(result: EngineResult): RuleMatch[] {
  return result.matches.filter((match) => !match.isPrivate).map((match) => ({
    rule: match.identifier,
    namespace: match.namespace,
    tags: match.tags,
    meta: match.metadata.map(({ identifier, value }) => [identifier, metaValue(value)] as const),
    strings: match.patterns.filter((pattern) => !pattern.isPrivate).flatMap(hitsOf),
  }));
}

function hitsOf(pattern: EnginePattern): StringHit[] {
  const { identifier } = pattern;
  return pattern.matches.map(({ offset, length, xorKey }) =>
    xorKey === undefined ? { identifier, offset, length } : { identifier, offset, length, xorKey }
  );
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function metaValue(value: EngineMeta["value"]): MetaValue {
  if (typeof value !== "object") return value;
  const bytes = Uint8Array.from(value);
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return bytes;
  }
}
