/**
 * The headers of a 7z archive, read without 7-Zip: are they encrypted? 7-Zip does not report it when a wrong password
 * makes it read nonsense.
 *
 * Format: https://py7zr.readthedocs.io/en/latest/archive_format.html, or 7zFormat.txt of 7-Zip's sources.
 *
 * @module
 */

const SIGNATURE = [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c];
const START_HEADER_BYTES = 32;
const ENCODED_HEADER = 0x17;
/** "One coder with attributes, id of four bytes", then the id of 7zAES. */
const AES_CODER = [0x24, 0x06, 0xf1, 0x07, 0x01];
/** The description of how a header is packed has a few dozen bytes. */
const SEARCHED_BYTES = 512;

/** Low bits of the coder's first property: the binary logarithm of the rounds. */
const POWER_MASK = 0x3f;

/** Returns whether the end header is packed with 7zAES. */
export function hasEncryptedHeader(content: Uint8Array): boolean {
  return encryptedHeaderPower(content) !== undefined;
}

/** Returns the binary logarithm of the rounds of an end header that is packed with 7zAES. */
export function encryptedHeaderPower(content: Uint8Array): number | undefined {
  if (content.length < START_HEADER_BYTES || SIGNATURE.some((byte, index) => content[index] !== byte)) {
    return undefined;
  }
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const start = START_HEADER_BYTES + Number(view.getBigUint64(12, true));
  const header = content.subarray(Math.min(start, content.length)).subarray(0, SEARCHED_BYTES);
  if (header[0] !== ENCODED_HEADER) return undefined;
  const coder = header.findIndex((_, at) => AES_CODER.every((byte, index) => header[at + index] === byte));
  // The length of the properties stands between the id and the first property.
  return coder < 0 ? undefined : (header[coder + AES_CODER.length + 1] ?? 0) & POWER_MASK;
}
