/**
 * The choice of atoms: which four bytes of a run are rarest in files, by a static model.
 *
 * @module
 */

/** Bytes of an atom at most. */
export const MAX_ATOM_BYTES = 4;

/** Most windows of a run that are examined: later ones of a long text are no better. */
export const MAX_ATOM_WINDOWS = 96;

/** A window of a run. */
export interface Atom {
  readonly offset: number;
  /** 1 to 4. */
  readonly length: number;
  /** How rare it is, about 3 for each bit; only for comparisons. */
  readonly score: number;
}

const GROUPS: readonly (readonly [score: number, bytes: string])[] = [
  [7, "etaoinsrld_./"],
  [1, "\x00"],
  [3, "\xff"],
  [4, " \x90\xcc"],
  [6, "\x01\x02\x03\x04\x08\x0a\x0d\x10\x40\x80\x48\x8b\x89\xc0\xe8\x83\x24"],
];

const RARITY = rarities();

function rarities(): Uint8Array {
  const table = new Uint8Array(256).fill(12);
  table.fill(9, 0x30, 0x3a);
  table.fill(9, 0x61, 0x7b);
  table.fill(10, 0x41, 0x5b);
  for (const [score, bytes] of GROUPS) {
    for (let i = 0; i < bytes.length; i++) table[bytes.charCodeAt(i)] = score;
  }
  return table;
}

/** The best window of a run, or nothing where no byte counts in full. */
export function bestAtom(bytes: Uint8Array, mask?: Uint8Array): Atom | undefined {
  let bestScore = -1;
  let bestOffset = 0;
  let bestLength = 0;
  let windows = 0;
  for (let at = 0; at < bytes.length && windows < MAX_ATOM_WINDOWS; at++) {
    if (mask && mask[at] !== 0xff) continue;
    windows++;
    const length = windowLength(bytes, mask, at);
    const score = scoreOf(bytes, at, length);
    if (score > bestScore || (score === bestScore && length > bestLength)) {
      bestScore = score;
      bestOffset = at;
      bestLength = length;
    }
  }
  return bestLength === 0 ? undefined : { offset: bestOffset, length: bestLength, score: bestScore };
}

function windowLength(bytes: Uint8Array, mask: Uint8Array | undefined, at: number): number {
  const most = Math.min(MAX_ATOM_BYTES, bytes.length - at);
  if (!mask) return most;
  let length = 1;
  while (length < most && mask[at + length] === 0xff) length++;
  return length;
}

// A repeated byte adds little: files are full of repetitions.
function scoreOf(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at]!;
  let score = RARITY[first]!;
  if (length === 1) return score;
  const second = bytes[at + 1]!;
  score += second === first ? 1 : RARITY[second]!;
  if (length === 2) return score;
  const third = bytes[at + 2]!;
  score += third === first || third === second ? 1 : RARITY[third]!;
  if (length === 3) return score;
  const fourth = bytes[at + 3]!;
  return score + (fourth === first || fourth === second || fourth === third ? 1 : RARITY[fourth]!);
}
