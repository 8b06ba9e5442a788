/**
 * Escapes hostile text for one line, and printed text for a terminal.
 *
 * @module
 */

import { printable } from "../../core/contract/printable.ts";

export { printable, quote } from "../../core/contract/printable.ts";

// What `printable` escapes, except tabs and line ends. A lone carriage return would overwrite its line.
const STEERING = /(?![\t\n\ufe0e\ufe0f]|\r\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Escapes control and invisible characters, except tabs and line ends. */
export function harmless(text: string): string {
  return text.toWellFormed().replace(STEERING, printable);
}

/** Returns a printable text of at most `limit` characters, with `…` if it was cut. */
export function printableExcerpt(text: string, limit: number): string {
  // Cut twice: escaping makes text longer, and escaping megabytes to show a line takes too long.
  const escaped = printable(text.slice(0, limit));
  if (text.length <= limit && escaped.length <= limit) return escaped;
  return `${escaped.slice(0, limit).replace(/[\ud800-\udbff]$/, "")}…`;
}
