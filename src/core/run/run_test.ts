import assert from "node:assert/strict";
import type { Delivery, DeliveryItem, DeliveryOutcome } from "../contract/contract.ts";
import { fakeEnvironment, FakeHost, type FakePlugin } from "../testing/fake_environment.ts";
import { keeper, payload, provider, run, statuses, summaryOf } from "../testing/fake_run.ts";
import { runProviders } from "./run.ts";

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

Deno.test("a keeper that was refused what it needs has kept nothing, under each code of a failure", async () => {
  const failure = { code: "permission-denied", message: "no access to the store" };
  const throwing = () => {
    throw Object.assign(new Error(failure.message), { code: failure.code });
  };
  const keepers: readonly FakePlugin[] = [
    { save: throwing },
    { archive: throwing },
    { archive: () => ({ errors: [failure] }) },
  ];
  for (const keeper of keepers) {
    const { plugin, outcomes } = provider([payload("a")]);
    const names = keeper.save ? { connectors: ["keeper"] } : { destArchivers: ["keeper"] };
    const { summary } = run({ provider: plugin, keeper }, { maxDeliveries: 1 }, names);
    assert.deepEqual(await summary, summaryOf({ failed: 1 }));
    assert.deepEqual(statuses(outcomes), ["failed"]);
  }
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

Deno.test("what a provider skips is counted and never settled, also when the run is stopped", async () => {
  const skipped = { name: "a", code: "file-not-readable", reason: "permission denied", isLoss: true };
  const { plugin, outcomes } = provider([payload("a"), { kind: "skipped", skipped }, payload("b")]);
  const stop = new AbortController();
  let delivered = 0;
  const { summary } = run({ provider: plugin }, {
    consumers: 1,
    stop: stop.signal,
    onEvent: ({ kind }) => {
      if (kind === "delivered" && ++delivered === 2) stop.abort();
    },
  });
  const { skipped: count, errors } = await summary;
  assert.deepEqual([count, errors, outcomes[1]], [1, 1, undefined]);
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
  const environment = fakeEnvironment(new FakeHost({ provider }), { limits: { memoryBudgetBytes: 1000 } });
  const sha256 = async () => {
    await gate.promise;
    return "digest";
  };
  const summary = runProviders({ ...environment, sha256 }, {
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
