/**
 * A limit that several holders share: when they hold more than it together, the largest are cut first, from the tail.
 *
 * @module
 */

/** What one holder keeps. */
export interface Share {
  /** How many of its first parts; falls as others are added, and never rises. */
  readonly kept: number;
}

/** Receives the number of parts that are kept each time it falls. */
export type OnCut = (kept: number) => void;

class Holder implements Share {
  readonly order: number;
  readonly parts: ArrayLike<number>;
  readonly onCut: OnCut;
  kept: number;
  /** All parts that are kept together. */
  sum: number;

  constructor(order: number, parts: ArrayLike<number>, onCut: OnCut) {
    this.order = order;
    this.parts = parts;
    this.onCut = onCut;
    this.kept = parts.length;
    this.sum = 0;
    for (let index = 0; index < parts.length; index++) this.sum += parts[index]!;
  }

  /** Whether this holder is cut before another one: it holds more, or as much and comes later. */
  isCutBefore(other: Holder): boolean {
    return this.sum > other.sum || (this.sum === other.sum && this.order > other.order);
  }
}

/**
 * Shares a limit among holders, in whichever order they are added.
 *
 * While all parts together exceed the limit, the holder that holds most loses its last part. So no holder loses anything while another
 * one holds more than it held. What is left depends on the sizes of the parts and on the holders' numbers, not on when they were added:
 * sorted by what its holder has up to and with it, the parts that are kept are the longest beginning that fits.
 */
export class FairLimit {
  readonly #limit: number;
  /** A heap: each holder is cut before those at twice its place and one and two behind that. */
  readonly #holders: Holder[] = [];
  #total = 0;

  /** @param limit of all parts that are kept together, inclusive */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** All parts that are kept, together. */
  get total(): number {
    return this.#total;
  }

  /**
   * Adds a holder with all its parts, then cuts what exceeds the limit, from this holder or from others.
   *
   * @param order number of the holder; of two that hold as much the one with the higher number is cut first
   */
  add(order: number, parts: ArrayLike<number>, onCut: OnCut = () => {}): Share {
    const holder = new Holder(order, parts, onCut);
    if (holder.kept === 0) return holder;
    this.#total += holder.sum;
    this.#holders.push(holder);
    this.#rise(this.#holders.length - 1);
    while (this.#total > this.#limit && this.#holders.length > 0) this.#cutLargest();
    return holder;
  }

  #cutLargest(): void {
    const largest = this.#holders[0]!;
    const part = largest.parts[--largest.kept]!;
    largest.sum -= part;
    this.#total -= part;
    if (largest.kept === 0) {
      const last = this.#holders.pop()!;
      if (last !== largest) this.#holders[0] = last;
    }
    this.#sink();
    largest.onCut(largest.kept);
  }

  #rise(at: number): void {
    const holders = this.#holders;
    const holder = holders[at]!;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!holder.isCutBefore(holders[above]!)) break;
      holders[at] = holders[above]!;
      at = above;
    }
    holders[at] = holder;
  }

  #sink(): void {
    const holders = this.#holders;
    const holder = holders[0];
    if (!holder) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= holders.length) break;
      if (below + 1 < holders.length && holders[below + 1]!.isCutBefore(holders[below]!)) below++;
      if (!holders[below]!.isCutBefore(holder)) break;
      holders[at] = holders[below]!;
      at = below;
    }
    holders[at] = holder;
  }
}
