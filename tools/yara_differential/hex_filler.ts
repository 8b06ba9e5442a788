/**
 * Bytes for a hex string.
 *
 * @module
 */

import type { HexToken } from "../../src/yara/mod.ts";
import type { Random } from "./random.ts";

/** Longest filling of a jump without an end. */
const MAX_OPEN_JUMP_BYTES = 300;
/** Longest bytes for one pattern. */
export const MAX_FILLED_BYTES = 65_536;

/** Bytes that a hex string matches; with `isStrange` some jumps are one too short or one too long. */
export function fillHex(random: Random, parts: readonly HexToken[], isStrange: boolean): Uint8Array {
  const bytes: number[] = [];
  append(random, parts, isStrange, bytes);
  return Uint8Array.from(bytes);
}

function append(random: Random, parts: readonly HexToken[], isStrange: boolean, bytes: number[]): void {
  for (const part of parts) {
    if (bytes.length >= MAX_FILLED_BYTES) return;
    if (part.kind === "byte") bytes.push(fillByte(random, part));
    else if (part.kind === "alternatives") append(random, random.pick(part.branches), isStrange, bytes);
    else for (const byte of random.bytes(jumpLength(random, part, isStrange))) bytes.push(byte);
  }
}

function fillByte(random: Random, { value, mask, isNegated }: Extract<HexToken, { kind: "byte" }>): number {
  const byte = (value & mask) | (random.int(0, 255) & ~mask);
  return isNegated && mask !== 0 ? byte ^ (mask & (mask === 0xff ? random.int(1, 255) : 0x11)) : byte;
}

function jumpLength(
  random: Random,
  { from, to = from + MAX_OPEN_JUMP_BYTES }: Extract<HexToken, { kind: "jump" }>,
  isStrange: boolean,
): number {
  const lengths = [from, to, random.int(from, to)];
  if (isStrange) lengths.push(Math.max(0, from - 1), to + 1);
  return Math.min(random.pick(lengths), MAX_FILLED_BYTES);
}
