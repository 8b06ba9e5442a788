/**
 * Notices that nothing has moved in a request for a while, and that its time is up.
 *
 * @module
 */

import type { Clock } from "./plugin_host.ts";

/** What is watched, in milliseconds; `Infinity` where it does not matter. */
export interface WatchedTimes {
  /** Shortest time without a move that counts as a stall, not 0; it is noticed before twice that time is over. */
  readonly stallMs: number;
  /** Time for the whole request. */
  readonly timeoutMs: number;
}

/** Who is watched, and told. */
export interface Watched {
  /** Grows with each step. No getter: what one in an object literal refers to outlives many a collection of garbage. */
  moves(): number;
  onStall(): void;
  onTimeout(): void;
}

/** Looks from time to time. One timer for all: for a small request setting a timer is a good part of the work. */
export class RequestWatch implements Disposable {
  readonly #clock: Clock;
  readonly #stallMs: number;
  readonly #endMs: number;
  readonly #watched: Watched;
  #cancel: (() => void) | undefined;

  /** Starts to watch. */
  constructor(clock: Clock, { stallMs, timeoutMs }: WatchedTimes, watched: Watched) {
    this.#clock = clock;
    this.#stallMs = stallMs;
    this.#watched = watched;
    this.#endMs = clock.now() + timeoutMs;
    this.#look();
  }

  [Symbol.dispose](): void {
    this.#cancel?.();
  }

  #look(): void {
    const waitMs = Math.min(this.#stallMs, this.#endMs - this.#clock.now());
    const moves = this.#watched.moves();
    this.#cancel = this.#clock.after(waitMs, () => {
      if (this.#clock.now() >= this.#endMs) return this.#watched.onTimeout();
      if (this.#watched.moves() === moves && waitMs === this.#stallMs) this.#watched.onStall();
      this.#look();
    });
  }
}
