/**
 * Text from hostile files, made fit for a terminal.
 *
 * @module
 */

// Controls steer terminals; format characters and those that show nothing (bidirectional marks, zero widths, fillers) make
// a name read as another one. The two selectors that choose between the text and the picture of an emoji are harmless.
const UNPRINTABLE = /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A name or value from outside as JSON, for messages: in quotes where it is text, with every character escaped that would do
 * something to a terminal or can't be seen.
 */
export function quote(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.replace(
    UNPRINTABLE,
    (character) =>
      character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  );
}

/** Escapes everything that would do something to a terminal instead of being seen on it. */
export function printable(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}
