import assert from "node:assert/strict";
import type { DeliveryItem, DeliveryOutcome } from "../contract/contract.ts";
import type { FakePlugin } from "../testing/fake_environment.ts";
import { keeper, payload, provider, run, statuses, summaryOf } from "../testing/fake_run.ts";
import type { RunEvent } from "../ports/run_event.ts";

/** A provider that delivers each item again as long as the run asks for it. */
function retryingProvider(
  items: readonly DeliveryItem[],
): { plugin: FakePlugin; outcomes: DeliveryOutcome[] } {
  const outcomes: DeliveryOutcome[] = [];
  const plugin: FakePlugin = {
    async *ingest() {
      for (const item of items) {
        let shouldRetry = true;
        for (let attempt = 1; shouldRetry; attempt++) {
          const settled = Promise.withResolvers<DeliveryOutcome>();
          yield { item, attempt, settle: settled.resolve };
          const outcome = await settled.promise;
          outcomes.push(outcome);
          shouldRetry = outcome.status === "failed" && outcome.shouldRetry;
        }
      }
    },
  };
  return { plugin, outcomes };
}

/** A connector that fails the first times. */
function failingConnector(failures: number): FakePlugin {
  let calls = 0;
  return {
    save() {
      if (++calls <= failures) throw new Error("disk full");
    },
  };
}

Deno.test("a delivery whose connector or archiver failed is settled as failed", async () => {
  const { plugin, outcomes } = provider([payload("a")]);
  const connector: FakePlugin = {
    save: () => {
      throw new Error("disk full");
    },
  };
  const { summary } = run({ provider: plugin, connector }, {}, { connectors: ["connector"] });
  assert.deepEqual(await summary, summaryOf({ failed: 1 }));
  const [outcome] = outcomes;
  assert.equal(
    outcome?.status === "failed" && outcome.errors[0]?.error,
    "connector:failed to save: Error: disk full",
  );
});

Deno.test("what could not be saved is delivered again, and is done once it is saved", async () => {
  const { plugin, outcomes } = retryingProvider([payload("a"), payload("b")]);
  const { summary } = run({ provider: plugin, connector: failingConnector(2) }, { maxDeliveries: 5 }, {
    connectors: ["connector"],
  });
  assert.deepEqual(await summary, summaryOf({ done: 2, retried: 2 }));
  assert.deepEqual(statuses(outcomes), ["failed", "failed", "done", "done"]);
});

Deno.test("after the last delivery a failure is final", async () => {
  const { plugin, outcomes } = retryingProvider([payload("a")]);
  const { summary } = run({ provider: plugin, connector: failingConnector(9) }, { maxDeliveries: 3 }, {
    connectors: ["connector"],
  });
  assert.deepEqual(await summary, summaryOf({ failed: 1, retried: 2 }));
  assert.deepEqual(outcomes.map((outcome) => outcome.status === "failed" && outcome.shouldRetry), [
    true,
    true,
    false,
  ]);
});

Deno.test("a failure that the provider never delivers again counts as one", async () => {
  const { plugin } = provider([payload("a")]);
  const { summary } = run({ provider: plugin, connector: failingConnector(1) }, {}, {
    connectors: ["connector"],
  });
  assert.deepEqual(await summary, summaryOf({ failed: 1 }));
});

Deno.test("without a connector a delivery is kept only when its payload was archived", async () => {
  const item = (content: string, shouldArchive: boolean): DeliveryItem => (
    { kind: "payload", payload: { content, payloadMeta: { shouldArchive } } }
  );
  const { plugin, outcomes } = provider([item("a", true), item("b", false)]);
  const archiver: FakePlugin = { archive: () => ({ results: { path: "x" } }) };
  const { summary, events } = run({ provider: plugin, archiver }, { consumers: 1 }, {
    destArchivers: ["archiver"],
  });
  assert.deepEqual(await summary, summaryOf({ done: 1, failed: 1, errors: 1 }));
  const [kept, refused] = outcomes;
  assert.equal(kept?.status, "done");
  // Nothing would be different the next time.
  assert.equal(refused?.status === "failed" && refused.shouldRetry, false);
  assert.deepEqual(
    events.filter((event) => event.kind === "error").map(({ error }) => error.code),
    ["not-kept"],
  );
});

Deno.test("without a connector a file that contains itself is kept only when it was archived", async () => {
  const item: DeliveryItem = {
    kind: "payload",
    payload: { content: "a", payloadMeta: { shouldArchive: false } },
  };
  const { plugin, outcomes } = provider([item]);
  const plugins: Record<string, FakePlugin> = {
    provider: plugin,
    quine: { scan: ({ content }) => ({ extracted: [{ content }, { content: "part" }] }) },
    archiver: { archive: () => ({ results: { path: "x" } }) },
  };
  const { summary } = run(plugins, {}, { alwaysDispatch: ["quine"], destArchivers: ["archiver"] });
  assert.deepEqual(await summary, summaryOf({ failed: 1, errors: 1 }));
  assert.deepEqual(statuses(outcomes), ["failed"]);
});

Deno.test("a failing `save` is a failure like a connector's", async () => {
  const { plugin, outcomes } = provider(["a", "b"].map(payload));
  const saved: string[] = [];
  const { summary } = run({ provider: plugin }, {
    consumers: 1,
    save: (response) => {
      if (saved.length === 1) return Promise.reject(new Error("pipe is closed"));
      saved.push(response.scanId);
      return Promise.resolve();
    },
  });
  assert.deepEqual(await summary, summaryOf({ done: 1, failed: 1, errors: 1 }));
  assert.deepEqual(statuses(outcomes), ["done", "failed"]);
});

Deno.test("output that is not kept saves responses and keeps none", async () => {
  const { plugin, outcomes } = provider([payload("a")]);
  const setup = { save: () => Promise.resolve(), keepsResponses: false };
  const { summary } = run({ provider: plugin }, setup);
  assert.deepEqual(await summary, summaryOf({ done: 1 }));
  assert.deepEqual(statuses(outcomes), ["unkept"]);
});

Deno.test("a forged attempt counts as the first", async () => {
  for (const attempt of [0, -1, NaN, 1.5, "7", {}, 1e300]) {
    const outcomes: DeliveryOutcome[] = [];
    const plugin: FakePlugin = {
      async *ingest() {
        yield {
          item: payload("a"),
          attempt: attempt as number,
          settle: (outcome) => void outcomes.push(outcome),
        };
      },
    };
    const { summary } = run({ provider: plugin, connector: failingConnector(1) }, { maxDeliveries: 2 }, {
      connectors: ["connector"],
    });
    assert.deepEqual(await summary, summaryOf({ failed: 1 }));
    assert.equal(outcomes[0]?.status === "failed" && outcomes[0].shouldRetry, true);
  }
});

for (
  const [what, limits] of [
    ["errors", { errors: 3 }],
    ["room for errors", { responseCost: 60_000 }],
  ] as const
) {
  const noisy: FakePlugin = { scan: () => ({ errors: Array(20).fill("x".repeat(400)) }) };
  const fail = () => {
    throw new Error(`disk full ${"y".repeat(9000)}`);
  };

  Deno.test(`a connector that fails when a response has no more ${what} has lost the delivery`, async () => {
    const { plugin, outcomes } = provider([payload("a")]);
    const plugins = { provider: plugin, noisy, first: { save: fail }, second: { save: fail } };
    const { summary, events } = run(plugins, {}, {
      alwaysDispatch: ["noisy"],
      connectors: ["first", "second"],
      limits,
    });
    assert.equal((await summary).failed, 1);
    const [outcome] = outcomes;
    const reasons = outcome?.status === "failed" ? outcome.errors : [];
    assert.deepEqual(reasons.map(({ pluginName }) => pluginName), ["first", "second"]);
    assert.match(reasons[0]!.error, /disk full/);
    assert.equal(leftOutOf(events), 20 - listedOf(events, "noisy"));
  });

  Deno.test(`an archiver that fails when a response has no more ${what} has lost the delivery`, async () => {
    const { plugin, outcomes } = provider([payload("a")]);
    const parts = ["b", "c", "d"].map((content) => ({ content: new TextEncoder().encode(content) }));
    const opener: FakePlugin = { scan: (view) => view.extractedFrom.length > 0 ? {} : { extracted: parts } };
    const plugins = {
      provider: plugin,
      noisy,
      opener,
      archiver: { archive: fail },
      connector: keeper().plugin,
    };
    const { summary, events } = run(plugins, {}, {
      alwaysDispatch: ["noisy", "opener"],
      destArchivers: ["archiver"],
      connectors: ["connector"],
      limits,
    });
    assert.equal((await summary).failed, 1);
    assert.equal(outcomes[0]?.status, "failed");
    // Each of four payloads had 20 errors of the worker, and one of the archiver.
    const listed = listedOf(events, "noisy") + listedOf(events, "archiver");
    assert.ok(listedOf(events, "archiver") >= 1);
    assert.equal(leftOutOf(events), 84 - listed);
  });
}

/** How many errors of a plugin the response lists. */
function listedOf(events: readonly RunEvent[], plugin: string): number {
  return errorsOf(events).filter(({ pluginName }) => pluginName === plugin).length;
}

/** How many errors the response says it leaves out. */
function leftOutOf(events: readonly RunEvent[]): number {
  return errorsOf(events).filter(({ pluginName }) => pluginName === null)
    .flatMap(({ error }) => [...error.matchAll(/(\d+)(?: more)? errors/g)])
    .reduce((sum, [, count]) => sum + Number(count), 0);
}

function errorsOf(events: readonly RunEvent[]) {
  return events.flatMap((event) => event.kind === "scanned" ? event.response.errors : []);
}
