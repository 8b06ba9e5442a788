/**
 * Regions that look like random bytes.
 *
 * @module
 */

import type { Measurement } from "./measure.ts";

/** Size of the blocks in which regions are searched. */
export const REGION_BLOCK_BYTES = 4096;

/** Random bytes have at least 7.94 bits per byte in such a block, photos at most 7.89. */
const MIN_ENTROPY = 7.93;

/** Fewest blocks in a row. */
const MIN_BLOCKS = 4;

/** Smallest region, in bytes. */
export const MIN_REGION_BYTES = MIN_BLOCKS * REGION_BLOCK_BYTES;

/** Blocks in a row whose entropy is that of random bytes. */
export interface Region {
  readonly offset: number;
  readonly sizeBytes: number;
  /** The lowest entropy of its blocks. */
  readonly lowest: number;
}

/** Returns the longest region, the first of equal ones; `undefined` if there is none. */
export function findRegion({ blocks, offsetOf }: Measurement): Region | undefined {
  let longest: { readonly first: number; readonly end: number } | undefined;
  for (let first = 0; first < blocks.length; first++) {
    let end = first;
    while (end < blocks.length && blocks[end]! >= MIN_ENTROPY) end++;
    if (end - first >= MIN_BLOCKS && !(longest && end - first <= longest.end - longest.first)) {
      longest = { first, end };
    }
    first = end;
  }
  if (!longest) return undefined;
  const offset = offsetOf(longest.first);
  return {
    offset,
    sizeBytes: offsetOf(longest.end - 1) + REGION_BLOCK_BYTES - offset,
    lowest: blocks.subarray(longest.first, longest.end).reduce((one, other) => Math.min(one, other)),
  };
}
