/**
 * Runners that share a purpose: who gets one, and when another is started.
 *
 * @module
 */

import type { Clock } from "../core/ports/plugin_host.ts";
import type { Runner } from "./runner.ts";

/** Calls after which a runner is replaced, so that what leaks does not add up. */
const MAX_CALLS_PER_RUNNER = 10_000;

/**
 * How long a call waits for a runner in which its plugin is open, while another one is free: most calls are over sooner
 * than a plugin is opened.
 */
const PATIENCE_MS = 25;

interface Waiter {
  readonly plugin: string;
  readonly sinceMs: number;
  readonly resolve: (runner: Runner) => void;
  readonly reject: (reason: unknown) => void;
}

/** At most so many runners; each is used by one call at a time. */
export class RunnerPool {
  readonly #start: (plugin: string) => Runner;
  readonly #size: number;
  readonly #clock: Clock;
  readonly #idle: Runner[] = [];
  /** Runners in use → the plugin that each was handed out for. */
  readonly #busy = new Map<Runner, string>();
  readonly #waiting: Waiter[] = [];
  #cancelServing = () => {};
  /** Runners that are on their way out. */
  readonly #ending = new Set<Promise<void>>();

  /** @param start starts a runner of which the named plugin is the first user */
  constructor(start: (plugin: string) => Runner, size: number, clock: Clock) {
    this.#start = start;
    this.#size = size;
    this.#clock = clock;
  }

  /** A runner for one call, by preference one where the plugin is ready. Give it back with {@link release}. */
  async acquire(plugin: string, signal: AbortSignal): Promise<Runner> {
    signal.throwIfAborted();
    const waiting = Promise.withResolvers<Runner>();
    const waiter = { plugin, sinceMs: this.#clock.now(), resolve: waiting.resolve, reject: waiting.reject };
    this.#waiting.push(waiter);
    const onAbort = () => {
      const index = this.#waiting.indexOf(waiter);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      waiting.reject(signal.reason);
      this.serve();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      this.serve();
      return await waiting.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** A runner that no plugin has used yet. */
  async acquireFresh(plugin: string, signal: AbortSignal): Promise<Runner> {
    const runner = await this.acquire(plugin, signal);
    if (runner.plugins.length === 0) return runner;
    this.#retire(runner);
    return this.#startOne(plugin)!;
  }

  release(runner: Runner): void {
    if (runner.calls >= MAX_CALLS_PER_RUNNER) this.#retire(runner);
    this.#busy.delete(runner);
    if (runner.isAlive) this.#idle.push(runner);
    else this.#end(runner);
    this.serve();
  }

  /** Hands out what is free, first come first served; to be called when a plugin is open as well. */
  serve(): void {
    this.#cancelServing();
    let patienceMs = Infinity;
    for (const waiter of [...this.#waiting]) {
      if (this.#idle.length === 0 && !this.#mayStart) return;
      const leftMs = this.#patienceOf(waiter);
      if (leftMs > 0) {
        patienceMs = Math.min(patienceMs, leftMs);
        continue;
      }
      const { plugin, resolve, reject } = waiter;
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      try {
        resolve((this.#takeIdle(plugin) ?? this.#startOne(plugin))!);
      } catch (reason) {
        reject(reason);
      }
    }
    this.#cancelServing = this.#clock.after(patienceMs, () => this.serve());
  }

  /** Ends all runners, and resolves when nothing is left of them. */
  async close(): Promise<void> {
    const runners = [...this.#idle, ...this.#busy.keys()];
    this.#idle.length = 0;
    this.#cancelServing();
    for (const runner of runners) this.#end(runner);
    await Promise.all(this.#ending);
  }

  /** Starts a runner if there may be one more. */
  #startOne(plugin: string): Runner | undefined {
    if (!this.#mayStart) return undefined;
    const runner = this.#start(plugin);
    this.#busy.set(runner, plugin);
    return runner;
  }

  get #mayStart(): boolean {
    return this.#busy.size + this.#idle.length < this.#size;
  }

  /** How much longer to wait for a runner in use rather than take a free one, in milliseconds. */
  #patienceOf({ plugin, sinceMs }: Waiter): number {
    if (this.#idle.some((runner) => runner.isReady(plugin))) return 0;
    const inUse = [...this.#busy];
    // Opening the plugin once more would take as long, and a processor from the other.
    if (inUse.some(([runner, held]) => held === plugin && !runner.isReady(plugin))) return Infinity;
    if (!inUse.some(([runner]) => runner.isReady(plugin))) return 0;
    return Math.max(0, sinceMs + PATIENCE_MS - this.#clock.now());
  }

  #takeIdle(plugin: string): Runner | undefined {
    // One that somebody else has ended is found out here at the latest.
    for (const dead of this.#idle.filter((runner) => !runner.isAlive)) {
      this.#idle.splice(this.#idle.indexOf(dead), 1);
      this.#end(dead);
    }
    const index = this.#idle.findIndex((runner) => runner.isReady(plugin));
    // Rather a new runner than one more plugin in a used one, as long as there may be one.
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
