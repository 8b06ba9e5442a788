/**
 * A provider in a runner as a stream of deliveries that can be settled.
 *
 * @module
 */

import type { Delivery } from "../core/contract/contract.ts";
import { pluginTimedOut, StoqError } from "../core/contract/errors.ts";
import type { Limits } from "../core/contract/limits.ts";
import type { Clock } from "../core/ports/plugin_host.ts";
import type { Runner } from "./runner.ts";
import { failureBehind } from "./runner_death.ts";

/** What ends a stream, or a provider that does not settle. */
export interface ProviderBounds {
  readonly clock: Clock;
  /** A delivery is to be settled within the time of one call. A provider may wait for the next one as long as it likes. */
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Asks for a delivery when the last one has been taken: whoever is slow to scan is not flooded. */
export async function* providerStream(
  runner: Runner,
  plugin: string,
  { clock, limits, signal }: ProviderBounds,
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
          const { pluginTimeoutMs: timeoutMs, runnerMemoryBytes } = limits;
          const reason = pluginTimedOut("provider", timeoutMs);
          const cancel = clock.after(timeoutMs, () => runner.kill({ kind: "given-up", reason }));
          try {
            await stream.settle(number, outcome);
          } catch (reason) {
            throw failureBehind(reason, "provider", runnerMemoryBytes);
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
