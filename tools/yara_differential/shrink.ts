/**
 * Makes a file in which engines differ smaller, as long as they still differ.
 *
 * @module
 */

/** Says of a candidate whether the difference is still there. */
export type StillDiffers = (bytes: Uint8Array) => Promise<boolean>;

/** Most candidates that are tried for one difference. */
export const MAX_SHRINK_TRIES = 400;
/** Smallest block that is tried in files that stay large. */
const FEWEST_BLOCKS = 2;

/** Leaves blocks out of a file, large ones first, then sets what is left to zero where that changes nothing. */
export async function shrinkFile(bytes: Uint8Array, stillDiffers: StillDiffers): Promise<Uint8Array> {
  const budget = { tries: MAX_SHRINK_TRIES };
  const cut = await withEach(bytes, budget, stillDiffers, withoutBlock);
  return await withEach(cut, budget, stillDiffers, withZeroBlock);
}

/** A file without, or with something else instead of, a block; `undefined` where nothing would change. */
type Change = (bytes: Uint8Array, start: number, end: number) => Uint8Array | undefined;

async function withEach(
  bytes: Uint8Array,
  budget: { tries: number },
  stillDiffers: StillDiffers,
  change: Change,
): Promise<Uint8Array> {
  let current = bytes;
  for (let size = Math.ceil(bytes.length / FEWEST_BLOCKS); size >= 1; size = Math.floor(size / 2)) {
    for (let start = Math.max(0, current.length - size); start >= 0; start -= size) {
      const candidate = change(current, start, Math.min(current.length, start + size));
      if (!candidate) continue;
      if (--budget.tries < 0) return current;
      if (await stillDiffers(candidate)) current = candidate;
    }
  }
  return current;
}

function withoutBlock(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  if (start >= end) return undefined;
  const shorter = new Uint8Array(bytes.length - (end - start));
  shorter.set(bytes.subarray(0, start));
  shorter.set(bytes.subarray(end), start);
  return shorter;
}

function withZeroBlock(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  if (bytes.subarray(start, end).every((byte) => byte === 0)) return undefined;
  const zeroed = bytes.slice();
  zeroed.fill(0, start, end);
  return zeroed;
}
