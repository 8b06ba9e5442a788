/**
 * Time, in a form that a test can replace.
 *
 * @module
 */

/** Monotonic milliseconds, and timers. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Calls `ring` once after `delayMs`; the function that comes back calls it off. */
  startTimer(delayMs: number, ring: () => void): () => void;
}

/** The system's clock. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  startTimer(delayMs, ring) {
    const timer = setTimeout(ring, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Lets one loop sleep until a time has come or somebody rings. */
export class Bell {
  readonly #clock: Clock;
  #isRung = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the sleep, or the next one when nobody sleeps. */
  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  /** Sleeps until the clock shows `untilMs` or somebody rings. */
  async sleep(untilMs: number): Promise<void> {
    if (!this.#isRung) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const callOff = this.#clock.startTimer(Math.max(0, untilMs - this.#clock.now()), resolve);
      this.#wake = resolve;
      await promise;
      callOff();
      this.#wake = undefined;
    }
    this.#isRung = false;
  }
}
