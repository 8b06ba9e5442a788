/**
 * Runners that plugins share: which call gets which runner, and when another one is started.
 *
 * @module
 */

import type { CallPurpose } from "../core/contract/errors.ts";
import type { Clock } from "../core/ports/plugin_host.ts";
import type { Placement } from "./placement.ts";
import type { PluginLoader } from "./plugin_loader.ts";
import type { Runner } from "./runner.ts";

/** Calls after which a runner is replaced, so that leaks do not add up. */
const MAX_CALLS_PER_RUNNER = 10_000;

/**
 * How long a call waits for a runner in which its plugin is open, while another runner is free: most calls take less time
 * than opening a plugin.
 */
const READY_WAIT_MS = 25;

interface Waiter {
  readonly placement: Placement;
  readonly sinceMs: number;
  readonly resolve: (runner: Runner) => void;
  readonly reject: (reason: unknown) => void;
}

/** A limited number of runners; each is used by one call at a time. */
export class RunnerPool {
  readonly #loader: PluginLoader;
  readonly #size: number;
  readonly #clock: Clock;
  readonly #idle: Runner[] = [];
  /** Runners in use → the plugin that each one was acquired for. */
  readonly #busy = new Map<Runner, string>();
  readonly #waiting: Waiter[] = [];
  #cancelServing = () => {};
  /** Runners whose process has not ended yet. */
  readonly #ending = new Set<Promise<void>>();

  constructor(loader: PluginLoader, size: number, clock: Clock) {
    this.#loader = loader;
    this.#size = size;
    this.#clock = clock;
  }

  /** Loads a plugin in a runner before its first call. @throws {StoqError} when it can't be loaded, {RunnerExit} */
  async open(placement: Placement, role: CallPurpose, signal: AbortSignal): Promise<void> {
    await this.#withLoaded(placement, role, signal, async () => {});
  }

  /** Does something in a runner in which a plugin is open. @throws {StoqError} when it can't be loaded, {RunnerExit}, what the work throws */
  async withOpen<T>(
    placement: Placement,
    role: CallPurpose,
    signal: AbortSignal,
    work: (runner: Runner) => Promise<T>,
  ): Promise<T> {
    return await this.#withLoaded(placement, role, signal, async (runner) => {
      // This runner stays busy: a call that waited for the plugin to be loaded may now load it in another one.
      this.#serve();
      return await work(runner);
    });
  }

  async #withLoaded<T>(
    placement: Placement,
    role: CallPurpose,
    signal: AbortSignal,
    work: (runner: Runner) => Promise<T>,
  ): Promise<T> {
    return await this.#loader.attempt(placement, signal, async (isFirst) => {
      const acquired = await this.#acquire(placement, signal);
      const runner = isFirst ? acquired : this.#freshInstead(acquired, placement);
      try {
        await this.#loader.load(runner, placement, role, signal);
        return await work(runner);
      } finally {
        this.#release(runner);
      }
    });
  }

  /** Waits for a runner for one call, by preference one in which the plugin is ready. */
  async #acquire(placement: Placement, signal: AbortSignal): Promise<Runner> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Runner>();
    const waiter = { placement, sinceMs: this.#clock.now(), resolve, reject };
    this.#waiting.push(waiter);
    const onAbort = () => {
      const index = this.#waiting.indexOf(waiter);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      reject(signal.reason);
      this.#serve();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      this.#serve();
      return await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Returns the runner if no plugin has used it, else a new one in its place. */
  #freshInstead(runner: Runner, placement: Placement): Runner {
    if (runner.plugins.length === 0) return runner;
    this.#retire(runner);
    return this.#start(placement);
  }

  #release(runner: Runner): void {
    if (runner.calls >= MAX_CALLS_PER_RUNNER) this.#retire(runner);
    this.#busy.delete(runner);
    if (runner.isAlive) this.#idle.push(runner);
    else this.#end(runner);
    this.#serve();
  }

  /** Gives free runners to waiting calls, in their order. */
  #serve(): void {
    this.#cancelServing();
    let waitMs = Infinity;
    for (const waiter of [...this.#waiting]) {
      if (this.#idle.length === 0 && !this.#mayStart) return;
      const leftMs = this.#waitLeftMs(waiter);
      if (leftMs > 0) {
        waitMs = Math.min(waitMs, leftMs);
        continue;
      }
      const { placement, resolve, reject } = waiter;
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      try {
        resolve(this.#takeIdle(placement.plugin) ?? this.#start(placement));
      } catch (reason) {
        reject(reason);
      }
    }
    this.#cancelServing = this.#clock.after(waitMs, () => this.#serve());
  }

  /** Ends all runners, and resolves when their processes have ended. */
  async close(): Promise<void> {
    const runners = [...this.#idle, ...this.#busy.keys()];
    this.#idle.length = 0;
    this.#cancelServing();
    for (const runner of runners) this.#end(runner);
    await Promise.all(this.#ending);
  }

  #start(placement: Placement): Runner {
    const runner = this.#loader.start(placement);
    this.#busy.set(runner, placement.plugin);
    return runner;
  }

  get #mayStart(): boolean {
    return this.#busy.size + this.#idle.length < this.#size;
  }

  /** Returns how much longer a call waits for a runner in use although another one is free, in milliseconds. */
  #waitLeftMs({ placement: { plugin }, sinceMs }: Waiter): number {
    if (this.#idle.some((runner) => runner.isReady(plugin))) return 0;
    const inUse = [...this.#busy];
    // Opening the plugin a second time would take as long, and slow the first one down.
    if (inUse.some(([runner, held]) => held === plugin && !runner.isReady(plugin))) return Infinity;
    if (!inUse.some(([runner]) => runner.isReady(plugin))) return 0;
    return Math.max(0, sinceMs + READY_WAIT_MS - this.#clock.now());
  }

  #takeIdle(plugin: string): Runner | undefined {
    // A runner may have ended while it was idle.
    for (const dead of this.#idle.filter((runner) => !runner.isAlive)) {
      this.#idle.splice(this.#idle.indexOf(dead), 1);
      this.#end(dead);
    }
    const index = this.#idle.findIndex((runner) => runner.isReady(plugin));
    // As long as there may be one more runner, a new one is better than one more plugin in a used one.
    if (index < 0 && this.#mayStart) return undefined;
    const [runner] = this.#idle.splice(Math.max(index, 0), 1);
    if (runner) this.#busy.set(runner, plugin);
    return runner;
  }

  #retire(runner: Runner): void {
    this.#busy.delete(runner);
    this.#end(runner);
  }

  #end(runner: Runner): void {
    runner.kill({ kind: "closed" });
    const ending = runner.ended().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
