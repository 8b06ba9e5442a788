/**
 * Runners that share a purpose: who gets one, and when another is started.
 *
 * @module
 */

import type { Runner } from "./runner.ts";

/** Calls after which a runner is replaced, so that what leaks does not add up. */
const MAX_CALLS_PER_RUNNER = 10_000;

interface Waiter {
  readonly plugin: string;
  readonly resolve: (runner: Runner) => void;
}

/** At most so many runners; each is used by one call at a time. */
export class RunnerPool {
  readonly #start: () => Runner;
  readonly #size: number;
  readonly #idle: Runner[] = [];
  readonly #busy = new Set<Runner>();
  readonly #waiting: Waiter[] = [];
  /** Runners that are on their way out. */
  readonly #ending = new Set<Promise<void>>();

  constructor(start: () => Runner, size: number) {
    this.#start = start;
    this.#size = size;
  }

  /** A runner for one call, by preference one where the plugin is ready. Give it back with {@link release}. */
  async acquire(plugin: string, signal: AbortSignal): Promise<Runner> {
    signal.throwIfAborted();
    const free = this.#takeIdle(plugin) ?? this.#startOne();
    if (free) return free;
    const waiting = Promise.withResolvers<Runner>();
    const waiter = { plugin, resolve: waiting.resolve };
    this.#waiting.push(waiter);
    const onAbort = () => {
      const index = this.#waiting.indexOf(waiter);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      waiting.reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
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
    return this.#startOne()!;
  }

  release(runner: Runner): void {
    if (runner.calls >= MAX_CALLS_PER_RUNNER) this.#retire(runner);
    this.#busy.delete(runner);
    if (runner.isAlive) this.#idle.push(runner);
    else this.#end(runner);
    const next = this.#waiting.shift();
    if (next) next.resolve((this.#takeIdle(next.plugin) ?? this.#startOne())!);
  }

  /** Ends all runners, and resolves when nothing is left of them. */
  async close(): Promise<void> {
    const runners = [...this.#idle, ...this.#busy];
    this.#idle.length = 0;
    for (const runner of runners) this.#end(runner);
    await Promise.all(this.#ending);
  }

  /** Starts a runner if there may be one more. */
  #startOne(): Runner | undefined {
    if (this.#busy.size + this.#idle.length >= this.#size) return undefined;
    const runner = this.#start();
    this.#busy.add(runner);
    return runner;
  }

  #takeIdle(plugin: string): Runner | undefined {
    // One that somebody else has ended is found out here at the latest.
    for (const dead of this.#idle.filter((runner) => !runner.isAlive)) {
      this.#idle.splice(this.#idle.indexOf(dead), 1);
      this.#end(dead);
    }
    const index = this.#idle.findIndex((runner) => runner.has(plugin));
    // Rather a new runner than one more plugin in a used one, as long as there may be one.
    if (index < 0 && this.#busy.size + this.#idle.length < this.#size) return undefined;
    const [runner] = this.#idle.splice(Math.max(index, 0), 1);
    if (runner) this.#busy.add(runner);
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
