/**
 * A reader whose every access is checked.
 *
 * @module
 */

import { Budget, type BudgetLimits } from "./budget.ts";
import { DamageError } from "./damage.ts";
import { latin1 } from "./latin1.ts";

/** What a reader may spend if its maker says nothing. */
export const DEFAULT_BUDGET: BudgetLimits = { items: 100_000, bytes: 16_000_000 };

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
const UTF16_LE = new TextDecoder("utf-16le", { ignoreBOM: true });
const UTF16_BE = new TextDecoder("utf-16be", { ignoreBOM: true });

/** A text that ends with a zero. */
export interface CString {
  /** One character for each byte, without the zero. */
  readonly text: string;
  /** Whether a zero follows; otherwise the text ends at the maximum or with the bytes. */
  readonly isTerminated: boolean;
  /** Whether the text was cut at the maximum. */
  readonly isCut: boolean;
}

/**
 * Reads numbers and texts of hostile bytes.
 *
 * Offsets count from the reader's first byte and may be any number; offsets in damage count from the start of the whole
 * file. A read beyond the end throws {@link DamageError} with code `truncated`; ask {@link ByteReader.has} first where
 * the end is expected, or in a loop: an error costs some microseconds. Texts are paid from the budget, views are free.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { ByteReader } from "./mod.ts";
 *
 * const reader = new ByteReader(Uint8Array.of(0x4d, 0x5a, 1, 0, 0, 0));
 * assert.equal(reader.latin1(0, 2), "MZ");
 * assert.equal(reader.u32(2), 1);
 * assert.equal(reader.u16be(1), 0x5a01);
 * assert.equal(reader.sub(2, 4).baseOffset, 2);
 * ```
 */
export class ByteReader {
  /** All bytes of this reader. */
  readonly bytes: Uint8Array;
  /** Size in bytes. */
  readonly sizeBytes: number;
  /** Offset of the first byte in the whole file. */
  readonly baseOffset: number;
  /** Pays for texts; shared with the readers that `sub` makes. */
  readonly budget: Budget;
  readonly #view: DataView;

  /**
   * A reader of all bytes. It keeps a view: do not change the bytes while it is used.
   *
   * @param baseOffset offset of the first byte in the whole file
   */
  constructor(bytes: Uint8Array, budget: Budget = new Budget(DEFAULT_BUDGET), baseOffset = 0) {
    this.bytes = bytes;
    this.sizeBytes = bytes.length;
    this.budget = budget;
    this.baseOffset = baseOffset;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Says whether so many bytes follow an offset. */
  has(offset: number, sizeBytes: number): boolean {
    return offset >= 0 && sizeBytes >= 0 && offset + sizeBytes <= this.sizeBytes;
  }

  /** Reads an unsigned byte. */
  u8(offset: number): number {
    if (!(offset >= 0 && offset < this.sizeBytes)) this.#fail(offset, 1);
    return this.#view.getUint8(offset);
  }

  /** Reads an unsigned number of 16 bits, little-endian. */
  u16(offset: number): number {
    if (!(offset >= 0 && offset + 2 <= this.sizeBytes)) this.#fail(offset, 2);
    return this.#view.getUint16(offset, true);
  }

  /** Reads an unsigned number of 32 bits, little-endian. */
  u32(offset: number): number {
    if (!(offset >= 0 && offset + 4 <= this.sizeBytes)) this.#fail(offset, 4);
    return this.#view.getUint32(offset, true);
  }

  /** Reads an unsigned number of 64 bits, little-endian. */
  u64(offset: number): bigint {
    return this.#checked(offset, 8).getBigUint64(offset, true);
  }

  /** Reads an unsigned number of 16 bits, big-endian. */
  u16be(offset: number): number {
    return this.#checked(offset, 2).getUint16(offset);
  }

  /** Reads an unsigned number of 32 bits, big-endian. */
  u32be(offset: number): number {
    return this.#checked(offset, 4).getUint32(offset);
  }

  /** Reads an unsigned number of 64 bits, big-endian. */
  u64be(offset: number): bigint {
    return this.#checked(offset, 8).getBigUint64(offset);
  }

  /** Reads a signed byte. */
  i8(offset: number): number {
    return this.#checked(offset, 1).getInt8(offset);
  }

  /** Reads a signed number of 16 bits, little-endian. */
  i16(offset: number): number {
    return this.#checked(offset, 2).getInt16(offset, true);
  }

  /** Reads a signed number of 32 bits, little-endian. */
  i32(offset: number): number {
    return this.#checked(offset, 4).getInt32(offset, true);
  }

  /** Reads a signed number of 64 bits, little-endian. */
  i64(offset: number): bigint {
    return this.#checked(offset, 8).getBigInt64(offset, true);
  }

  /** Reads a signed number of 16 bits, big-endian. */
  i16be(offset: number): number {
    return this.#checked(offset, 2).getInt16(offset);
  }

  /** Reads a signed number of 32 bits, big-endian. */
  i32be(offset: number): number {
    return this.#checked(offset, 4).getInt32(offset);
  }

  /** Reads a signed number of 64 bits, big-endian. */
  i64be(offset: number): bigint {
    return this.#checked(offset, 8).getBigInt64(offset);
  }

  /** Returns a view of bytes, not a copy. */
  slice(offset: number, sizeBytes: number): Uint8Array {
    if (!this.has(offset, sizeBytes)) this.#fail(offset, sizeBytes);
    return this.bytes.subarray(offset, offset + sizeBytes);
  }

  /** Returns a reader of a part, up to the end if no size is given. It keeps the budget and the offsets of the whole file. */
  sub(offset: number, sizeBytes: number = this.bytes.length - offset): ByteReader {
    return new ByteReader(this.slice(offset, sizeBytes), this.budget, this.baseOffset + offset);
  }

  /** Returns a reader of a part that may be cut off: it ends with the bytes. It is empty if the offset is beyond them. */
  subUpTo(offset: number, sizeBytes: number): ByteReader {
    const start = this.#clamp(offset);
    return this.sub(start, Math.max(0, this.#clamp(start + sizeBytes) - start));
  }

  /** Reads a text of one character for each byte. */
  latin1(offset: number, sizeBytes: number): string {
    const bytes = this.slice(offset, sizeBytes);
    this.#pay(offset, sizeBytes);
    return latin1(bytes);
  }

  /** Reads a text in UTF-8; what is no UTF-8 becomes U+FFFD. A byte order mark stays. */
  utf8(offset: number, sizeBytes: number): string {
    const bytes = this.slice(offset, sizeBytes);
    this.#pay(offset, sizeBytes);
    return UTF8.decode(bytes);
  }

  /** Reads a text in UTF-16, little-endian; what is no UTF-16 becomes U+FFFD. A byte order mark stays. */
  utf16(offset: number, sizeBytes: number): string {
    const bytes = this.slice(offset, sizeBytes);
    this.#pay(offset, sizeBytes);
    return UTF16_LE.decode(bytes);
  }

  /** Reads a text in UTF-16, big-endian; what is no UTF-16 becomes U+FFFD. A byte order mark stays. */
  utf16be(offset: number, sizeBytes: number): string {
    const bytes = this.slice(offset, sizeBytes);
    this.#pay(offset, sizeBytes);
    return UTF16_BE.decode(bytes);
  }

  /** Reads a text up to a zero, the end, or a maximum in bytes. The offset may be the very end. */
  cString(offset: number, maxBytes: number): CString {
    if (!this.has(offset, 0)) this.#fail(offset, 0);
    const limit = Math.min(this.bytes.length, offset + maxBytes);
    let end = offset;
    while (end < limit && this.bytes[end] !== 0) end++;
    this.#pay(offset, end - offset);
    const isTerminated = end < this.bytes.length && this.bytes[end] === 0;
    return {
      text: latin1(this.bytes.subarray(offset, end)),
      isTerminated,
      isCut: !isTerminated && end < this.bytes.length,
    };
  }

  /** Reads a GUID as text, `{00020906-0000-0000-C000-000000000046}`; the first three groups are little-endian. */
  guid(offset: number): string {
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
    const tail = this.slice(offset + 8, 8).toHex();
    const head = [hex(this.u32(offset), 8), hex(this.u16(offset + 4), 4), hex(this.u16(offset + 6), 4)];
    return `{${[...head, tail.slice(0, 4), tail.slice(4)].join("-")}}`.toUpperCase();
  }

  /** Returns the offset in the whole file, at most the end of this reader's bytes: for records of damage. */
  fileOffset(offset: number): number {
    return this.baseOffset + this.#clamp(offset);
  }

  #clamp(offset: number): number {
    return Math.max(0, Math.min(offset || 0, this.bytes.length));
  }

  #checked(offset: number, sizeBytes: number): DataView {
    if (!this.has(offset, sizeBytes)) this.#fail(offset, sizeBytes);
    return this.#view;
  }

  #pay(offset: number, sizeBytes: number): void {
    this.budget.takeBytes(sizeBytes, this.fileOffset(offset));
  }

  #fail(offset: number, sizeBytes: number): never {
    throw new DamageError({
      code: "truncated",
      message: `The bytes must hold ${sizeBytes} more at offset ${this.baseOffset + offset}, got ${
        Math.max(0, this.bytes.length - offset)
      }`,
      offset: this.fileOffset(offset),
    });
  }
}
