/**
 * `--request-extra key=value`.
 *
 * @module
 */

import type { PlainRecord } from "../core/contract/plain.ts";
import { printable } from "../core/contract/printable.ts";

/** Reads the words; `true` and `false` in any case become booleans, as they do in stoQ. */
export function readRequestExtra(words: readonly string[], problems: string[]): PlainRecord {
  const extra = new Map<string, boolean | string>();
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals < 1) problems.push(`--request-extra is "${printable(word)}", must be KEY=VALUE`);
    else extra.set(word.slice(0, equals), readValue(word.slice(equals + 1)));
  }
  return Object.fromEntries(extra);
}

function readValue(text: string): boolean | string {
  const word = text.toLowerCase();
  if (word === "true") return true;
  return word === "false" ? false : text;
}
