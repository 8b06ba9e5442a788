/**
 * Notices that nothing has moved for a while.
 *
 * @module
 */

import type { Clock } from "./plugin_host.ts";

/** Looks from time to time, so that what moves pays for a counter and not for a timer. */
export class StallWatch {
  readonly #clock: Clock;
  readonly #afterMs: number;
  readonly #onStall: () => void;
  #moves = 0;
  #cancel: (() => void) | undefined;

  /** @param afterMs shortest time without a move that counts as a stall, not 0; it is noticed before twice that time is over */
  constructor(clock: Clock, afterMs: number, onStall: () => void) {
    this.#clock = clock;
    this.#afterMs = afterMs;
    this.#onStall = onStall;
  }

  /** Something moved. */
  moved(): void {
    this.#moves++;
    if (this.#cancel === undefined && Number.isFinite(this.#afterMs)) this.#look();
  }

  stop(): void {
    this.#cancel?.();
  }

  #look(): void {
    const seen = this.#moves;
    this.#cancel = this.#clock.after(this.#afterMs, () => {
      if (this.#moves === seen) this.#onStall();
      this.#look();
    });
  }
}
