/**
 * Texts of one character for each byte.
 *
 * @module
 */

/** Arguments of one call; more overflow the stack. */
const CHUNK = 4_096;
/** Up to here a loop is faster than a call. */
const SHORT = 64;

/** Returns bytes as a text of one character each, U+0000 to U+00FF: ISO 8859-1, and not Windows-1252 as `TextDecoder` reads it. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  if (bytes.length <= SHORT) {
    for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]!);
    return text;
  }
  for (let i = 0; i < bytes.length; i += CHUNK) {
    text += String.fromCharCode.apply(null, bytes.subarray(i, i + CHUNK) as unknown as number[]);
  }
  return text;
}
