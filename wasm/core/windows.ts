/**
 * Which window of a form is looked for: the one that real files are least likely to hold. Files are thought of as bytes
 * that come by their frequency in programs and documents, and that like to be like the one before.
 *
 * @module
 */

import { LONG_STRIDE, LONG_WIDTH, STREAM_FOLDED, STREAM_XORED } from "./layout.ts";

/** A window that was chosen. */
export interface Window {
  /** Bytes from the form's start; of several windows of a stride the first one's. */
  offset: number;
  /** Bytes: `LONG_WIDTH`, or 1 to 4; 0 where the form has none. */
  width: number;
  /** How many windows there are, each a byte after the other. */
  stride: number;
}

/** Windows later in a form are looked at only when there is none before: compiling must not take long. */
const RATED_BYTES_MAX = 192;

/** Stream → byte → rarity in quarters of bits. */
const RARITY: { readonly [stream: number]: Uint8Array } = {
  [STREAM_FOLDED]: foldedRarity(),
  [STREAM_XORED]: Uint8Array.from({ length: 256 }, (_, byte) => byte === 0 ? 6 : byte < 128 ? 26 : 30),
};
/** A window so rare is good enough for the lane of the longest stride: what is more common is mostly zeros. */
const RARE_ENOUGH = 24;
const REPEATED_RARITY = 3;
const REPEATED_ZERO_RARITY = 1;
const ZERO_BETWEEN_RARITY = 2;

function foldedRarity(): Uint8Array {
  const rarity = new Uint8Array(256).fill(34);
  const set = (bytes: string, bits: number) => {
    for (const byte of bytes) rarity[byte.charCodeAt(0)] = bits;
  };
  set("0123456789", 25);
  set("abcdefghijklmnopqrstuvwxyz", 23);
  set("etaoinsr", 19);
  set("jqxz", 27);
  set("./\\-_:,;\"'()<>=\t\r\n", 25);
  set("\x01\x02\x03\x04\x08\x10\x20\x40\x80", 25);
  set(" \xff", 17);
  set("\0", 9);
  return rarity;
}

/**
 * Chooses the window of the first `length` of `bytes`, as they are in the stream, of which `mask` says the bits that are
 * known: one of the greatest stride, for that is the fastest, unless the form has only common ones for it.
 */
export function chooseWindow(
  bytes: Uint8Array,
  length: number,
  mask: Uint8Array | undefined,
  stream: number,
  window: Window,
): void {
  const solid = longestSolid(length, mask);
  window.width = 0;
  let best = -1;
  for (const { width, stride } of LANES) {
    // Of narrower windows only the widest one of the form is considered.
    if (solid < width + stride - 1) continue;
    const rated = rarest(bytes, length, mask, RARITY[stream]!, width, stride);
    if (rated.rarity > best) {
      best = rated.rarity;
      window.offset = rated.offset;
      window.width = width;
      window.stride = stride;
    }
    if (best >= RARE_ENOUGH || stride === 1) return;
  }
}

const LANES = [
  { width: LONG_WIDTH, stride: LONG_STRIDE },
  ...[4, 3, 2, 1].map((width) => ({ width, stride: 1 })),
];
const LONG_SPAN = LONG_WIDTH + LONG_STRIDE - 1;

function longestSolid(length: number, mask: Uint8Array | undefined): number {
  if (!mask) return length;
  let longest = 0;
  for (let at = 0, solid = 0; at < length && longest < LONG_SPAN; at++) {
    solid = mask[at] === 0xff ? solid + 1 : 0;
    if (solid > longest) longest = solid;
  }
  return longest;
}

/** The result of `rarest`, used again and again. */
const rated = { offset: 0, rarity: -1 };
/** The rarities of the last windows and bytes, round and round. */
const lastWindows = new Int32Array(4);
const lastBytes = new Int32Array(LONG_WIDTH);

/** Finds `stride` windows that follow each other of which the most common one is as rare as can be. */
function rarest(
  bytes: Uint8Array,
  length: number,
  mask: Uint8Array | undefined,
  rarity: Uint8Array,
  width: number,
  stride: number,
): typeof rated {
  rated.rarity = -1;
  let sum = 0;
  let solid = 0;
  for (let at = 0; at < length && (at < RATED_BYTES_MAX || rated.rarity < 0); at++) {
    if (mask && mask[at] !== 0xff) {
      solid = sum = 0;
      continue;
    }
    const own = rarityAt(bytes, at, rarity);
    sum += own;
    if (++solid > width) sum -= lastBytes[(at - width) & (LONG_WIDTH - 1)]!;
    lastBytes[at & (LONG_WIDTH - 1)] = own;
    lastWindows[at & 3] = sum;
    if (solid < width + stride - 1) continue;
    let common = sum;
    for (let back = 1; back < stride; back++) common = Math.min(common, lastWindows[at - back & 3]!);
    if (common > rated.rarity) {
      rated.rarity = common;
      rated.offset = at - width - stride + 2;
    }
  }
  return rated;
}

function rarityAt(bytes: Uint8Array, at: number, rarity: Uint8Array): number {
  const byte = bytes[at]!;
  if (at > 0 && byte === bytes[at - 1]) return byte === 0 ? REPEATED_ZERO_RARITY : REPEATED_RARITY;
  return byte === 0 && at > 1 && bytes[at - 2] === 0 ? ZERO_BETWEEN_RARITY : rarity[byte]!;
}
