/**
 * Runs over plugins that are plain objects, for tests.
 *
 * @module
 */

import type { DeliveryItem, DeliveryOutcome, StoqResponse } from "../contract/contract.ts";
import { fakeEnvironment, FakeHost, type FakePlugin, type FakeSetup } from "./fake_environment.ts";
import { runProviders, type RunSetup, type RunSummary } from "../run/run.ts";
import type { RunEvent } from "../ports/run_event.ts";

/** A delivery of text. */
export const payload = (content: string): DeliveryItem => ({ kind: "payload", payload: { content } });

/** A provider that remembers how its deliveries were settled, in their order. */
export function provider(
  items: readonly unknown[],
): { plugin: FakePlugin; outcomes: (DeliveryOutcome | undefined)[] } {
  const outcomes: (DeliveryOutcome | undefined)[] = items.map(() => undefined);
  const plugin: FakePlugin = {
    async *ingest() {
      for (const [index, item] of items.entries()) {
        yield { item: item as DeliveryItem, settle: (outcome) => void (outcomes[index] = outcome) };
      }
    },
  };
  return { plugin, outcomes };
}

/** A connector that keeps what it is given. */
export function keeper(): { plugin: FakePlugin; saved: StoqResponse[] } {
  const saved: StoqResponse[] = [];
  return { plugin: { save: (response) => void saved.push(response) }, saved };
}

/** Runs plugins, with `provider` as the only provider unless the setup says otherwise. */
export function run(
  plugins: Record<string, FakePlugin>,
  setup: Partial<RunSetup>,
  engineSetup: FakeSetup = {},
) {
  const events: RunEvent[] = [];
  const summary = runProviders(fakeEnvironment(new FakeHost(plugins), engineSetup), {
    providers: ["provider"],
    sourceArchivers: [],
    maxQueue: 2,
    maxDeliveries: 3,
    consumers: 2,
    onEvent: (event) => events.push(event),
    ...setup,
  });
  return { summary, events };
}

/** A summary in which everything else is 0. */
export const summaryOf = (counts: Partial<RunSummary>): RunSummary => (
  { done: 0, failed: 0, retried: 0, abandoned: 0, skipped: 0, errors: 0, ...counts }
);

/** How deliveries ended. */
export const statuses = (outcomes: readonly (DeliveryOutcome | undefined)[]) =>
  outcomes.map((outcome) => outcome?.status);
