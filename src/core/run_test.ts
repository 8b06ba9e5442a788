import assert from "node:assert/strict";
import type { Delivery, DeliveryItem, DeliveryOutcome, StoqResponse } from "./contract.ts";
import { fakeEngine, FakeHost, type FakePlugin, type FakeSetup } from "./fake_engine.ts";
import { type RunEvent, runProviders, type RunSetup } from "./run.ts";

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
    consumers: 2,
    onEvent: (event) => events.push(event),
    ...setup,
  });
  return { summary, events };
}

const statuses = (outcomes: readonly (DeliveryOutcome | undefined)[]) =>
  outcomes.map((outcome) => outcome?.status);

Deno.test("every delivery is scanned, saved and then settled", async () => {
  const { plugin, outcomes } = provider(["a", "b", "c", "d", "e"].map(payload));
  const { plugin: connector, saved } = keeper();
  const { summary } = run({ provider: plugin, connector }, { requestMeta: { source: "run" } }, {
    connectors: ["connector"],
  });
  assert.deepEqual(await summary, { done: 5, failed: 0, abandoned: 0, errors: 0 });
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
  assert.deepEqual(await summary, { done: 2, failed: 0, abandoned: 0, errors: 1 });
  assert.deepEqual(statuses(outcomes), ["done", "done"]);
  const errors = events.filter((event) => event.kind === "error").map(({ error }) => error.error);
  assert.deepEqual(errors, ["provider:failed to ingest: Error: no connection"]);
});

Deno.test("a delivery whose connector or archiver failed is settled as failed", async () => {
  const { plugin, outcomes } = provider([payload("a")]);
  const connector: FakePlugin = {
    save: () => {
      throw new Error("disk full");
    },
  };
  const { summary } = run({ provider: plugin, connector }, {}, { connectors: ["connector"] });
  assert.deepEqual(await summary, { done: 0, failed: 1, abandoned: 0, errors: 0 });
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
  assert.deepEqual(await summary, { done: 1, failed: 2, abandoned: 0, errors: 2 });
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
  assert.deepEqual(await summary, { done: 1, failed: 5, abandoned: 0, errors: 5 });
  assert.deepEqual(statuses(outcomes), [...odd.map(() => "failed"), "done"]);
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
  assert.deepEqual(await summary, { done: 6, failed: 1, abandoned: 0, errors: 5 });
  assert.deepEqual(statuses(outcomes), outcomes.map(() => "done"));
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
  assert.deepEqual(await summary, { done: 1, failed: 0, abandoned: 2, errors: 0 });
  assert.deepEqual(statuses(outcomes), ["done", "abandoned", "abandoned"]);
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
  assert.deepEqual(await summary, { done: 0, failed: 0, abandoned: 1, errors: 0 });
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
  assert.deepEqual(await summary, { done: 2, failed: 0, abandoned: 0, errors: 2 });
  const error = events.find((event) => event.kind === "error")?.error.error;
  assert.equal(error, "A delivery could not be settled: Error: queue is gone");
});
