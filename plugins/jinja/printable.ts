/**
 * Text from hostile files, made fit for one line, and what is printed, made fit for a terminal.
 *
 * @module
 */

// Controls steer terminals; format characters and those that show nothing (bidirectional marks, zero widths, fillers)
// make a name read as another one. The selectors between the text and the picture of an emoji are harmless.
const UNPRINTABLE = /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

// The same without what lays out text: tabs and line ends. A lone carriage return would overwrite its line.
const STEERING = /(?![\t\n\ufe0e\ufe0f]|\r\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Escapes line ends, controls and what can't be seen, as `\x1b` or `\u{202e}`: the text stays on its line. */
export function printable(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, escapeCharacter);
}

/** Escapes controls and what can't be seen, but for tabs and line ends. */
export function harmless(text: string): string {
  return text.toWellFormed().replace(STEERING, escapeCharacter);
}

/** A printable text of at most `limit` characters, `…` behind what was cut. */
export function printableExcerpt(text: string, limit: number): string {
  // Cut twice: escaping makes text longer, and escaping megabytes to show a line would be a waste.
  const escaped = printable(text.slice(0, limit));
  if (text.length <= limit && escaped.length <= limit) return escaped;
  return `${escaped.slice(0, limit).replace(/[\ud800-\udbff]$/, "")}…`;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
}
