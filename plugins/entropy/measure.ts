/**
 * Shannon entropy of bytes, in one pass over a payload.
 *
 * @module
 */

/** Entropy of a payload and of its blocks, in bits per byte. */
export interface Measurement {
  /** Of the whole; 0 if it is empty. */
  readonly entropy: number;
  /** Of each block, by its place. */
  readonly blocks: Float64Array;
  /** Returns where a block begins, in bytes. */
  offsetOf(block: number): number;
}

/**
 * Measures a payload and its blocks. All blocks have the same size, since the entropy of fewer bytes is lower: the last one
 * overlaps the one before it if need be, and a payload that is smaller than a block is one block.
 */
export function measure(content: Uint8Array, blockBytes: number): Measurement {
  const sizeBytes = Math.min(blockBytes, content.length);
  const blocks = new Float64Array(sizeBytes === 0 ? 0 : Math.ceil(content.length / sizeBytes));
  const offsetOf = (block: number) => Math.min(block * sizeBytes, content.length - sizeBytes);
  const total = new Uint32Array(256);
  const counts = new Uint32Array(256);
  for (let block = 0; block < blocks.length; block++) {
    const start = offsetOf(block);
    count(content, start, start + sizeBytes, counts);
    blocks[block] = entropyOf(counts, sizeBytes);
    // What the last block shares with the one before it counts once in the whole.
    const newStart = block * sizeBytes;
    if (start < newStart) count(content, newStart, content.length, counts);
    for (let value = 0; value < 256; value++) total[value]! += counts[value]!;
  }
  return { entropy: entropyOf(total, content.length), blocks, offsetOf };
}

/** Counts how often each value occurs between two offsets. */
function count(content: Uint8Array, start: number, end: number, counts: Uint32Array): void {
  counts.fill(0);
  for (let at = start; at < end; at++) counts[content[at]!]!++;
}

/** `n * log2(n)` of the counts of a usual block: a logarithm takes longer than counting. */
const WEIGHTS = Float64Array.from({ length: 4097 }, (_, n) => n === 0 ? 0 : n * Math.log2(n));

function entropyOf(counts: Uint32Array, sizeBytes: number): number {
  if (sizeBytes === 0) return 0;
  let sum = 0;
  for (const n of counts) sum += n < WEIGHTS.length ? WEIGHTS[n]! : n * Math.log2(n);
  // Rounding can make it slightly negative if all bytes are equal.
  return Math.max(0, Math.log2(sizeBytes) - sum / sizeBytes);
}
