import assert from "node:assert/strict";
import type { Delivery, DeliveryItem, DeliveryOutcome, StoqResponse } from "./contract.ts";
import { fakeEngine, FakeHost, type FakePlugin, type FakeSetup } from "./fake_engine.ts";
import { type RunEvent, runProviders, type RunSetup, type RunSummary } from "./run.ts";

const payload = (content: string): DeliveryItem => ({ kind: "payload", payload: { content } });

/** A provider that remembers how its deliveries were settled, in their order. */
function provider(
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

/** A provider that delivers each item again as long as it is told to. */
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

/** A connector that keeps what it is given. */
function keeper(): { plugin: FakePlugin; saved: StoqResponse[] } {
  const saved: StoqResponse[] = [];
  return { plugin: { save: (response) => void saved.push(response) }, saved };
}

function run(plugins: Record<string, FakePlugin>, setup: Partial<RunSetup>, engineSetup: FakeSetup = {}) {
  const events: RunEvent[] = [];
  const summary = runProviders(fakeEngine(new FakeHost(plugins), engineSetup), {
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

const summaryOf = (counts: Partial<RunSummary>): RunSummary => (
  { done: 0, failed: 0, retried: 0, abandoned: 0, skipped: 0, errors: 0, ...counts }
);

const statuses = (outcomes: readonly (DeliveryOutcome | undefined)[]) =>
  outcomes.map((outcome) => outcome?.status);

Deno.test("every delivery is scanned, saved and then settled", async () => {
  const { plugin, outcomes } = provider(["a", "b", "c", "d", "e"].map(payload));
  const { plugin: connector, saved } = keeper();
  const { summary } = run({ provider: plugin, connector }, { requestMeta: { source: "run" } }, {
    connectors: ["connector"],
  });
  assert.deepEqual(await summary, summaryOf({ done: 5 }));
  assert.deepEqual(statuses(outcomes), ["done", "done", "done", "done", "done"]);
  assert.equal(saved.length, 5);
  assert.equal(saved[0]?.requestMeta.source, "run");
});

Deno.test("several providers run together, and one that fails does not stop the others", async () => {
  const { plugin, outcomes } = provider(["a", "b"].map(payload));
  const broken: FakePlugin = {
    // deno-lint-ignore require-yield -- it fails before it delivers anything
    async *ingest() {
      throw new Error("no connection");
    },
  };
  const { summary, events } = run({ provider: plugin, broken }, { providers: ["broken", "provider"] });
  assert.deepEqual(await summary, summaryOf({ done: 2, errors: 1 }));
  assert.deepEqual(statuses(outcomes), ["unkept", "unkept"]);
  const errors = events.filter((event) => event.kind === "error").map(({ error }) => error.error);
  assert.deepEqual(errors, ["provider:failed to ingest: Error: no connection"]);
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

Deno.test("requests keep their own metadata, and take the run's where they have none", async () => {
  const { plugin: connector, saved } = keeper();
  const { plugin } = provider([
    {
      kind: "request",
      request: { payloads: [{ content: "a" }, { content: "b" }], requestMeta: { source: "own" } },
    },
    { kind: "request", request: { payloads: [{ content: "c" }] } },
  ]);
  const { summary } = run({ provider: plugin, connector }, { requestMeta: { source: "run" }, consumers: 1 }, {
    connectors: ["connector"],
  });
  await summary;
  assert.deepEqual(saved.map(({ results, requestMeta }) => [results.length, requestMeta.source]), [
    [2, "own"],
    [1, "run"],
  ]);
});

Deno.test("a task is fetched by its source archiver; what can't be fetched fails with its reason", async () => {
  const archiver: FakePlugin = {
    get: (task) => task.path === "there" ? { content: "found", payloadMeta: { extraData: task } } : undefined,
  };
  const { plugin: connector, saved } = keeper();
  const task = (name: string, path: string) => ({ kind: "task", task: { [name]: { path } } });
  const { plugin, outcomes } = provider([
    task("archiver", "there"),
    task("archiver", "gone"),
    task("other", "x"),
  ]);
  const { summary, events } = run(
    { provider: plugin, archiver, connector },
    { sourceArchivers: ["archiver"], consumers: 1 },
    { connectors: ["connector"] },
  );
  assert.deepEqual(await summary, summaryOf({ done: 1, failed: 2, errors: 2 }));
  assert.deepEqual(statuses(outcomes), ["done", "failed", "failed"]);
  assert.deepEqual(saved[0]?.results[0]?.payloadMeta.extraData, { path: "there" });
  const codes = events.filter((event) => event.kind === "error").map(({ error }) => error.code);
  assert.deepEqual(codes, ["payload-not-found", "archiver-not-active"]);
});

Deno.test("what is no delivery is dropped with a reason, and the run goes on", async () => {
  const odd = ["text", null, { kind: "payload" }, { kind: "request", request: { payloads: [{}] } }, {
    kind: "what",
  }];
  const { plugin, outcomes } = provider([...odd, payload("good")]);
  const { summary } = run({ provider: plugin }, { consumers: 1 });
  assert.deepEqual(await summary, summaryOf({ done: 1, failed: 5, errors: 5 }));
  assert.deepEqual(statuses(outcomes), [...odd.map(() => "failed"), "unkept"]);
});

Deno.test("a provider that yields nothing usable, or traps, costs only its own deliveries", async () => {
  const { plugin, outcomes } = provider(Array.from({ length: 6 }, (_, index) => payload(`${index}`)));
  const odd: FakePlugin = {
    async *ingest() {
      yield* [undefined, null, 5, {}] as unknown as Delivery[];
      yield {
        get item(): DeliveryItem {
          throw new Error("trap");
        },
        settle() {},
      };
    },
  };
  const { summary } = run({ provider: plugin, odd }, { providers: ["odd", "provider"], maxQueue: 1 });
  assert.deepEqual(await summary, summaryOf({ done: 6, failed: 1, errors: 5 }));
  assert.deepEqual(statuses(outcomes), outcomes.map(() => "unkept"));
});

Deno.test("providers wait while the queue is full", async () => {
  let delivered = 0;
  const gate = Promise.withResolvers<void>();
  const plugins: Record<string, FakePlugin> = {
    provider: {
      async *ingest() {
        for (; delivered < 20; delivered++) yield { item: payload(`${delivered}`), settle: () => {} };
      },
    },
    slow: {
      async scan() {
        await gate.promise;
        return {};
      },
    },
  };
  const { summary } = run(plugins, { maxQueue: 3, consumers: 2 }, { alwaysDispatch: ["slow"] });
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
  // Two are scanned, three wait, and the provider holds one that does not fit.
  assert.equal(delivered, 5);
  gate.resolve();
  assert.equal((await summary).done, 20);
});

Deno.test("a stop finishes what is in flight and abandons what waits, deaf providers included", async () => {
  const stop = new AbortController();
  const { plugin: items, outcomes } = provider(["a", "b", "c"].map(payload));
  const plugins: Record<string, FakePlugin> = {
    provider: {
      async *ingest(signal) {
        yield* items.ingest!(signal);
        await new Promise<never>(() => {});
      },
    },
    stopper: {
      scan() {
        stop.abort();
        return {};
      },
    },
  };
  const { summary } = run(plugins, { stop: stop.signal, consumers: 1 }, { alwaysDispatch: ["stopper"] });
  // The provider is not asked for the third.
  assert.deepEqual(await summary, summaryOf({ done: 1, abandoned: 1 }));
  assert.deepEqual(statuses(outcomes), ["unkept", "abandoned", undefined]);
});

Deno.test("an abort abandons what is in flight", async () => {
  const abort = new AbortController();
  const { plugin, outcomes } = provider([payload("a")]);
  const aborter: FakePlugin = {
    scan() {
      abort.abort();
      return {};
    },
  };
  const { summary } = run({ provider: plugin, aborter }, { abort: abort.signal }, {
    alwaysDispatch: ["aborter"],
  });
  assert.deepEqual(await summary, summaryOf({ abandoned: 1 }));
  assert.deepEqual(statuses(outcomes), ["abandoned"]);
});

Deno.test("a settlement that fails is told, and ends nothing", async () => {
  const plugin: FakePlugin = {
    async *ingest() {
      const settle: Delivery["settle"] = () => Promise.reject(new Error("queue is gone"));
      yield { item: payload("a"), settle };
      yield { item: payload("b"), settle };
    },
  };
  const { summary, events } = run({ provider: plugin }, {});
  assert.deepEqual(await summary, summaryOf({ done: 2, errors: 2 }));
  const error = events.find((event) => event.kind === "error")?.error.error;
  assert.equal(error, "A delivery could not be settled: Error: queue is gone");
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

Deno.test("what a provider skips is counted with its reason, and is an error where it is a loss", async () => {
  const skipped = (name: string, isLoss: boolean) => ({
    kind: "skipped",
    skipped: { name, code: "file-not-readable", reason: "permission denied", isLoss },
  });
  const { plugin, outcomes } = provider([skipped("a\x1b", true), payload("b"), skipped("c", false)]);
  const { summary, events } = run({ provider: plugin }, { consumers: 1 });
  assert.deepEqual(await summary, summaryOf({ done: 1, skipped: 2, errors: 1 }));
  assert.deepEqual(statuses(outcomes), [undefined, "unkept", undefined]);
  assert.deepEqual(events.flatMap((event) => event.kind === "skipped" ? [event.item.name] : []), [
    "a\x1b",
    "c",
  ]);
  const errors = events.flatMap((event) => event.kind === "error" ? [event.error] : []);
  assert.deepEqual(errors.map(({ code, pluginName, error }) => [code, pluginName, error]), [
    ["file-not-readable", "provider", 'provider:failed to deliver "a\\u001b": permission denied'],
  ]);
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

Deno.test("what a provider delivers after the stop is abandoned", async () => {
  const stop = new AbortController();
  const outcomes: DeliveryOutcome[] = [];
  const late = Promise.withResolvers<void>();
  const settled = Promise.withResolvers<void>();
  const plugin: FakePlugin = {
    async *ingest() {
      stop.abort();
      await late.promise;
      yield {
        item: payload("a"),
        settle(outcome) {
          outcomes.push(outcome);
          settled.resolve();
        },
      };
    },
  };
  const { summary } = run({ provider: plugin }, { stop: stop.signal });
  await summary;
  late.resolve();
  await settled.promise;
  assert.deepEqual(statuses(outcomes), ["abandoned"]);
});

Deno.test("a delivery is asked for only when those in flight leave memory for it", async () => {
  let asked = 0;
  const gate = Promise.withResolvers<void>();
  const plugins: Record<string, FakePlugin> = {
    provider: {
      async *ingest() {
        for (; asked < 6; asked++) yield { item: payload("x".repeat(600)), settle: () => {} };
      },
    },
    slow: {
      async scan() {
        await gate.promise;
        return {};
      },
    },
  };
  const setup = { maxQueue: 10, consumers: 10 };
  const { summary } = run(plugins, setup, { alwaysDispatch: ["slow"], limits: { memoryBudgetBytes: 1000 } });
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
  // Together two hold more than there may be.
  assert.equal(asked, 1);
  gate.resolve();
  assert.deepEqual(await summary, summaryOf({ done: 6 }));
});

Deno.test("a delivery counts until it is settled, also while its digest is computed", async () => {
  let asked = 0;
  const gate = Promise.withResolvers<void>();
  const provider: FakePlugin = {
    async *ingest() {
      for (; asked < 6; asked++) yield { item: payload("x".repeat(600)), settle: () => {} };
    },
  };
  const engine = fakeEngine(new FakeHost({ provider }), { limits: { memoryBudgetBytes: 1000 } });
  const sha256 = async () => {
    await gate.promise;
    return "digest";
  };
  const summary = runProviders({ ...engine, sha256 }, {
    providers: ["provider"],
    sourceArchivers: [],
    maxQueue: 10,
    maxDeliveries: 1,
    consumers: 10,
  });
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
  assert.equal(asked, 1);
  gate.resolve();
  assert.deepEqual(await summary, summaryOf({ done: 6 }));
});
