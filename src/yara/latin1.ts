/**
 * Text with one character for each byte, `\x00` to `\xff`: bytes that survive JSON.
 *
 * @module
 */

/** The characters of bytes. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

/** The bytes of characters. */
export function bytesOfLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
