/**
 * Mutations of bytes.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** Largest mutated input, in bytes. */
export const MAX_INPUT_BYTES = 4_000_000;
/** Most mutations of one input. */
const MAX_MUTATIONS = 4;
const MAX_FLIPS = 16;

/** Bytes after mutations, and which these were. */
export interface Mutant {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly mutations: readonly string[];
}

type Mutation = (content: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** Returns numbers at which parsers break: at the edges of integers, and around the length of the whole. */
function edges(sizeBytes: number): readonly bigint[] {
  const own = BigInt(sizeBytes);
  const powers = [7n, 8n, 15n, 16n, 31n, 32n, 62n, 63n].flatMap((bits) => [2n ** bits - 1n, 2n ** bits]);
  return [0n, 1n, -1n, own, own - 1n, own + 1n, ...powers];
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "flip bits": (content, random) => {
    const changed = content.slice();
    for (let count = 1 + random.below(MAX_FLIPS); count > 0 && content.length > 0; count--) {
      changed[random.below(content.length)]! ^= 1 << random.below(8);
    }
    return changed;
  },
  "truncate": (content, random) => content.slice(0, random.below(content.length)),
  "cut the start": (content, random) => content.slice(random.below(content.length)),
  "splice": (content, random, other) =>
    joined(content.subarray(0, random.below(content.length)), other.subarray(random.below(other.length))),
  "append": (content, _random, other) => joined(content, other),
  "insert": (content, random, other) => {
    const at = random.below(content.length);
    const [start, end] = block(other, random);
    return joined(content.subarray(0, at), other.subarray(start, end), content.subarray(at));
  },
  "overwrite a length": (content, random) => {
    const changed = content.slice();
    const width = random.pick([1, 2, 4, 8]);
    if (content.length < width) return changed;
    const view = new DataView(changed.buffer, random.below(content.length - width + 1), width);
    const value = BigInt.asUintN(64, random.pick(edges(content.length)));
    const bytes = Array.from({ length: width }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
    if (random.below(2) === 1) bytes.reverse();
    bytes.forEach((byte, index) => view.setUint8(index, byte));
    return changed;
  },
  "repeat a block": (content, random) => {
    const [start, end] = block(content, random);
    const copies = Array<Uint8Array>(1 + random.below(64)).fill(content.subarray(start, end));
    return joined(content.subarray(0, end), ...copies, content.subarray(end));
  },
  "remove a block": (content, random) => {
    const [start, end] = block(content, random);
    return joined(content.subarray(0, start), content.subarray(end));
  },
  "swap the ends": (content, random) => {
    const at = random.below(content.length);
    return joined(content.subarray(at), content.subarray(0, at));
  },
};

/** Mutates `content` one to four times; parts of `other` are spliced in. The result has at most {@linkcode MAX_INPUT_BYTES}. */
export function mutate(content: Uint8Array, other: Uint8Array, random: Random): Mutant {
  const names = Array.from(
    { length: 1 + random.below(MAX_MUTATIONS) },
    () => random.pick(Object.keys(MUTATIONS)),
  );
  const changed = names.reduce(
    (bytes, name) => MUTATIONS[name]!(bytes, random, other).subarray(0, MAX_INPUT_BYTES),
    content,
  );
  return { content: new Uint8Array(changed), mutations: names };
}

/** Returns a part of at most 4,096 bytes. */
function block(content: Uint8Array, random: Random): [start: number, end: number] {
  const start = random.below(content.length);
  return [start, Math.min(content.length, start + 1 + random.below(4096))];
}

/** Returns parts as one. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
