/**
 * Reads numbers and texts of a file whose offsets are all lies until they are checked.
 *
 * @module
 */

/** Longest name of a library; YARA-X cuts longer ones. */
export const MAX_LIBRARY_NAME_BYTES = 512;
/** Longest name of a function; YARA-X cuts longer ones. */
export const MAX_FUNCTION_NAME_BYTES = 1_024;
/** Longest path of debug information that is read. */
export const MAX_DEBUG_PATH_BYTES = 4_096;
/** What all texts of one file may hold together. */
export const MAX_PE_TEXTS_BYTES = 2_000_000;

/** Something is beyond what is computed here. */
export class BeyondLimits extends Error {}

/** The bytes of a file; numbers are little-endian. */
export class PeBytes {
  readonly #view: DataView;
  #textBytesLeft = MAX_PE_TEXTS_BYTES;

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Size in bytes. */
  get length(): number {
    return this.bytes.length;
  }

  /** Whether so many bytes follow an offset. */
  has(offset: number, sizeBytes: number): boolean {
    return offset + sizeBytes <= this.bytes.length;
  }

  /** A byte, which must be there. */
  u8(offset: number): number {
    return this.#view.getUint8(offset);
  }

  /** A number of 16 bits, which must be there. */
  u16(offset: number): number {
    return this.#view.getUint16(offset, true);
  }

  /** A number of 32 bits, which must be there. */
  u32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }

  /** A number of 64 bits, which must be there; undefined where it is no signed one. */
  u64(offset: number): number | bigint | undefined {
    const value = this.#view.getBigUint64(offset, true);
    if (value >= 2n ** 63n) return undefined;
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  /**
   * Bytes up to a zero or the end, one character each.
   *
   * @throws {BeyondLimits} for longer ones
   */
  text(offset: number, maxBytes: number): string {
    let end = offset;
    const limit = Math.min(this.bytes.length, offset + maxBytes + 1);
    while (end < limit && this.bytes[end] !== 0) end++;
    this.#textBytesLeft -= end - offset;
    if (end - offset > maxBytes || this.#textBytesLeft < 0) throw new BeyondLimits();
    return latin1(this.bytes.subarray(offset, end));
  }
}

/** Bytes as a text of one character each. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

/** Whether all characters are ASCII. */
export function isAsciiText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false;
  }
  return true;
}
