/**
 * Text from hostile files, made fit for one line, and what is printed, made fit for a terminal.
 *
 * @module
 */

import { printable } from "../../core/contract/printable.ts";

export { printable, quote } from "../../core/contract/printable.ts";

// What `printable` escapes, without what lays out text: tabs and line ends. A lone carriage return would overwrite its line.
const STEERING = /(?![\t\n\ufe0e\ufe0f]|\r\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Escapes controls and characters that can't be seen, but for tabs and line ends. */
export function harmless(text: string): string {
  return text.toWellFormed().replace(STEERING, printable);
}

/** Returns a printable text of at most `limit` characters, `…` behind what was cut. */
export function printableExcerpt(text: string, limit: number): string {
  // Cut twice: escaping makes text longer, and escaping megabytes to show a line would be a waste.
  const escaped = printable(text.slice(0, limit));
  if (text.length <= limit && escaped.length <= limit) return escaped;
  return `${escaped.slice(0, limit).replace(/[\ud800-\udbff]$/, "")}…`;
}
