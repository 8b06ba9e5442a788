/**
 * Random choices that a seed repeats.
 *
 * @module
 */

/** A generator (SplitMix32); the same seed and label give the same choices. */
export class Random {
  #state: number;

  constructor(readonly seed: number, label = "") {
    this.#state = seed >>> 0;
    for (let i = 0; i < label.length; i++) {
      this.#state = Math.imul(this.#state ^ label.charCodeAt(i), 0x01000193) >>> 0;
    }
  }

  /** Any number of 32 bits. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** A whole number, both ends included; `from` where the range is empty. */
  int(from: number, to: number): number {
    return to <= from ? from : from + Math.floor((this.next() / 0x1_0000_0000) * (to - from + 1));
  }

  /** Whether something that happens once in `outOf` times happens now. */
  isOnceIn(outOf: number): boolean {
    return this.int(1, outOf) === 1;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!;
  }

  /** Bytes, each of them one of `alphabet`; default: any. */
  bytes(length: number, alphabet?: Uint8Array): Uint8Array {
    return Uint8Array.from({ length }, () => {
      const number = this.next() >>> 8;
      return alphabet ? alphabet[number % alphabet.length]! : number & 0xff;
    });
  }

  /** A copy in another order. */
  shuffle<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [copy[i], copy[j]] = [copy[j]!, copy[i]!];
    }
    return copy;
  }
}
