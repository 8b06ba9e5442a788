/**
 * Sets of bytes as 256 bits.
 *
 * @module
 */

/** Eight words of 32 bits; byte `b` is bit `b & 31` of word `b >> 5`. Taken as read-only once it stands in a tree. */
export type ByteSet = Uint32Array;

/** A new set of the bytes in ranges, both ends included. */
export function byteSet(...ranges: readonly (readonly [from: number, to: number])[]): ByteSet {
  const set = new Uint32Array(8);
  for (const [from, to] of ranges) addRange(set, from, to);
  return set;
}

/** Adds a range to a set that is being built. */
export function addRange(set: ByteSet, from: number, to: number): void {
  for (let byte = from; byte <= to; byte++) set[byte >> 5]! |= 1 << (byte & 31);
}

/** Whether a byte is in the set. */
export function hasByte(set: ByteSet, byte: number): boolean {
  return (set[byte >> 5]! >>> (byte & 31) & 1) === 1;
}

/** Bytes that are in either. */
export function union(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((word, at) => word | b[at]!);
}

/** Bytes that are in both. */
export function intersection(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((word, at) => word & b[at]!);
}

/** Bytes of the first that are not in the second. */
export function difference(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((word, at) => word & ~b[at]!);
}

/** Bytes that are in exactly one. */
export function symmetricDifference(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((word, at) => word ^ b[at]!);
}

/** All other bytes. */
export function complement(set: ByteSet): ByteSet {
  return set.map((word) => ~word);
}

/** Letters `A` to `Z` and `a` to `z` are bits 1 to 26 of words 2 and 3. */
const LETTERS = 0x07fffffe;

/** The set with the other case of each of its ASCII letters. */
export function foldCase(set: ByteSet): ByteSet {
  const folded = set.slice();
  const letters = (set[2]! | set[3]!) & LETTERS;
  folded[2]! |= letters;
  folded[3]! |= letters;
  return folded;
}

/** Whether both hold the same bytes. */
export function isEqualSet(a: ByteSet, b: ByteSet): boolean {
  return a.every((word, at) => word === b[at]);
}

/** The bytes in ascending order. */
export function bytesOf(set: ByteSet): number[] {
  const bytes: number[] = [];
  for (let byte = 0; byte < 256; byte++) if (hasByte(set, byte)) bytes.push(byte);
  return bytes;
}

/** `.` with the flag `s`. */
export const ANY_BYTE: ByteSet = byteSet([0, 255]);

/** `.` without the flag `s`. */
export const ANY_BUT_NEWLINE: ByteSet = byteSet([0, 9], [11, 255]);
