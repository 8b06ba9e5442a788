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
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** The bytes in ascending order. */
export function bytesOf(set: ByteSet): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < set.length; at++) {
    // The lowest bit that is left goes first.
    for (let word = set[at]!; word !== 0; word &= word - 1) {
      bytes.push(at * 32 + 31 - Math.clz32(word & -word));
    }
  }
  return bytes;
}

/** The sets of each ASCII letter in both cases, by the letter's lower bits. */
const BOTH_CASES: readonly ByteSet[] = Array.from(
  { length: 27 },
  (_, letter) => byteSet([0x40 + letter, 0x40 + letter], [0x60 + letter, 0x60 + letter]),
);

/** An ASCII letter in both cases; `undefined` for what is none. */
export function bothCases(code: number): ByteSet | undefined {
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isLetter ? BOTH_CASES[code & 0x1f] : undefined;
}

/** `.` with the flag `s`. */
export const ANY_BYTE: ByteSet = byteSet([0, 255]);

/** `.` without the flag `s`. */
export const ANY_BUT_NEWLINE: ByteSet = byteSet([0, 9], [11, 255]);
