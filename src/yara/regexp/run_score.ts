/**
 * Which runs are rare in files, by a static model.
 *
 * @module
 */

import { MIN_RUN_CHARS } from "./limits.ts";
import type { RunText } from "./run_text.ts";

/** Bytes of an atom at most. */
export const MAX_ATOM_BYTES = 4;

const COMMON = new Map<number, number>([
  [0, 1],
  [0xff, 3],
  [0x20, 4],
  ...[..."etaoinsrld_./:\n\r-,"].map((char): [number, number] => [char.charCodeAt(0), 7]),
  ...[1, 2, 3, 4, 8, 0x10, 0x24, 0x40, 0x48, 0x80, 0x83, 0x89, 0x8b, 0x90, 0xc0, 0xcc, 0xe8].map(
    (byte): [number, number] => [byte, 6],
  ),
]);

/** For each byte, and for each under folded case. */
const RARITY = [false, true].map((isFolded) =>
  Uint8Array.from({ length: 256 }, (_, byte) => rarity(byte, isFolded))
);

/** About 3 for each bit of surprise. */
function rarity(byte: number, isFolded: boolean): number {
  const isLetter = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
  const score = COMMON.get(byte) ?? (isLetter || (byte >= 0x30 && byte <= 0x39) ? 9 : 12);
  return isFolded && isLetter ? score - 3 : score;
}

/** Of the rarest window. */
function bestScore(bytes: ArrayLike<number>, isFolded: boolean): number {
  let best = -1;
  for (let offset = 0; offset < bytes.length; offset++) {
    best = Math.max(best, scoreAt(bytes, offset, isFolded));
  }
  return best;
}

/** A repeated byte adds little: files are full of repetitions. */
function scoreAt(bytes: ArrayLike<number>, offset: number, isFolded: boolean): number {
  const end = Math.min(offset + MAX_ATOM_BYTES, bytes.length);
  let score = 0;
  for (let at = offset; at < end; at++) {
    let earlier = offset;
    while (bytes[earlier] !== bytes[at]) earlier++;
    score += earlier < at ? 1 : RARITY[isFolded ? 1 : 0]![bytes[at]!]!;
  }
  return score;
}

/** Points that a list loses when it doubles: twice as many hits are one bit. */
const PENALTY = 3;

/** How good a list of alternatives is: as its worst text, less for each doubling. Nothing where one is too short. */
export function scoreOfTexts(texts: readonly RunText[]): number | undefined {
  let worst = Infinity;
  for (const { bytes, isFolded } of texts) {
    if (bytes.length < MIN_RUN_CHARS) return undefined;
    worst = Math.min(worst, bestScore(bytes, isFolded));
  }
  return worst - PENALTY * Math.log2(texts.length);
}
