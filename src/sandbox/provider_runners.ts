/**
 * Providers in runners of their own, as streams of deliveries that can be settled.
 *
 * @module
 */

import type { Delivery } from "../core/contract/contract.ts";
import { StoqError } from "../core/contract/errors.ts";
import type { Limits } from "../core/contract/limits.ts";
import { type Clock, NEVER } from "../core/ports/plugin_host.ts";
import { withDeadline } from "./deadline.ts";
import type { Placement } from "./placement.ts";
import type { PluginLoader } from "./plugin_loader.ts";
import type { Runner } from "./runner.ts";
import { callFailureOf } from "./runner_exit.ts";

/** What bounds a provider's work. */
export interface ProviderBounds {
  readonly clock: Clock;
  /** A delivery must be settled within the time of one call. A provider may wait for its next delivery without a limit. */
  readonly limits: Limits;
}

/** Starts runners for providers, and ends them. */
export class ProviderRunners {
  readonly #loader: PluginLoader;
  readonly #bounds: ProviderBounds;
  readonly #runners = new Set<Runner>();
  /** Runners that wait for their provider's first stream, by plugin. */
  readonly #loaded = new Map<string, Runner>();

  constructor(loader: PluginLoader, bounds: ProviderBounds) {
    this.#loader = loader;
    this.#bounds = bounds;
  }

  /** Loads a provider before its first stream. @throws {StoqError} when it can't be loaded, {RunnerExit} */
  async load(placement: Placement): Promise<void> {
    this.#loaded.set(placement.plugin, await this.#start(placement, NEVER));
  }

  /** Starts a provider's stream. A second stream of a provider gets a runner of its own. */
  async *ingest(placement: Placement, signal: AbortSignal): AsyncGenerator<Delivery> {
    const { plugin } = placement;
    try {
      const runner = this.#loaded.get(plugin) ?? await this.#start(placement, signal);
      this.#loaded.delete(plugin);
      yield* deliveriesOf(runner, plugin, this.#bounds, signal);
    } catch (reason) {
      throw callFailureOf(reason, "provider", this.#bounds.limits.runnerMemoryBytes);
    }
  }

  /** Ends all runners, and resolves when their processes have ended. */
  async close(): Promise<void> {
    for (const runner of this.#runners) runner.kill({ kind: "closed" });
    await Promise.all([...this.#runners].map((runner) => runner.ended()));
  }

  /** Starts a runner with a provider, which from then on may hold a port or a connection. */
  async #start(placement: Placement, signal: AbortSignal): Promise<Runner> {
    return await this.#loader.attempt(placement, signal, async () => {
      const runner = this.#loader.start(placement);
      this.#runners.add(runner);
      try {
        await this.#loader.load(runner, placement, "provider", signal);
        return runner;
      } catch (reason) {
        runner.kill({ kind: "closed" });
        throw reason;
      }
    });
  }
}

/** Asks for a delivery when the last one has been taken: a slow scan is not flooded. */
async function* deliveriesOf(
  runner: Runner,
  plugin: string,
  { clock, limits: { pluginTimeoutMs: timeoutMs, runnerMemoryBytes } }: ProviderBounds,
  signal: AbortSignal,
): AsyncGenerator<Delivery> {
  const stream = runner.ingest(plugin);
  const onStop = () => stream.stop();
  signal.addEventListener("abort", onStop, { once: true });
  try {
    for (let next = await stream.next(); next; next = await stream.next()) {
      const { item, number, attempt } = next;
      yield {
        // A reader of deliveries must expect an item that is a getter and throws.
        get item() {
          if (item instanceof StoqError) throw item;
          return item;
        },
        attempt,
        settle: async (outcome) => {
          const deadline = { clock, timeoutMs, role: "provider" } as const;
          try {
            await withDeadline(deadline, stream.settle(number, outcome), (reason) => runner.giveUp(reason));
          } catch (reason) {
            throw callFailureOf(reason, "provider", runnerMemoryBytes);
          }
        },
      };
    }
  } finally {
    signal.removeEventListener("abort", onStop);
    if (runner.isAlive) stream.stop();
  }
}
