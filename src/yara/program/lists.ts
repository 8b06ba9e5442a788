/**
 * Lists of numbers by index, in one array, such as the rules of each pattern.
 *
 * @module
 */

/** Numbers by index. */
export interface NumberLists {
  /** Number of lists. */
  readonly length: number;
  /** A list; the index must be below {@linkcode NumberLists.length}. */
  at(index: number): Uint32Array;
}

/** Puts lists into one array: their number, where each begins and the last ends, and their numbers. */
export function packLists(lists: readonly (readonly number[])[]): Uint32Array<ArrayBuffer> {
  const head = lists.length + 2;
  const packed = new Uint32Array(head + lists.reduce((sum, list) => sum + list.length, 0));
  packed[0] = lists.length;
  let end = head;
  packed[1] = end;
  for (const [index, list] of lists.entries()) {
    packed.set(list, end);
    end += list.length;
    packed[index + 2] = end;
  }
  return packed;
}

/** The bytes of numbers. */
export function bytesOf(words: Uint32Array<ArrayBuffer>): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/**
 * Reads what {@linkcode packLists} wrote.
 *
 * @param bound what all numbers must be below
 * @throws {RangeError} when places or numbers don't fit
 */
export function unpackLists(packed: Uint32Array, bound: number): NumberLists {
  const length = packed[0] ?? -1;
  const head = length + 2;
  if (length < 0 || head > packed.length || packed[1] !== head || packed[length + 1] !== packed.length) {
    throw new RangeError("Cannot read lists of numbers: they don't fit their places");
  }
  for (let index = 1; index <= length; index++) {
    if (packed[index]! > packed[index + 1]!) {
      throw new RangeError(`Cannot read lists of numbers: list ${index - 1}`);
    }
  }
  for (let at = head; at < packed.length; at++) {
    if (packed[at]! >= bound) {
      throw new RangeError(`Cannot read lists of numbers: ${packed[at]} is above the bound`);
    }
  }
  return { length, at: (index) => packed.subarray(packed[index + 1], packed[index + 2]) };
}
