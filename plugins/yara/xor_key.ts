/**
 * Finds the key with which a string was XORed, from what the rule says the string reads in plain.
 *
 * A rule says so in its metadata: `xor_plaintext_for_string_<id>` is the plain text of `$<id>`.
 *
 * @module
 */

import type { RuleMatch, StringHit } from "./engine.ts";

const PLAINTEXT = /^xor_plaintext_for_string_(.+)$/;

/** A key and the hit that gave it away. */
export interface XorKey {
  readonly offset: number;
  readonly identifier: string;
  /** At least one byte, not all zero. */
  readonly key: readonly number[];
}

/** The keys that the hits of a match give away, by metadata entry, then by hit. */
export function* findXorKeys(match: RuleMatch, content: Uint8Array): Generator<XorKey> {
  for (const [name, value] of new Map(match.meta)) {
    const id = PLAINTEXT.exec(name)?.[1];
    const plaintext = typeof value === "string" ? new TextEncoder().encode(value) : value;
    if (id === undefined || !(plaintext instanceof Uint8Array) || plaintext.length === 0) continue;
    for (const hit of match.strings) {
      if (hit.identifier !== `$${id}`) continue;
      const key = keyOf(hit, plaintext, content);
      if (key) yield { offset: hit.offset, identifier: hit.identifier, key };
    }
  }
}

function keyOf(hit: StringHit, plaintext: Uint8Array, content: Uint8Array): readonly number[] | undefined {
  const key = hit.length === plaintext.length
    ? shortestPeriod(plaintext.map((byte, i) => byte ^ content[hit.offset + i]!))
    : hit.xorKey === undefined
    ? undefined
    : [hit.xorKey];
  // A key of zeros means that the text is there in plain: there is nothing to decode.
  return key?.some((byte) => byte !== 0) ? key : undefined;
}

/**
 * The shortest prefix that, repeated, gives the whole; `undefined` when that is only the whole itself, for then
 * nothing says that the key ends there.
 */
function shortestPeriod(stream: Uint8Array): number[] | undefined {
  // The failure function of Knuth, Morris and Pratt: a rule may hold a long text, and meet many hits.
  const border = new Uint32Array(stream.length);
  for (let i = 1, length = 0; i < stream.length; i++) {
    while (length > 0 && stream[i] !== stream[length]) length = border[length - 1]!;
    if (stream[i] === stream[length]) length++;
    border[i] = length;
  }
  const period = stream.length - border[stream.length - 1]!;
  return period < stream.length ? Array.from(stream.subarray(0, period)) : undefined;
}
