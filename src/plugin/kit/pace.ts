/**
 * Chooses whether a call on the file system is made at once or on a thread.
 *
 * @module
 */

/** A call that took longer was no answer from memory. */
const SLOW_MS = 2;

/** How many calls go to threads after a slow one. */
const CALLS_AFTER_SLOW = 256;

/** Longest time for which calls may follow one another without a turn for timers and signals. */
const TURN_MS = 20;

/** Reading and writing more takes longer than handing it to a thread. */
const MAX_BYTES_AT_ONCE = 1_000_000;

/**
 * Chooses between the two forms of a file system's calls. What is in the system's memory is there in 5 to 20 µs, and to have
 * a thread fetch it costs 50 to 100 µs more. A disk or a network takes milliseconds, during which nothing else would be done.
 * So calls are made at once as long as they are answered at once.
 */
export class Pace {
  #callsOnThreads: number;
  #lastTurnMs = 0;

  /** @param callsOnThreads how many calls go to threads before the first is made at once */
  constructor(callsOnThreads = 0) {
    this.#callsOnThreads = callsOnThreads;
  }

  /** Whether the last calls were answered at once, so that nothing is gained by asking ahead. */
  get isAtOnce(): boolean {
    return this.#callsOnThreads === 0;
  }

  /** Makes a call in one of its forms, `sizeBytes` being how much it reads or writes. The caller awaits it in any case. */
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
