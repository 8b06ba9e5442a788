/**
 * Integers in metadata that JavaScript would round: YARA's have 64 bits. An engine would lose the whole result of a scan
 * with one of them, so it gets a text of the digits instead.
 *
 * @module
 */

import type { MetaEntry } from "./syntax.ts";

/**
 * Returns a part of a text, with quotes around integers that JavaScript would round.
 *
 * @param entries the metadata in that part, in the order of the text
 */
export function quoteWideIntegers(
  text: string,
  start: number,
  end: number,
  entries: readonly MetaEntry[],
): string {
  let quoted = "";
  let at = start;
  for (const entry of entries) {
    if (typeof entry.value !== "string" || text[entry.start] === '"') continue;
    quoted += `${text.slice(at, entry.start)}"${entry.value}"`;
    at = entry.end;
  }
  return quoted + text.slice(at, end);
}
