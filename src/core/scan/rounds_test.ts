import assert from "node:assert/strict";
import { StoqError } from "../contract/errors.ts";
import { FakeClock, type FakePlugin, fakeScan } from "../testing/fake_environment.ts";
import { PluginError } from "../contract/plugin_error.ts";

const quiet: FakePlugin = { scan: () => undefined };
const insight: FakePlugin = { scan: () => ({ results: { valuable_insight: "wow" } }) };
const extractor = (...contents: string[]): FakePlugin => ({
  scan: (payload) =>
    payload.extractedFrom.length === 0 ? { extracted: contents.map((content) => ({ content })) } : {},
});
/** Extracts something new from everything, for ever. */
const digger: FakePlugin = {
  scan: (payload) => ({ extracted: [{ content: `${new TextDecoder().decode(payload.content)}+` }] }),
};

Deno.test("a scan without plugins lists the payload with its size and digest", async () => {
  const { response } = await fakeScan({}, {});
  assert.equal(response.results.length, 1);
  assert.equal(response.results[0]?.sizeBytes, 4);
  assert.equal(response.results[0]?.sha256, "digest of root");
  assert.ok(response.scanId !== "" && response.scanId !== response.results[0]?.payloadId);
  assert.equal(response.time, "2026-01-01T00:00:00.000Z");
});

Deno.test("always_dispatch runs on extracted payloads, start_dispatch on roots only", async () => {
  const plugins = { extractor: extractor("child"), insight };
  const always = await fakeScan(plugins, { alwaysDispatch: ["extractor", "insight"] });
  assert.deepEqual(always.response.results.map((results) => results.pluginsRun.workers), [
    ["extractor", "insight"],
    ["extractor", "insight"],
  ]);
  const start = await fakeScan(plugins, { alwaysDispatch: ["extractor"] }, ["root"], {
    startDispatch: ["insight"],
  });
  assert.deepEqual(start.response.results.map((results) => results.pluginsRun.workers), [
    ["extractor", "insight"],
    ["extractor"],
  ]);
});

Deno.test("a dispatcher's workers run once and see its metadata", async () => {
  let seen: unknown;
  const plugins: Record<string, FakePlugin> = {
    router: {
      getDispatches: () => ({ pluginNames: ["worker", "worker"], meta: { worker: { rule: "exe" } } }),
    },
    worker: {
      scan(payload) {
        seen = payload.dispatchMeta;
        return {};
      },
    },
  };
  const { response, calls } = await fakeScan(plugins, { dispatchers: ["router"], isExplaining: true });
  assert.deepEqual(seen, { router: { worker: { rule: "exe" } } });
  assert.equal(calls.filter((call) => call === "worker:worker:root").length, 1);
  assert.deepEqual(response.results[0]?.explain, [
    {
      plugin: "router",
      role: "dispatcher",
      ran: true,
      reason: "dispatchers; named worker (rule exe); asked 2 times; not again, since results did not change",
    },
    { plugin: "worker", role: "worker", ran: true, reason: "dispatcher router (rule exe)" },
  ]);
});

Deno.test("dispatchers are asked again only when the payload's results changed", async () => {
  const router: FakePlugin = {
    getDispatches: (payload) => ({ pluginNames: payload.results.workers.insight ? ["quiet"] : [] }),
  };
  const { response, calls } = await fakeScan({ router, insight, quiet }, {
    dispatchers: ["router"],
    alwaysDispatch: ["insight"],
  });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["insight", "quiet"]);
  assert.equal(calls.filter((call) => call.startsWith("router")).length, 3);
});

Deno.test("a dispatcher whose answer is final is asked once", async () => {
  const router: FakePlugin = { getDispatches: () => ({ pluginNames: ["quiet"], isFinal: true }) };
  const { response, calls } = await fakeScan({ router, insight, quiet }, {
    dispatchers: ["router"],
    alwaysDispatch: ["insight"],
  });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["insight", "quiet"]);
  assert.equal(calls.filter((call) => call.startsWith("router")).length, 1);
});

Deno.test("a worker that is asked for while it runs is not run again", async () => {
  const plugins: Record<string, FakePlugin> = {
    asker: {
      scan: () => ({
        dispatchTo: ["busy"],
        extracted: [{ content: "root", payloadMeta: { dispatchTo: ["busy"] } }],
      }),
    },
    busy: insight,
  };
  const { calls } = await fakeScan(plugins, { alwaysDispatch: ["asker", "busy"] });
  assert.deepEqual(calls, ["asker:worker:root", "busy:worker:root"]);
});

Deno.test("a forced deep dispatch that never got its turn is named", async () => {
  const sender: FakePlugin = { scan: () => ({ dispatchTo: ["insight"] }) };
  const { response } = await fakeScan(
    { sender, insight, quiet },
    { alwaysDispatch: ["sender"], limits: { recursionRounds: 1 } },
    ["root"],
    { startDeepDispatch: ["quiet"] },
  );
  assert.match(response.errors[0]!.error, /unable to run "insight", "quiet"$/);
});

Deno.test("a payload whose only worker can't run has settled, so deep dispatch gets its turn", async () => {
  const { response } = await fakeScan({ insight }, { alwaysDispatch: ["gone"] }, ["root"], {
    startDeepDispatch: ["insight"],
  });
  assert.deepEqual(response.errors.map(({ code }) => code), ["plugin-not-found"]);
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["insight"]);
});

Deno.test("a payload's dispatch_to counts, for roots and extracted payloads alike", async () => {
  const plugins: Record<string, FakePlugin> = {
    parent: { scan: () => ({ extracted: [{ content: "child", payloadMeta: { dispatchTo: ["insight"] } }] }) },
    insight,
  };
  const { response } = await fakeScan(plugins, {}, ["root"], { startDispatch: ["parent"] });
  assert.deepEqual(response.results[1]?.pluginsRun.workers, ["insight"]);
  assert.deepEqual(response.results[1]?.extractedBy, ["parent"]);
  assert.deepEqual(response.results[1]?.extractedFrom, [response.results[0]?.payloadId]);
});

Deno.test("should_scan false keeps everybody away, but not the archivers", async () => {
  const plugins: Record<string, FakePlugin> = {
    parent: { scan: () => ({ extracted: [{ content: "child", payloadMeta: { shouldScan: false } }] }) },
    keeper: { archive: () => ({ results: { kept: true } }) },
    insight,
  };
  const { response } = await fakeScan(plugins, {
    alwaysDispatch: ["insight", "parent"],
    destArchivers: ["keeper"],
  });
  assert.deepEqual(response.results[1]?.pluginsRun, { workers: [], archivers: ["keeper"] });
});

Deno.test("equal bytes are scanned once and every finder is remembered", async () => {
  const plugins: Record<string, FakePlugin> = {
    first: {
      scan: () => ({ extracted: [{ content: "same", payloadMeta: { extraData: { filename: "a" } } }] }),
    },
    second: {
      scan: () => ({
        extracted: [{
          content: "same",
          payloadMeta: { extraData: { filename: "b" }, dispatchTo: ["insight"] },
        }],
      }),
    },
    insight,
  };
  const { response } = await fakeScan(plugins, {}, ["root"], { startDispatch: ["first", "second"] });
  assert.equal(response.results.length, 2);
  const twin = response.results[1];
  assert.deepEqual(twin?.extractedBy, ["first", "second"]);
  assert.deepEqual(twin?.payloadMeta.extraData, { filename: "a" });
  assert.deepEqual(twin?.alsoSeenAs, [
    {
      filename: "b",
      extractedFrom: response.results[0]!.payloadId,
      extractedBy: "second",
      extraData: { filename: "b" },
    },
  ]);
  assert.deepEqual(twin?.pluginsRun.workers, ["insight"]);
});

Deno.test("bytes that one worker wants scanned are scanned, in any order of workers", async () => {
  const plugins: Record<string, FakePlugin> = {
    first: { scan: () => ({ extracted: [{ content: "same", payloadMeta: { shouldScan: false } }] }) },
    second: { scan: () => ({ extracted: [{ content: "same" }] }) },
    insight,
  };
  const { response } = await fakeScan(plugins, { alwaysDispatch: ["insight"] }, ["root"], {
    startDispatch: ["first", "second"],
  });
  assert.deepEqual(response.results[1]?.pluginsRun.workers, ["insight"]);
});

Deno.test("the last round keeps what it extracted and reports that it was not scanned", async () => {
  const { response } = await fakeScan({ digger }, {
    alwaysDispatch: ["digger"],
    limits: { recursionRounds: 3 },
  });
  assert.equal(response.results.length, 4);
  assert.deepEqual(response.errors.map(({ code, payloadId }) => [code, payloadId]), [[
    "limit-recursion",
    response.results[3]!.payloadId,
  ]]);
  assert.match(response.errors[0]!.error, /^Final worker round \(3\) reached, unable to process payload/);
});

Deno.test("work that the last round left over is named", async () => {
  const sender: FakePlugin = { scan: () => ({ dispatchTo: ["insight"] }) };
  const { response } = await fakeScan({ sender, insight }, {
    alwaysDispatch: ["sender"],
    limits: { recursionRounds: 1 },
  });
  assert.match(response.errors[0]!.error, /unable to run "insight"/);
});

Deno.test("a worker that throws has run, and the error names the plugin, the payload and the reason", async () => {
  const broken: FakePlugin = {
    scan: () => {
      throw new RangeError("kaboom");
    },
  };
  const { response } = await fakeScan({ broken, insight }, { alwaysDispatch: ["broken", "insight"] });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["broken", "insight"]);
  assert.deepEqual(response.errors, [{
    error: "worker:failed to scan: RangeError: kaboom",
    pluginName: "broken",
    payloadId: response.results[0]!.payloadId,
    code: "plugin-failed",
    role: "worker",
    durationMs: 0,
  }]);
});

Deno.test("what is good in a bad answer is kept", async () => {
  const odd = {
    scan: () => ({ results: { good: 1 }, extracted: ["no", { content: 7 }, { content: "yes" }] }),
  };
  const { response } = await fakeScan({ odd: odd as unknown as FakePlugin }, {}, ["root"], {
    startDispatch: ["odd"],
  });
  assert.deepEqual(response.results[0]?.workers.odd, { good: 1 });
  assert.equal(response.results.length, 2);
  assert.equal(response.errors[0]?.code, "plugin-bad-response");
  assert.match(
    response.errors[0]!.error,
    /extracted\[0\] must be an object, got a value of type string \(and \d more problems\)/,
  );
});

Deno.test("dispatchers' errors are reported, and a failing one stops no other", async () => {
  const plugins: Record<string, FakePlugin> = {
    a: {
      getDispatches: () => {
        throw new Error("no");
      },
    },
    b: {
      getDispatches: () => ({ pluginNames: ["insight"], errors: [{ message: "half blind", code: "blind" }] }),
    },
    insight,
  };
  const { response } = await fakeScan(plugins, { dispatchers: ["a", "b"] });
  assert.deepEqual(response.errors.map(({ code, error }) => [code, error]), [
    ["plugin-failed", "dispatcher:failed to dispatch: Error: no"],
    ["blind", "half blind"],
  ]);
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["insight"]);
});

Deno.test("required workers run first, and one that failed is named", async () => {
  const plugins: Record<string, FakePlugin> = {
    top: { ...insight, requires: ["middle"] },
    middle: {
      requires: ["bottom"],
      scan: () => {
        throw new Error("no");
      },
    },
    bottom: quiet,
  };
  const { response, calls } = await fakeScan(plugins, { alwaysDispatch: ["top"] });
  assert.deepEqual(calls, ["bottom:worker:root", "middle:worker:root", "top:worker:root"]);
  assert.deepEqual(response.errors.map(({ code, pluginName }) => [code, pluginName]), [
    ["plugin-failed", "middle"],
    ["required-plugin-failed", "top"],
  ]);
});

Deno.test("a missing plugin and all that require it are named once", async () => {
  const plugins: Record<string, FakePlugin> = {
    top: { ...insight, requires: ["middle"] },
    middle: { ...quiet, requires: ["gone"] },
  };
  const { response, calls } = await fakeScan(plugins, { alwaysDispatch: ["top"] });
  assert.deepEqual(calls, []);
  assert.deepEqual(response.errors.map(({ code, pluginName }) => [code, pluginName]), [
    ["plugin-not-found", "gone"],
    ["required-plugin-unavailable", "middle"],
    ["required-plugin-unavailable", "top"],
  ]);
});

Deno.test("a required worker that can't load takes its dependant with it", async () => {
  const plugins: Record<string, FakePlugin> = {
    top: { ...insight, requires: ["broken"] },
    broken: { ...quiet, loadError: new StoqError("plugin-load-failed", "no") },
  };
  const { response } = await fakeScan(plugins, { alwaysDispatch: ["top"] });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, []);
  assert.deepEqual(response.errors.map(({ code, pluginName }) => [code, pluginName]), [
    ["plugin-load-failed", "broken"],
    ["required-plugin-unavailable", "top"],
  ]);
});

Deno.test("circles and too deep chains of required workers stop that dispatch alone", async () => {
  const circular = { a: { ...quiet, requires: ["b"] }, b: { ...quiet, requires: ["a"] }, insight };
  const { response } = await fakeScan(circular, { alwaysDispatch: ["a", "insight"] });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["insight"]);
  assert.match(response.errors[0]!.error, /^Circular required plugin dependency.*a → b → a$/);

  const chain = { a: { ...quiet, requires: ["b"] }, b: { ...quiet, requires: ["c"] }, c: quiet };
  const deep = await fakeScan(chain, { alwaysDispatch: ["a"], limits: { requiredWorkerDepth: 1 } });
  assert.match(deep.response.errors[0]!.error, /^Max required plugin depth 1 reached/);
  assert.deepEqual(deep.calls, []);
});

Deno.test("a plugin that is no worker can't be dispatched to, and the rest goes on", async () => {
  const saver: FakePlugin = { save: () => {} };
  const { response } = await fakeScan({ saver, insight }, { alwaysDispatch: ["insight"] }, ["root"], {
    startDispatch: ["saver"],
  });
  assert.equal(response.errors[0]?.code, "plugin-wrong-role");
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["insight"]);
});

Deno.test("a deep dispatcher sees settled results, and the pass is noted", async () => {
  const plugins: Record<string, FakePlugin> = {
    deep: {
      getDeepDispatches: (payload) => ({ pluginNames: payload.results.workers.insight ? ["late"] : [] }),
    },
    insight,
    late: { scan: () => ({ results: { late: true } }) },
  };
  const setup = { alwaysDispatch: ["insight"], deepDispatchers: ["deep"] };
  const { response, calls } = await fakeScan(plugins, setup, ["root"], { startDeepDispatch: ["late"] });
  assert.deepEqual(response.results[0]?.deepPasses, { late: 1 });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["insight", "late"]);
  assert.equal(calls.filter((call) => call.startsWith("deep:")).length, 1);
});

Deno.test("limits leave out what is too much and keep the rest", async () => {
  const many = extractor("aaaa", "bb", "cc", "dd", "eeeeeeeeeeeeeeeeeeeeee");
  const limits = { payloadBytes: 10, extractedBytes: 7, payloads: 10 };
  const { response } = await fakeScan({ many }, { alwaysDispatch: ["many"], limits });
  assert.deepEqual(response.results.map(({ sizeBytes }) => sizeBytes), [4, 4, 2]);
  assert.deepEqual(response.errors.map(({ code }) => code), ["limit-payload-bytes", "limit-extracted-bytes"]);
  assert.match(response.errors[1]!.error, /^2 extracted payloads with 4 bytes were left out: the limit is 7/);

  const few = await fakeScan({ many }, { alwaysDispatch: ["many"], limits: { payloads: 3 } });
  assert.equal(few.response.results.length, 3);
  assert.deepEqual(few.response.errors.map(({ code }) => code), ["limit-payloads"]);

  const ratio = { expansionRatio: 2, expansionFloorBytes: 5 };
  const tight = await fakeScan({ many }, { alwaysDispatch: ["many"], limits: ratio });
  assert.deepEqual(tight.response.results.map(({ sizeBytes }) => sizeBytes), [4, 4, 2, 2]);
  assert.deepEqual(tight.response.errors.map(({ code }) => code), ["limit-expansion-ratio"]);
});

Deno.test("a root over the limit is listed and not scanned, roots beyond the count are left out", async () => {
  const { response, calls } = await fakeScan({ insight }, {
    alwaysDispatch: ["insight"],
    limits: { payloadBytes: 5, payloads: 2 },
  }, ["small", "too large", "one too many"]);
  assert.deepEqual(response.results.map(({ sizeBytes }) => sizeBytes), [5, 9]);
  assert.deepEqual(calls, ["insight:worker:small"]);
  assert.deepEqual(response.errors.map(({ code }) => code), ["limit-payload-bytes", "limit-payloads"]);
});

Deno.test("results that are too large or no data are left out with an error", async () => {
  const large: FakePlugin = { scan: () => ({ results: { text: "x".repeat(2000) } }) };
  const odd = { scan: () => ({ results: { f: () => 1 } }) } as unknown as FakePlugin;
  const { response } = await fakeScan({ large, odd }, {
    alwaysDispatch: ["large", "odd"],
    limits: { resultBytes: 1000 },
  });
  assert.deepEqual(response.results[0]?.workers, {});
  assert.deepEqual(response.errors.map(({ code }) => code), ["limit-result-bytes", "plugin-bad-response"]);
});

Deno.test("when the request's time is up, what was found stays and what was not done is named", async () => {
  const clock = new FakeClock();
  const slow: FakePlugin = {
    scan() {
      clock.pass(1000);
      return { results: { slow: true }, dispatchTo: ["insight"] };
    },
  };
  const { response, calls } = await fakeScan({ slow, insight }, {
    alwaysDispatch: ["slow"],
    limits: { requestTimeoutMs: 500 },
    clock,
  });
  assert.deepEqual(calls, ["slow:worker:root"]);
  assert.deepEqual(response.results[0]?.workers.slow, { slow: true });
  assert.match(response.errors[0]!.error, /time was up after 0.5 s, unable to run "insight"/);
  assert.equal(response.results[0]?.timings.slow, 1000);
});

Deno.test("a caller that gives up gets its own reason", async () => {
  const abort = new AbortController();
  const slow: FakePlugin = {
    scan() {
      abort.abort(new Error("enough"));
      return {};
    },
  };
  const scan = fakeScan({ slow }, { alwaysDispatch: ["slow"] }, ["root"], { signal: abort.signal });
  await assert.rejects(scan, /enough/);
});

Deno.test("archivers, decorators and connectors finish the response, and their failures are in it", async () => {
  const saved: string[] = [];
  const plugins: Record<string, FakePlugin> = {
    keeper: { archive: (payload) => ({ results: { id: payload.sha256 } }) },
    decorator: { decorate: (response) => ({ results: { payloads: response.results.length } }) },
    saver: { save: (response) => void saved.push(response.scanId) },
    broken: {
      save: () => {
        throw new Error("disk full");
      },
    },
  };
  const { response } = await fakeScan(plugins, {
    destArchivers: ["keeper"],
    decorators: ["decorator"],
    connectors: ["saver", "broken"],
  });
  assert.deepEqual(response.results[0]?.archivers, { keeper: { id: "digest of root" } });
  assert.deepEqual(response.decorators, { decorator: { payloads: 1 } });
  assert.deepEqual(saved, [response.scanId]);
  assert.deepEqual(response.errors.map(({ code, role, pluginName }) => [code, role, pluginName]), [
    ["plugin-failed", "connector", "broken"],
  ]);
  assert.deepEqual(Object.keys(response.plugins), ["broken", "decorator", "keeper", "saver"]);
});

Deno.test("neither the request nor the payload is archived where they say so", async () => {
  const plugins: Record<string, FakePlugin> = {
    keeper: { archive: () => ({ results: {} }) },
    veto: { getDispatches: () => ({ payloadMeta: { shouldArchive: false } }) },
  };
  const { response } = await fakeScan(plugins, { destArchivers: ["keeper"], dispatchers: ["veto"] });
  assert.deepEqual(response.results[0]?.pluginsRun.archivers, []);
});

Deno.test("a thrown error's own code is kept when it can be one", async () => {
  const throwing = (code: string): FakePlugin => ({
    scan: () => {
      throw Object.assign(new Error("no"), { code });
    },
  });
  const plugins = { a: throwing("file-exists"), b: throwing("ENOENT"), c: throwing("x\n".repeat(99)) };
  const { response } = await fakeScan(plugins, { alwaysDispatch: ["a", "b", "c"] });
  assert.deepEqual(response.errors.map(({ code }) => code), [
    "file-exists",
    "plugin-failed",
    "plugin-failed",
  ]);
});

Deno.test("a PluginError's message stands alone, with its code", async () => {
  const strict: FakePlugin = {
    scan: () => {
      throw new PluginError("key-missing", 'decode: the option "key" is not set and should be text');
    },
  };
  const { response } = await fakeScan({ strict }, { alwaysDispatch: ["strict"] });
  assert.deepEqual(response.errors.map(({ code, error }) => [code, error]), [
    ["key-missing", 'worker:failed to scan: decode: the option "key" is not set and should be text'],
  ]);
});
