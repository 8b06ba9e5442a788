/**
 * Numbers patterns as they come, equal ones alike.
 *
 * @module
 */

import { PatternKey } from "../forms/mod.ts";
import type { PatternSyntax } from "../syntax.ts";

/**
 * Places that are looked at for an equal pattern. Nothing but speed is lost where one is missed, and rules that are made
 * for it could have all their patterns at one place.
 */
const MAX_PROBES = 32;
const FIRST_SLOTS = 1 << 14;
const FIRST_KEY_BYTES = 1 << 20;

/** A table of keys by their hashes. */
export class PatternNumbers {
  readonly #key = new PatternKey();
  /** Keys of all patterns, one behind the other. */
  #keys = new Uint8Array(FIRST_KEY_BYTES);
  /** Where the key of each pattern begins, and the next one's. */
  readonly #keyStarts = [0];
  readonly #hashes: number[] = [];
  /** Number of a pattern plus one, at its hash or behind it. */
  #slots = new Uint32Array(FIRST_SLOTS);

  /** The number of a pattern, the next one where it is new; `anchoredAt` as in {@linkcode PatternKey.write}. */
  numberOf(pattern: PatternSyntax, anchoredAt: number | undefined): number {
    this.#key.write(pattern, anchoredAt);
    const hash = hashOf(this.#key.bytes, this.#key.length);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let probe = 0; probe < MAX_PROBES && this.#slots[slot] !== 0; probe++, slot = slot + 1 & mask) {
      const known = this.#slots[slot]! - 1;
      if (this.#hashes[known] === hash && this.#hasKey(known)) return known;
    }
    const number = this.#hashes.push(hash) - 1;
    this.#keepKey();
    if (this.#slots[slot] === 0) this.#slots[slot] = number + 1;
    if (number * 2 > this.#slots.length) this.#growSlots();
    return number;
  }

  #hasKey(number: number): boolean {
    const { bytes, length } = this.#key;
    const start = this.#keyStarts[number]!;
    if (this.#keyStarts[number + 1]! - start !== length) return false;
    const keys = this.#keys;
    for (let at = 0; at < length; at++) if (keys[start + at] !== bytes[at]) return false;
    return true;
  }

  #keepKey(): void {
    const { bytes, length } = this.#key;
    const start = this.#keyStarts.at(-1)!;
    if (start + length > this.#keys.length) {
      const larger = new Uint8Array(Math.max(this.#keys.length * 2, start + length));
      larger.set(this.#keys);
      this.#keys = larger;
    }
    const keys = this.#keys;
    for (let at = 0; at < length; at++) keys[start + at] = bytes[at]!;
    this.#keyStarts.push(start + length);
  }

  #growSlots(): void {
    const slots = new Uint32Array(this.#slots.length * 4);
    for (const [number, hash] of this.#hashes.entries()) {
      let slot = hash & slots.length - 1;
      for (let probe = 0; probe < MAX_PROBES && slots[slot] !== 0; probe++) {
        slot = slot + 1 & slots.length - 1;
      }
      if (slots[slot] === 0) slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

/** FNV-1a, its high bits mixed into the low ones. */
function hashOf(bytes: Uint8Array, length: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return (hash ^ hash >>> 15) >>> 0;
}
