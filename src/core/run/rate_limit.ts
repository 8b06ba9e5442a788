/**
 * Keeping a distance between scans.
 *
 * @module
 */

import type { Clock } from "../ports/plugin_host.ts";

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600 };

/**
 * Reads `count/seconds` as stoQ writes it (`2/1`), or with a unit (`10/s`, `100/min`, `5/h`): the milliseconds from one scan to the next.
 *
 * @throws {RangeError} for anything else
 */
export function parseRate(text: string): number {
  const [, count, per = ""] = /^(\d+)\/(\d+(?:\.\d+)?|s|m|min|h)$/.exec(text) ?? [];
  const intervalMs = (UNIT_SECONDS[per] ?? Number(per)) * 1000 / Number(count);
  if (Number.isFinite(intervalMs) && intervalMs > 0) return intervalMs;
  throw new RangeError(
    `A rate limit must be COUNT/SECONDS, COUNT/s, COUNT/min or COUNT/h, got ${JSON.stringify(text)}`,
  );
}

/** Lets one caller after the other go, at the rate that each asks for. */
export class RateLimiter {
  readonly #clock: Clock;
  #nextMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits until the next scan may start. @throws the signal's reason when it is aborted before */
  async wait(intervalMs: number, signal?: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    const turnMs = Math.max(now, this.#nextMs);
    this.#nextMs = turnMs + intervalMs;
    if (turnMs <= now) return;
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#clock.after(turnMs - now, resolve);
      signal?.addEventListener("abort", () => {
        cancel();
        reject(signal.reason);
      }, { once: true });
    });
  }
}
