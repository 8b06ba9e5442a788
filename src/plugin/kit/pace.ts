/**
 * Chooses whether a call on the file system is made at once or on a thread.
 *
 * @module
 */

/** A call that took longer was not answered from memory. */
const SLOW_MS = 2;

/** How many calls are made on threads after a slow one. */
const CALLS_AFTER_SLOW = 256;

/** Longest time for which calls may follow one another without letting timers and signals run. */
const TURN_MS = 20;

/** Reading or writing more at once takes longer than using a thread. */
const MAX_BYTES_AT_ONCE = 1_000_000;

/**
 * Chooses between the two forms of a file system's calls. The system's memory answers in 5 to 20 µs (measured on Linux), and a
 * thread costs 50 to 100 µs more. A disk or a network takes milliseconds, during which the process could do nothing else. So calls
 * are synchronous as long as they are answered quickly.
 */
export class Pace {
  #callsOnThreads: number;
  #lastTurnMs = 0;

  /** @param callsOnThreads how many calls go to threads before the first is made at once */
  constructor(callsOnThreads = 0) {
    this.#callsOnThreads = callsOnThreads;
  }

  /** Whether the last calls were answered quickly, so that opening files ahead gains nothing. */
  get isAtOnce(): boolean {
    return this.#callsOnThreads === 0;
  }

  /** Makes a call in one of its forms; `sizeBytes` is how much it reads or writes. The caller awaits the result in any case. */
  call<T>(atOnce: () => T, onThread: () => Promise<T>, sizeBytes = 0): T | Promise<T> {
    const start = performance.now();
    if (this.#callsOnThreads > 0 || sizeBytes > MAX_BYTES_AT_ONCE || start - this.#lastTurnMs >= TURN_MS) {
      this.#callsOnThreads = Math.max(0, this.#callsOnThreads - 1);
      this.#lastTurnMs = start;
      return onThread();
    }
    try {
      return atOnce();
    } finally {
      if (performance.now() - start >= SLOW_MS) this.#callsOnThreads = CALLS_AFTER_SLOW;
    }
  }
}
