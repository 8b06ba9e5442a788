/**
 * Runs plugins apart: isolation "process". A deadline ends the runner, whatever the plugin is doing.
 *
 * @module
 */

import type { Delivery, Role } from "../core/contract/contract.ts";
import {
  type CallPurpose,
  hostClosed,
  pluginTimedOut,
  runnerNotAllowed,
  StoqError,
} from "../core/contract/errors.ts";
import type { Limits } from "../core/contract/limits.ts";
import {
  type AnyCall,
  type Clock,
  NEVER,
  type PluginAnswer,
  type PluginFacts,
  type PluginHost,
} from "../core/ports/plugin_host.ts";
import { MAX_ANSWER_FAILURES } from "./call_bounds.ts";
import { denials } from "./denials.ts";
import type { InProcessHost } from "./in_process.ts";
import type { Launcher } from "./launch.ts";
import type { Placement, Placements } from "./placement.ts";
import { RunnerPool } from "./pool.ts";
import { providerStream } from "./provider_stream.ts";
import { Runner, type RunnerLog } from "./runner.ts";
import { failureBehind, RunnerDeath } from "./runner_death.ts";

/** Time that opening a plugin may take whatever the deadline of calls is: the start of a process is not the plugin's doing. */
const MIN_OPENING_MS = 5_000;

/** What the host needs beside the one that runs the rest in this process. */
export interface SandboxSetup {
  readonly placements: Placements;
  readonly launcher: Launcher;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: RunnerLog;
}

/** Plugin host with isolation. */
export class SandboxHost implements PluginHost {
  readonly #here: InProcessHost;
  readonly #setup: SandboxSetup;
  readonly #pools = new Map<string, RunnerPool>();
  readonly #providers = new Set<Runner>();
  /** Those that were opened ahead, by plugin. */
  readonly #openProviders = new Map<string, Runner>();
  /** Plugins that can't be loaded: it is not tried again for each payload. */
  readonly #failedLoads = new Map<string, StoqError>();
  #fillingCache: Promise<void> | undefined;
  #isClosed = false;

  /** @param here runs the plugins that have no placement */
  constructor(here: InProcessHost, setup: SandboxSetup) {
    this.#here = here;
    this.#setup = setup;
  }

  find(name: string): PluginFacts | undefined {
    return this.#here.find(name);
  }

  nearest(name: string): string | undefined {
    return this.#here.nearest(name);
  }

  /** Loads a plugin ahead of its first call, or of `ingest` where the role is `provider`. @throws {StoqError} when it can't be loaded */
  async open(name: string, role: Role | undefined = this.find(name)?.roles[0]): Promise<void> {
    const placement = this.#setup.placements.of(name);
    if (!placement) return void await this.#here.open(name);
    try {
      if (role === "provider") this.#openProviders.set(name, await this.#openProvider(placement, NEVER));
      else await this.#inRunner(placement, role ?? "check", NEVER, async () => {});
    } catch (reason) {
      throw failureBehind(reason, role ?? "check", this.#setup.limits.runnerMemoryBytes);
    }
  }

  async call(name: string, call: AnyCall, signal: AbortSignal): Promise<PluginAnswer> {
    const { clock, placements, limits } = this.#setup;
    const { role } = call;
    let startMs: number | undefined;
    try {
      const placement = placements.of(name);
      if (!placement) return await this.#here.call(name, call, signal);
      const end = await this.#inRunner(placement, role, signal, async (runner) => {
        startMs = clock.now();
        // Whoever has waited for the plugin to be open may have another runner open it now.
        this.#poolOf(placement).serve();
        const ended = await this.#untilDeadline(runner, role, signal, runner.call(name, call));
        if (ended.failure && isUncached(ended.failure)) throw ended.failure;
        return ended;
      });
      const failures = denials(role, end.attempts, placement);
      return end.failure
        ? { thrown: { reason: end.failure }, failures, durationMs: end.durationMs }
        : { value: end.value, failures, mostFailures: MAX_ANSWER_FAILURES, durationMs: end.durationMs };
    } catch (reason) {
      const thrown = reason instanceof RunnerDeath
        ? reason.failureOf(role, limits.runnerMemoryBytes)
        : reason;
      return { thrown: { reason: thrown }, durationMs: startMs === undefined ? 0 : clock.now() - startMs };
    }
  }

  async *ingest(name: string, signal: AbortSignal): AsyncIterable<Delivery> {
    const placement = this.#setup.placements.of(name);
    if (!placement) return yield* this.#here.ingest(name, signal);
    const { limits, clock } = this.#setup;
    try {
      const runner = this.#openProviders.get(name) ?? await this.#openProvider(placement, signal);
      // A second stream gets a runner of its own.
      this.#openProviders.delete(name);
      yield* providerStream(runner, name, { clock, limits, signal });
    } catch (reason) {
      throw failureBehind(reason, "provider", limits.runnerMemoryBytes);
    }
  }

  /** Starts a runner in which a provider is open: it is made once, since it may hold a port or a connection from then on. */
  async #openProvider(placement: Placement, signal: AbortSignal): Promise<Runner> {
    for (let attempt = 1;; attempt++) {
      const runner = this.#start(placement);
      this.#providers.add(runner);
      try {
        await this.#openIn(runner, placement, "provider", signal);
        return runner;
      } catch (reason) {
        runner.kill({ kind: "closed" });
        if (attempt > 1 || signal.aborted || !await this.#deservesAnother(reason, placement, [])) {
          throw reason;
        }
      }
    }
  }

  /** Ends all runners, and tells the plugins in this process that they are no longer needed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const runner of this.#providers) runner.kill({ kind: "closed" });
    await Promise.all([
      this.#here.close(),
      ...[...this.#pools.values()].map((pool) => pool.close()),
      ...[...this.#providers].map((runner) => runner.ended()),
    ]);
  }

  /**
   * Does something in a runner in which the plugin is open.
   *
   * A runner that may have died of what another plugin left in it is no reason to blame this one, nor is a cache that
   * lacks a module: it gets a second, fresh runner.
   */
  async #inRunner<T>(
    placement: Placement,
    role: CallPurpose,
    signal: AbortSignal,
    work: (runner: Runner) => Promise<T>,
  ): Promise<T> {
    const { plugin } = placement;
    const pool = this.#poolOf(placement);
    for (let attempt = 1;; attempt++) {
      const runner = attempt === 1
        ? await pool.acquire(plugin, signal)
        : await pool.acquireFresh(plugin, signal);
      const others = runner.plugins;
      try {
        await this.#openIn(runner, placement, role, signal);
        return await work(runner);
      } catch (reason) {
        if (attempt > 1 || signal.aborted || !await this.#deservesAnother(reason, placement, others)) {
          throw reason;
        }
      } finally {
        pool.release(runner);
      }
    }
  }

  async #deservesAnother(
    reason: unknown,
    { plugin, modules }: Placement,
    others: readonly string[],
  ): Promise<boolean> {
    if (isUncached(reason)) {
      await (this.#fillingCache ??= this.#setup.launcher.fillCache(modules));
      this.#failedLoads.delete(plugin);
      return true;
    }
    return reason instanceof RunnerDeath && reason.isInnocent(plugin, others);
  }

  async #openIn(runner: Runner, placement: Placement, role: CallPurpose, signal: AbortSignal): Promise<void> {
    const { plugin, open, verify } = placement;
    const failed = this.#failedLoads.get(plugin);
    if (failed) throw failed;
    if (runner.isReady(plugin)) return;
    try {
      await verify?.();
      await this.#untilDeadline(runner, role, signal, runner.open(open), MIN_OPENING_MS);
    } catch (reason) {
      const isForGood = reason instanceof StoqError ||
        (reason instanceof RunnerDeath && reason.isFault(plugin));
      if (isForGood && !signal.aborted) {
        const failure = failureBehind(reason, role, this.#setup.limits.runnerMemoryBytes);
        if (failure instanceof StoqError) this.#failedLoads.set(plugin, failure);
      }
      throw reason;
    }
  }

  /** Waits for a runner; gives it up with whatever it is doing at the deadline, or when the signal says so. */
  async #untilDeadline<T>(
    runner: Runner,
    role: CallPurpose,
    signal: AbortSignal,
    answer: Promise<T>,
    leastMs = 0,
  ): Promise<T> {
    const { clock, limits } = this.#setup;
    const pluginTimeoutMs = Math.max(limits.pluginTimeoutMs, leastMs);
    const giveUp = (reason: unknown) => runner.kill({ kind: "given-up", reason });
    const onAbort = () => giveUp(signal.reason);
    // An aborted signal tells nobody any more.
    if (signal.aborted) onAbort();
    const cancel = clock.after(pluginTimeoutMs, () => giveUp(pluginTimedOut(role, pluginTimeoutMs)));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await answer;
    } finally {
      cancel();
      signal.removeEventListener("abort", onAbort);
    }
  }

  #poolOf(placement: Placement): RunnerPool {
    const { pool: key, poolSize } = placement;
    let pool = this.#pools.get(key);
    if (!pool) {
      this.#pools.set(
        key,
        pool = new RunnerPool(
          (plugin) => this.#start(this.#setup.placements.of(plugin)!),
          poolSize,
          this.#setup.clock,
        ),
      );
    }
    return pool;
  }

  #start({ needs, open, verify }: Placement): Runner {
    if (this.#isClosed) throw hostClosed();
    try {
      const { launcher, log, limits } = this.#setup;
      return new Runner(launcher.command(needs, verify ? undefined : open), log, limits.resultBytes);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw runnerNotAllowed(error);
      throw error;
    }
  }
}

/** Whether a module or package was not in Deno's cache, from which alone a runner loads. */
function isUncached(reason: unknown): boolean {
  const text = reason instanceof RunnerDeath
    ? reason.lastWords
    : reason instanceof Error
    ? reason.message
    : "";
  return text.includes("--cached-only is specified");
}
