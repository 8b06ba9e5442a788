/**
 * The modifier `fullword`.
 *
 * @module
 */

/** Whether no ASCII letter or digit is directly before or after a match. */
export function isWord(content: Uint8Array, start: number, end: number, isWide: boolean): boolean {
  return isWide
    ? !isWideAlphanumeric(content, start - 2) && !isWideAlphanumeric(content, end)
    : !isAlphanumeric(content[start - 1]) && !isAlphanumeric(content[end]);
}

function isWideAlphanumeric(content: Uint8Array, at: number): boolean {
  return content[at + 1] === 0 && isAlphanumeric(content[at]);
}

function isAlphanumeric(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x7a && byte < 0x80);
}
