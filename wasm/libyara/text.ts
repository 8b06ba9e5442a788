/**
 * Makes one text out of all sources: the engine takes nothing else.
 *
 * @module
 */

import type { Externals, ExternalValue, RuleSource } from "./shapes.ts";

/**
 * A rule of ours behind all others. It is always true: where it is missing from the matches, the engine did not get
 * that far. A global rule that is false hides it, so its absence means nothing if there are global rules.
 */
export const LAST_RULE = "_stoq_scan_is_complete_";

/** Sources as one text, external variables replaced by their values. No value holds a line feed. */
export function joinSources(sources: readonly RuleSource[], externals: Externals): string {
  const texts = sources.map((source) => withValues(source, externals));
  return [...texts, `rule ${LAST_RULE} { condition: true }`].join("\n");
}

/** The source to which a line of the joined text belongs, and the line in it. */
export function locate(sources: readonly RuleSource[], line: number): { source: RuleSource; line: number } {
  let firstLine = 1;
  for (const source of sources.slice(0, -1)) {
    const next = firstLine + source.text.split("\n").length;
    if (line < next) return { source, line: Math.max(1, line - firstLine + 1) };
    firstLine = next;
  }
  return { source: sources.at(-1)!, line: Math.max(1, line - firstLine + 1) };
}

function withValues(source: RuleSource, externals: Externals): string {
  let text = "";
  let at = 0;
  for (const word of source.rules.flatMap((rule) => rule.conditionWords)) {
    if (!Object.hasOwn(externals, word.text)) continue;
    text += source.text.slice(at, word.start) + literal(externals[word.text]!);
    at = word.end;
  }
  return text + source.text.slice(at);
}

/** A value as YARA writes it. */
export function literal(value: ExternalValue): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return `(${Number.isInteger(value) ? value : value.toFixed(10)})`;
  const bytes = new TextEncoder().encode(value);
  return `"${Array.from(bytes, character).join("")}"`;
}

function character(byte: number): string {
  const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
}
