/**
 * Text with one character for each byte, `\x00` to `\xff`: bytes that survive JSON.
 *
 * @module
 */

export { latin1 } from "../formats/bytes/mod.ts";

/** The bytes of characters. */
export function bytesOfLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
