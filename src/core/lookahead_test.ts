import assert from "node:assert/strict";
import type { StoqResponse } from "./contract.ts";
import { scanRequest } from "./engine.ts";
import { FakeClock, fakeEngine, FakeHost, type FakePlugin, fakeScan, type FakeSetup } from "./fake_engine.ts";
import type { PluginAnswer, PluginCall } from "./plugin_host.ts";

const AFTER_MS = 50;
const text = (content: Uint8Array) => new TextDecoder().decode(content);

/** A host that knows who waits for what. */
class WatchedHost extends FakeHost {
  readonly signals = new Map<string, AbortSignal>();

  override call(name: string, call: PluginCall, signal: AbortSignal): Promise<PluginAnswer> {
    if ("payload" in call) this.signals.set(`${name}:${text(call.payload.content)}`, signal);
    return super.call(name, call, signal);
  }
}

/** A scan that is stalled until its gate is opened. */
class StalledScan {
  readonly clock = new FakeClock();
  readonly gate = Promise.withResolvers<void>();
  readonly host: WatchedHost;
  readonly response: Promise<StoqResponse>;

  constructor(
    plugins: (gate: Promise<void>) => Readonly<Record<string, FakePlugin>>,
    setup: FakeSetup,
    contents: readonly string[] = ["root"],
    signal?: AbortSignal,
  ) {
    this.host = new WatchedHost(plugins(this.gate.promise), this.clock);
    const engine = fakeEngine(this.host, { lookAheadAfterMs: AFTER_MS, ...setup, clock: this.clock });
    const payloads = contents.map((content) => ({ content }));
    this.response = scanRequest(engine, { payloads }, { signal });
    // Whoever tests it looks later.
    this.response.catch(() => {});
  }

  /** Lets everything run that nobody holds back. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 1000; turn++) await null;
  }

  /** Lets time pass until the stall is noticed, and everything run that may go ahead. */
  async stall(): Promise<void> {
    await this.settle();
    this.clock.pass(AFTER_MS);
    this.clock.pass(AFTER_MS);
    await this.settle();
  }

  async open(): Promise<StoqResponse> {
    this.gate.resolve();
    return await this.response;
  }
}

/** The response with ids by first appearance: they are given out in the order in which payloads are met. */
function normalised({ scanId: _, ...response }: StoqResponse): unknown {
  const numbers = new Map(response.results.map(({ payloadId }, index) => [payloadId, `payload ${index}`]));
  return JSON.parse(JSON.stringify(response, (key, value) => {
    if (key === "timings" || key === "durationMs" || key === "time") return undefined;
    return numbers.get(value) ?? value;
  }));
}

/** Opens the gate, and sees that the response is the one of a scan that never goes ahead. */
async function assertSameAsOrderly(
  scan: StalledScan,
  plugins: (gate: Promise<void>) => Readonly<Record<string, FakePlugin>>,
  setup: FakeSetup,
  contents?: readonly string[],
): Promise<StoqResponse> {
  const response = await scan.open();
  const orderly = await fakeScan(plugins(Promise.resolve()), setup, contents);
  assert.deepEqual(normalised(response), normalised(orderly.response));
  return response;
}

/** Extracts by a table, waits at one payload, and says which workers have run. */
const unpacker = (
  table: Readonly<Record<string, readonly string[]>>,
  gate: Promise<void>,
  slow = "slow",
): FakePlugin => ({
  async scan({ content, results }) {
    if (text(content) === slow) await gate;
    return {
      results: { before: results.pluginsRun.workers },
      extracted: table[text(content)]?.map((content) => ({ content })),
    };
  },
});
const quiet: FakePlugin = { scan: () => ({ results: { seen: true } }) };
/** Sends payloads to workers by a table. */
const router = (table: Readonly<Record<string, readonly string[]>>): FakePlugin => ({
  getDispatches: ({ content }) => ({ pluginNames: table[text(content)] ?? [] }),
});

Deno.test("payloads that are ready go through all their rounds while a worker is slow on another", async () => {
  const table = { root: ["slow", "a"], a: ["b"], b: ["c"], slow: ["d"] };
  const plugins = (gate: Promise<void>) => ({
    unpack: unpacker(table, gate),
    router: router({ b: ["quiet"] }),
    quiet,
  });
  const setup = { alwaysDispatch: ["unpack"], dispatchers: ["router"] };
  const scan = new StalledScan(plugins, setup);
  await scan.settle();
  const before = scan.host.calls.length;
  assert.deepEqual(scan.host.calls.slice(-2), ["unpack:worker:slow", "unpack:worker:a"]);
  await scan.stall();
  const ahead = Map.groupBy(scan.host.calls.slice(before), (call) => call.at(-1)!);
  assert.deepEqual(Object.fromEntries(ahead), {
    a: ["router:dispatcher:a"],
    b: ["router:dispatcher:b", "quiet:worker:b", "unpack:worker:b", "router:dispatcher:b"],
    c: ["router:dispatcher:c", "unpack:worker:c", "router:dispatcher:c"],
  });
  const response = await assertSameAsOrderly(scan, plugins, setup);
  assert.equal(response.results.length, 6);
  assert.equal(new Set(scan.host.calls.filter((call) => call.includes(":worker:"))).size, 7);
  assert.equal(scan.host.calls.filter((call) => call.includes(":worker:")).length, 7);
});

Deno.test("without a stall nobody goes ahead", async () => {
  const table = { root: ["slow", "a"], a: ["b"] };
  const scan = new StalledScan((gate) => ({ unpack: unpacker(table, gate) }), { alwaysDispatch: ["unpack"] });
  await scan.settle();
  scan.clock.pass(AFTER_MS - 1);
  await scan.settle();
  assert.deepEqual(scan.host.calls, ["unpack:worker:root", "unpack:worker:slow", "unpack:worker:a"]);
  await scan.open();
});

Deno.test("a scan that is told never to look ahead waits", async () => {
  const table = { root: ["slow", "a"], a: ["b"] };
  const setup = { alwaysDispatch: ["unpack"], lookAheadAfterMs: Infinity };
  const scan = new StalledScan((gate) => ({ unpack: unpacker(table, gate) }), setup);
  await scan.stall();
  assert.ok(!scan.host.calls.includes("unpack:worker:b"));
  await scan.open();
});

Deno.test("workers behind the batch of a slow one do not wait for it", async () => {
  const contents = ["slow", ...Array.from({ length: 99 }, (_, index) => `root ${index}`)];
  const plugins = (gate: Promise<void>) => ({ unpack: unpacker({}, gate), quiet });
  const setup = { alwaysDispatch: ["quiet", "unpack"] };
  const scan = new StalledScan(plugins, setup, contents);
  await scan.settle();
  assert.equal(scan.host.calls.length, 64);
  await scan.stall();
  assert.equal(scan.host.calls.length, 200);
  await assertSameAsOrderly(scan, plugins, setup, contents);
  assert.equal(scan.host.calls.length, 200);
});

Deno.test("a dispatcher that is slow on one payload does not hold back the workers of others", async () => {
  const plugins = (gate: Promise<void>) => ({
    router: {
      async getDispatches({ content }) {
        if (text(content) === "slow") await gate;
        return { pluginNames: ["quiet"], isFinal: true };
      },
    } satisfies FakePlugin,
    deep: { getDeepDispatches: () => ({ pluginNames: ["late"] }) } satisfies FakePlugin,
    quiet,
    late: quiet,
  });
  const setup = { dispatchers: ["router"], deepDispatchers: ["deep"] };
  const scan = new StalledScan(plugins, setup, ["slow", "a"]);
  await scan.stall();
  assert.deepEqual(scan.host.calls, [
    "router:dispatcher:slow",
    "router:dispatcher:a",
    "quiet:worker:a",
    "deep:deep-dispatcher:a",
    "late:worker:a",
  ]);
  await assertSameAsOrderly(scan, plugins, setup, ["slow", "a"]);
  assert.equal(scan.host.calls.length, 8);
});

Deno.test("a payload waits for all its own workers, what came out of it does not", async () => {
  const plugins = (gate: Promise<void>) => ({
    slow: { scan: () => gate.then(() => ({})) } satisfies FakePlugin,
    unpack: unpacker({ root: ["child"] }, gate),
    router: router({ root: ["late"], child: ["late"] }),
    late: quiet,
  });
  const setup = { alwaysDispatch: ["unpack"], dispatchers: ["router"] };
  const scan = new StalledScan((gate) => ({ ...plugins(gate), late: { ...quiet, requires: ["slow"] } }), {
    ...setup,
  });
  await scan.stall();
  assert.deepEqual(scan.host.calls, [
    "router:dispatcher:root",
    "slow:worker:root",
    "unpack:worker:root",
    "router:dispatcher:child",
    "slow:worker:child",
    "unpack:worker:child",
  ]);
  await scan.open();
});

Deno.test("who is met again meanwhile is as if nobody had gone ahead", async () => {
  const finder = (name: string, gate?: Promise<void>): FakePlugin => ({
    async scan({ extractedFrom }) {
      await gate;
      if (extractedFrom.length > 0) return {};
      return { extracted: [{ content: "same", payloadMeta: { extraData: { filename: name } } }] };
    },
  });
  const witness: FakePlugin = {
    scan: ({ payloadMeta, results, extractedBy }) => ({
      results: {
        name: payloadMeta.extraData.filename,
        others: results.alsoSeenAs?.map(({ filename }) => filename) ?? [],
        extractedBy,
      },
    }),
  };
  // In the order of the rounds the slow one is the first finder.
  const plugins = (gate: Promise<void>) => ({
    a_slow: finder("first", gate),
    b_quick: finder("second"),
    witness,
  });
  const setup = { alwaysDispatch: ["a_slow", "b_quick", "witness"] };
  const scan = new StalledScan(plugins, setup);
  await scan.stall();
  assert.ok(scan.host.calls.includes("witness:worker:same"));
  const response = await assertSameAsOrderly(scan, plugins, setup);
  assert.deepEqual(response.results[1]?.workers.witness, {
    name: "first",
    others: ["second"],
    extractedBy: ["a_slow", "b_quick"],
  });
  assert.equal(scan.host.calls.filter((call) => call === "witness:worker:same").length, 2);
});

Deno.test("a limit keeps out the last ones in order, though they were scanned ahead of the others", async () => {
  const table = { slow: ["s1", "s2", "s3"], quick: ["q1", "q2", "q3"] };
  const plugins = (gate: Promise<void>) => ({ unpack: unpacker(table, gate) });
  const setup = { alwaysDispatch: ["unpack"], limits: { payloads: 6 } };
  const scan = new StalledScan(plugins, setup, ["slow", "quick"]);
  await scan.stall();
  assert.ok(scan.host.calls.includes("unpack:worker:q3"));
  const response = await assertSameAsOrderly(scan, plugins, setup, ["slow", "quick"]);
  assert.deepEqual(response.errors.map(({ code }) => code), ["limit-payloads"]);
  assert.deepEqual(response.results.map(({ sha256 }) => sha256), [
    "digest of slow",
    "digest of quick",
    "digest of s1",
    "digest of s2",
    "digest of s3",
    "digest of q1",
  ]);
});

Deno.test("what is held ahead never exceeds what the request may still extract", async () => {
  let extractedBytes = 0;
  const plugins = (gate: Promise<void>) => ({
    digger: {
      async scan({ content }) {
        if (text(content) === "slow") await gate;
        extractedBytes += content.length + 1;
        return { extracted: [{ content: `${text(content)}+` }] };
      },
    } satisfies FakePlugin,
  });
  const setup = { alwaysDispatch: ["digger"], limits: { extractedBytes: 600, recursionRounds: 100 } };
  const scan = new StalledScan(plugins, setup, ["slow", "a"]);
  await scan.stall();
  // One answer more is asked for than fits, which is not kept.
  assert.ok(extractedBytes > 600 && extractedBytes < 660, `${extractedBytes}`);
  const response = await assertSameAsOrderly(scan, plugins, setup, ["slow", "a"]);
  assert.ok(response.errors.some(({ code }) => code === "limit-extracted-bytes"));
});

Deno.test("a plugin that looks at other payloads is not called ahead twice, and sees what it has to see", async () => {
  const table = { root: ["slow", "a"], a: ["b", "c"] };
  const plugins = (gate: Promise<void>) => ({
    unpack: unpacker(table, gate),
    looker: {
      async scan({ content }, request) {
        await null;
        const isLooking = ["b", "c", "slow"].includes(text(content));
        return { results: { payloads: isLooking ? request.results.map(({ sha256 }) => sha256) : [] } };
      },
    } satisfies FakePlugin,
  });
  const setup = { alwaysDispatch: ["unpack"], dispatchers: [] };
  const always = { ...setup, alwaysDispatch: ["looker", "unpack"] };
  const scan = new StalledScan(plugins, always);
  await scan.stall();
  // It looked at "slow", in its turn: since then it has to wait for its turn.
  assert.ok(!scan.host.calls.includes("looker:worker:b"));
  assert.ok(scan.host.calls.includes("unpack:worker:b"));
  const response = await assertSameAsOrderly(scan, plugins, always);
  assert.deepEqual(response.results[3]?.workers.looker, {
    payloads: ["root", "slow", "a", "b", "c"].map((content) => `digest of ${content}`),
  });
});

Deno.test("a plugin that is found to look only when it was called ahead is called again", async () => {
  const table = { root: ["slow", "a"], a: ["b", "c"] };
  const plugins = (gate: Promise<void>) => ({
    unpack: unpacker(table, gate),
    looker: { scan: (_, request) => ({ results: request.results.length }) } satisfies FakePlugin,
    router: router({ b: ["looker"], c: ["looker"] }),
  });
  const setup = { alwaysDispatch: ["unpack"], dispatchers: ["router"] };
  const scan = new StalledScan(plugins, setup);
  await scan.stall();
  await assertSameAsOrderly(scan, plugins, setup);
  const count = (content: string) =>
    scan.host.calls.filter((call) => call === `looker:worker:${content}`).length;
  assert.deepEqual([count("b"), count("c")].sort(), [1, 2]);
});

Deno.test("the rounds wait for a call that was begun ahead instead of making it again", async () => {
  const second = Promise.withResolvers<void>();
  const table = { root: ["slow", "a"], a: ["b"] };
  const plugins = (gate: Promise<void>) => ({
    unpack: unpacker(table, gate),
    dreamy: { scan: () => second.promise.then(() => ({ results: "dream" })) } satisfies FakePlugin,
    router: router({ b: ["dreamy"] }),
  });
  const scan = new StalledScan(plugins, { alwaysDispatch: ["unpack"], dispatchers: ["router"] });
  await scan.stall();
  scan.gate.resolve();
  await scan.settle();
  second.resolve();
  const response = await scan.response;
  assert.equal(response.results[3]?.workers.dreamy, "dream");
  assert.equal(scan.host.calls.filter((call) => call.startsWith("dreamy")).length, 1);
});

Deno.test("a caller that gives up ends what was begun ahead", async () => {
  const abort = new AbortController();
  const plugins = (gate: Promise<void>) => ({
    unpack: unpacker({ root: ["slow", "a"], a: ["b"] }, gate),
    hanging: { scan: () => gate.then(() => ({})) } satisfies FakePlugin,
    router: router({ b: ["hanging"] }),
  });
  const setup = { alwaysDispatch: ["unpack"], dispatchers: ["router"] };
  const scan = new StalledScan(plugins, setup, ["root"], abort.signal);
  await scan.stall();
  const signal = scan.host.signals.get("hanging:b");
  assert.equal(signal?.aborted, false);
  abort.abort(new Error("enough"));
  assert.equal(signal?.aborted, true);
  await scan.settle();
  const calls = scan.host.calls.length;
  scan.gate.resolve();
  await assert.rejects(scan.response, /enough/);
  await scan.settle();
  assert.equal(scan.host.calls.length, calls);
});

Deno.test("what was found ahead stays when the request's time is up", async () => {
  const plugins = (gate: Promise<void>) => ({
    unpack: unpacker({ root: ["slow", "a"], a: ["b"], b: ["c"] }, gate),
  });
  const limits = { requestTimeoutMs: 10_000 };
  const scan = new StalledScan(plugins, { alwaysDispatch: ["unpack"], limits });
  await scan.stall();
  scan.clock.pass(10_000);
  const response = await scan.open();
  assert.deepEqual(response.results.map(({ sha256, pluginsRun }) => [sha256, pluginsRun.workers]), [
    ["digest of root", ["unpack"]],
    ["digest of slow", ["unpack"]],
    ["digest of a", ["unpack"]],
    ["digest of b", ["unpack"]],
    ["digest of c", ["unpack"]],
  ]);
});

Deno.test("a worker that can't be loaded, and one that throws, fail once though they were called ahead", async () => {
  const plugins = (gate: Promise<void>) => ({
    unpack: unpacker({ root: ["slow", "a"], a: ["b"] }, gate),
    broken: {
      scan: ({ content }) => {
        throw new Error(`no ${text(content)}`);
      },
    } satisfies FakePlugin,
    router: router({ b: ["broken", "gone"] }),
  });
  const setup = { alwaysDispatch: ["unpack"], dispatchers: ["router"] };
  const scan = new StalledScan(plugins, setup);
  await scan.stall();
  const response = await assertSameAsOrderly(scan, plugins, setup);
  assert.deepEqual(response.errors.map(({ code }) => code), ["plugin-not-found", "plugin-failed"]);
  assert.equal(scan.host.calls.filter((call) => call === "broken:worker:b").length, 1);
});

Deno.test("who looks in its turn sees the request as the round found it, also where the others had gone ahead", async () => {
  const contents = [...Array.from({ length: 99 }, (_, index) => `root ${index}`), "slow"];
  const plugins = (gate: Promise<void>) => ({
    unpack: unpacker({}, gate),
    late: {
      scan: ({ content }, request) =>
        text(content) === "slow" ? { results: request.errors.length } : { errors: ["a remark"] },
    } satisfies FakePlugin,
    router: {
      getDispatches: ({ results }) => ({ pluginNames: results.workers.unpack ? ["late"] : [] }),
    } satisfies FakePlugin,
  });
  const setup = { alwaysDispatch: ["unpack"], dispatchers: ["router"] };
  const scan = new StalledScan(plugins, setup, contents);
  await scan.stall();
  assert.equal(scan.host.calls.filter((call) => call.startsWith("late")).length, 99);
  const response = await assertSameAsOrderly(scan, plugins, setup, contents);
  assert.equal(response.results.at(-1)?.workers.late, 0);
});

Deno.test("who is met ahead has the id that the response gives it", async () => {
  const table = { root: ["slow", "a"], a: ["b"], slow: ["d"] };
  const plugins = (gate: Promise<void>) => ({
    unpack: unpacker(table, gate),
    teller: {
      scan: ({ payloadId, extractedFrom }) => ({ results: [payloadId, ...extractedFrom] }),
    } satisfies FakePlugin,
  });
  const scan = new StalledScan(plugins, { alwaysDispatch: ["teller", "unpack"] });
  await scan.stall();
  assert.ok(scan.host.calls.includes("teller:worker:b"));
  const { results } = await scan.open();
  assert.equal(results.length, 5);
  // It was not asked again, so what it told is what it was shown ahead.
  assert.equal(scan.host.calls.filter((call) => call === "teller:worker:b").length, 1);
  for (const { payloadId, extractedFrom, workers } of results) {
    assert.deepEqual(workers.teller, [payloadId, ...extractedFrom]);
  }
});
