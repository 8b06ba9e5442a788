/**
 * Counts how many of several conditions are true, when some are not known.
 *
 * @module
 */

import { EITHER, FALSE, type Possible, TRUE, UNDEFINED } from "./possible.ts";

/** `any`, `all`, `none`, or how many; zero means none, and less than that any, as in YARA-X. */
export type Required = "any" | "all" | "none" | number;

/** Counts conditions one after another. Undefined counts as false. */
export class Tally {
  readonly #kind: "any" | "all" | "none" | "count";
  readonly #required: number;
  #seen = 0;
  #certain = 0;
  #possible = 0;

  constructor(required: Required) {
    const isCount = typeof required === "number" && required > 0;
    this.#required = isCount ? required : 1;
    this.#kind = isCount ? "count" : kindOf(required);
  }

  /** Counts a condition; true: further conditions can't change the result. */
  add(value: Possible): boolean {
    this.#seen++;
    if (value & TRUE) {
      this.#possible++;
      if (value === TRUE) this.#certain++;
    }
    return this.#kind === "all" ? this.#possible < this.#seen : this.#certain >= this.#required;
  }

  /** Whether the engine certainly evaluates the next condition: the ones before could not end its loop. */
  get isCertainlyRunning(): boolean {
    return this.#kind === "all" ? this.#certain === this.#seen : this.#possible < this.#required;
  }

  /** Returns the result of the counted conditions, when there are no more. */
  get result(): Possible {
    const canReach = this.#kind === "all" ? this.#possible === this.#seen : this.#possible >= this.#required;
    const canMiss = this.#kind === "all" ? this.#certain < this.#seen : this.#certain < this.#required;
    const isReached = (canReach ? TRUE : 0) | (canMiss ? FALSE : 0);
    return this.#kind !== "none" || isReached === EITHER ? isReached : EITHER & ~isReached;
  }
}

function kindOf(required: Required): "any" | "all" | "none" {
  if (typeof required === "string") return required;
  return required === 0 ? "none" : "any";
}

/**
 * Returns the tally of conditions that are evaluated one by one: the first undefined one makes the whole undefined, unless the
 * loop ends before.
 */
export function tallyStrictly(required: Required, count: number, valueAt: (i: number) => Possible): Possible {
  const tally = new Tally(required);
  let undefinedBit = 0;
  for (let i = 0; i < count; i++) {
    const value = valueAt(i);
    if (value & UNDEFINED) {
      undefinedBit = UNDEFINED;
      if (value === UNDEFINED && tally.isCertainlyRunning) return UNDEFINED;
    }
    if (tally.add(value)) break;
  }
  return tally.result | undefinedBit;
}
