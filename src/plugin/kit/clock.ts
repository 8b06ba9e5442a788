/**
 * Time, in a form that a test can replace, for providers that wait.
 *
 * @module
 */

/** Monotonic milliseconds, and timers. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Calls `onTime` once after `delayMs`; the function that is returned cancels it. */
  startTimer(delayMs: number, onTime: () => void): () => void;
}

/** The system's clock. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  startTimer(delayMs, onTime) {
    const timer = setTimeout(onTime, delayMs);
    return () => clearTimeout(timer);
  },
};

/** The longest delay that timers keep: 2^31 - 1 milliseconds. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Lets one loop sleep until a time or until it is woken. */
export class Sleeper {
  readonly #clock: Clock;
  #isWoken = false;
  #end: (() => void) | undefined;

  /** Takes the clock that decides when to wake. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the sleep, or the next one if the loop is awake. */
  wake(): void {
    this.#isWoken = true;
    this.#end?.();
  }

  /** Sleeps until the clock shows `untilMs`, which may be `Infinity`, or until it is woken. */
  async sleep(untilMs: number): Promise<void> {
    if (!this.#isWoken) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const delayMs = Math.min(Math.max(0, untilMs - this.#clock.now()), MAX_DELAY_MS);
      const cancel = untilMs === Infinity ? () => {} : this.#clock.startTimer(delayMs, resolve);
      this.#end = resolve;
      await promise;
      cancel();
      this.#end = undefined;
    }
    this.#isWoken = false;
  }
}
