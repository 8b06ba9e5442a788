/**
 * Detects plugins that compute outside of a call: timers and threads that they started outlive it.
 *
 * @module
 */

/** Interval of checks, in milliseconds. */
const WATCH_MS = 1_000;
/** Share of one processor that idle threads may use. It is less than 1 because a loop on a loaded machine does not get a whole processor. */
const MOST_TAKEN = 0.25;
/** Consecutive busy checks that are too many: garbage collection and compilation continue for a while after a call. */
const MAX_BUSY_CHECKS = 2;

/** Processor time of all threads since the process started, in microseconds. */
type CpuUsage = () => { readonly user: number; readonly system: number };

/** Watches the processor time of the process. */
export class IdleWatch {
  readonly #isIdle: () => boolean;
  readonly #onBusy: () => void;
  #cpuUsage: CpuUsage | undefined;
  /** The last check, if no plugin was called since. */
  #last: { readonly atMs: number; readonly takenMs: number } | undefined;
  #busyChecks = 0;

  /** @param onBusy called when threads were busy for a while although no plugin was called */
  constructor(isIdle: () => boolean, onBusy: () => void) {
    this.#isIdle = isIdle;
    this.#onBusy = onBusy;
    setInterval(() => this.#check(), WATCH_MS);
  }

  /** Starts over, because a plugin is called. */
  reset(): void {
    this.#last = undefined;
    this.#busyChecks = 0;
  }

  async #check(): Promise<void> {
    if (!this.#isIdle()) return this.reset();
    // Loaded late: most runners end before they are idle for the first time.
    if (!this.#cpuUsage) {
      const { default: process } = await import("node:process");
      this.#cpuUsage = () => process.cpuUsage();
      return;
    }
    const { user, system } = this.#cpuUsage();
    const now = { atMs: performance.now(), takenMs: (user + system) / 1_000 };
    const last = this.#last;
    this.#last = now;
    const isBusy = last && now.takenMs - last.takenMs > (now.atMs - last.atMs) * MOST_TAKEN;
    this.#busyChecks = isBusy ? this.#busyChecks + 1 : 0;
    if (this.#busyChecks >= MAX_BUSY_CHECKS) this.#onBusy();
  }
}
