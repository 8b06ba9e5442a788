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
}

/** Bytes that the windows of all places of a stride take up. */
export const LONG_SPAN = LONG_WIDTH + LONG_STRIDE - 1;
/** Windows later in a form are looked at only when there is none before: compiling must not take long. */
const RATED_BYTES_MAX = 192;

/** Stream → byte → rarity in quarters of bits. */
const RARITY: { readonly [stream: number]: Uint8Array } = {
  [STREAM_FOLDED]: foldedRarity(),
  [STREAM_XORED]: Uint8Array.from({ length: 256 }, (_, byte) => byte === 0 ? 6 : byte < 128 ? 26 : 30),
};
const REPEATED_RARITY = 3;
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

/** Chooses the window of `bytes`, as they are in the stream, of which `mask` says the bits that are known. */
export function chooseWindow(
  bytes: Uint8Array,
  mask: Uint8Array | undefined,
  stream: number,
  window: Window,
): void {
  const span = longestSolid(bytes.length, mask);
  if (span >= LONG_SPAN) rarest(bytes, mask, stream, LONG_SPAN, window);
  else if (span > 0) rarest(bytes, mask, stream, Math.min(span, 4), window);
  window.width = span >= LONG_SPAN ? LONG_WIDTH : Math.min(span, 4);
}

function longestSolid(length: number, mask: Uint8Array | undefined): number {
  if (!mask) return length;
  let longest = 0;
  for (let at = 0, solid = 0; at < length && longest < LONG_SPAN; at++) {
    solid = mask[at] === 0xff ? solid + 1 : 0;
    if (solid > longest) longest = solid;
  }
  return longest;
}

function rarest(
  bytes: Uint8Array,
  mask: Uint8Array | undefined,
  stream: number,
  span: number,
  window: Window,
): void {
  const rarity = RARITY[stream]!;
  let best = -1;
  let sum = 0;
  let solid = 0;
  for (let at = 0; at < bytes.length && (at < RATED_BYTES_MAX || best < 0); at++) {
    if (mask && mask[at] !== 0xff) {
      solid = sum = 0;
      continue;
    }
    sum += rarityAt(bytes, at, rarity);
    if (++solid > span) sum -= rarityAt(bytes, at - span, rarity);
    if (solid >= span && sum > best) {
      best = sum;
      window.offset = at - span + 1;
    }
  }
}

function rarityAt(bytes: Uint8Array, at: number, rarity: Uint8Array): number {
  const byte = bytes[at]!;
  if (at > 0 && byte === bytes[at - 1]) return REPEATED_RARITY;
  return byte === 0 && at > 1 && bytes[at - 2] === 0 ? ZERO_BETWEEN_RARITY : rarity[byte]!;
}
