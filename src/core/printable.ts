/**
 * Text from hostile files, made fit for a terminal.
 *
 * @module
 */

// Controls steer terminals; format characters (bidirectional marks, zero widths) make a name read as another one.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Escapes everything that would do something to a terminal instead of being seen on it. */
export function printable(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}
