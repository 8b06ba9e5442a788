/**
 * A provider in a runner as a stream of deliveries that can be settled.
 *
 * @module
 */

import type { Delivery } from "../core/contract.ts";
import { pluginTimedOut } from "../core/errors.ts";
import type { Clock } from "../core/plugin_host.ts";
import type { Runner } from "./runner.ts";
import { RunnerDeath } from "./runner_death.ts";

/** What ends a stream, or a provider that does not settle. */
export interface ProviderBounds {
  readonly clock: Clock;
  /** Time to settle one delivery. A provider may wait for the next one as long as it likes. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Asks for a delivery when the last one has been taken: whoever is slow to scan is not flooded. */
export async function* providerStream(
  runner: Runner,
  plugin: string,
  { clock, timeoutMs, signal }: ProviderBounds,
): AsyncGenerator<Delivery> {
  const stream = runner.ingest(plugin);
  const onStop = () => stream.stop();
  signal.addEventListener("abort", onStop, { once: true });
  try {
    for (let next = await stream.next(); next; next = await stream.next()) {
      const { item, number } = next;
      yield {
        item,
        settle: async (outcome) => {
          const reason = pluginTimedOut("provider", timeoutMs);
          const cancel = clock.after(timeoutMs, () => runner.kill({ kind: "given-up", reason }));
          try {
            await stream.settle(number, outcome);
          } catch (reason) {
            throw reason instanceof RunnerDeath ? reason.failureOf("provider", Infinity) : reason;
          } finally {
            cancel();
          }
        },
      };
    }
  } finally {
    signal.removeEventListener("abort", onStop);
    if (runner.isAlive) stream.stop();
  }
}
