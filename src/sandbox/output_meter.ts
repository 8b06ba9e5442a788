/**
 * Limits how much a runner's process prints beside its frames.
 *
 * @module
 */

/** Counts bytes since the last reset. During a provider's stream it resets itself after each window of time. */
export class OutputMeter {
  readonly #maxBytes: number;
  readonly #now: () => number;
  #windowMs = Infinity;
  #bytes = 0;
  #sinceMs = 0;

  /** @param maxBytes limit between two resets */
  constructor(maxBytes: number, now: () => number = () => performance.now()) {
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  /** Bytes since the last reset. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Resets the count. @param windowMs time after which it resets itself */
  begin(windowMs = Infinity): void {
    this.#windowMs = windowMs;
    this.#bytes = 0;
    this.#sinceMs = this.#now();
  }

  /** Adds bytes, and returns whether the limit is exceeded. */
  add(bytes: number): boolean {
    if (this.#now() - this.#sinceMs > this.#windowMs) this.begin(this.#windowMs);
    this.#bytes += bytes;
    return this.#bytes > this.#maxBytes;
  }
}
