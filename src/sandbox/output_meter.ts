/**
 * Bounds what comes out of a runner's process beside its frames.
 *
 * @module
 */

/** Counts bytes from one beginning to the next; while a provider's stream is open it also begins anew from time to time. */
export class OutputMeter {
  readonly #maxBytes: number;
  readonly #now: () => number;
  #windowMs = Infinity;
  #bytes = 0;
  #sinceMs = 0;

  /** @param maxBytes how many may be added between two beginnings */
  constructor(maxBytes: number, now: () => number = () => performance.now()) {
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  /** Bytes since the last beginning. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Begins anew. @param windowMs time after which it begins anew without being asked */
  begin(windowMs = Infinity): void {
    this.#windowMs = windowMs;
    this.#bytes = 0;
    this.#sinceMs = this.#now();
  }

  /** Adds bytes, and returns whether there are too many now. */
  add(bytes: number): boolean {
    if (this.#now() - this.#sinceMs > this.#windowMs) this.begin(this.#windowMs);
    this.#bytes += bytes;
    return this.#bytes > this.#maxBytes;
  }
}
