/**
 * Notices plugins that go on computing when nobody has called them: timers and threads of their own outlive a call.
 *
 * @module
 */

/** Time between two looks, in milliseconds. */
const WATCH_MS = 1_000;
/** Share of one processor that idle threads may take; on a loaded machine a loop does not get a whole one. */
const MOST_TAKEN = 0.25;
/** Looks that must find the same: collecting garbage and compiling go on for a while after a call. */
const MAX_BUSY_CHECKS = 2;

/** Time of all threads on processors since the process began, in microseconds. */
type CpuUsage = () => { readonly user: number; readonly system: number };

/** Watches the time that the process's threads take together. */
export class IdleWatch {
  readonly #isIdle: () => boolean;
  readonly #onBusy: () => void;
  #cpuUsage: CpuUsage | undefined;
  /** The last look, if nothing was asked of a plugin since. */
  #last: { readonly atMs: number; readonly takenMs: number } | undefined;
  #busyChecks = 0;

  /** @param onBusy is told when more was taken for a while in which nothing was asked of a plugin */
  constructor(isIdle: () => boolean, onBusy: () => void) {
    this.#isIdle = isIdle;
    this.#onBusy = onBusy;
    setInterval(() => this.#check(), WATCH_MS);
  }

  /** Something is asked of a plugin. */
  reset(): void {
    this.#last = undefined;
    this.#busyChecks = 0;
  }

  async #check(): Promise<void> {
    if (!this.#isIdle()) return this.reset();
    // Loaded when nobody waits: most runners are gone before they are idle for the first time.
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
