import assert from "node:assert/strict";
import { scanRequest } from "./scan.ts";
import { StoqError } from "../contract/errors.ts";
import {
  FakeClock,
  fakeEnvironment,
  FakeHost,
  type FakePlugin,
  fakeScan,
  type FakeSetup,
} from "../testing/fake_environment.ts";

const insight: FakePlugin = { scan: () => ({ results: { valuable_insight: "wow" } }) };
const text = (content: Uint8Array) => new TextDecoder().decode(content);
/** Extracts from the payload of the request alone. */
const extractor = (...contents: string[]): FakePlugin => ({
  scan: ({ extractedFrom }) => ({
    extracted: extractedFrom.length > 0 ? [] : contents.map((content) => ({ content })),
  }),
});
const router = (...pluginNames: string[]): FakePlugin => ({ getDispatches: () => ({ pluginNames }) });

/** Lines of one payload, each as `role plugin ran: reason`. */
async function explained(
  plugins: Readonly<Record<string, FakePlugin>>,
  setup: FakeSetup,
  options?: Parameters<typeof fakeScan>[3],
  index = 0,
): Promise<string[]> {
  const { response } = await fakeScan(plugins, { ...setup, isExplaining: true }, ["root"], options);
  return linesOf(response.results[index]);
}

function linesOf(payload: Awaited<ReturnType<typeof fakeScan>>["response"]["results"][number] | undefined) {
  return payload!.explain!.map(({ role, plugin, ran, reason }) => `${role} ${plugin} ${ran}: ${reason}`);
}

Deno.test("a worker that ran names all that requested it, in the order of the requests", async () => {
  const plugins: Record<string, FakePlugin> = {
    yara: {
      getDispatches: () => ({ pluginNames: ["insight", "top"], meta: { insight: { rule: "Zip" } } }),
    },
    insight,
    top: { ...insight, requires: ["base"] },
    base: insight,
  };
  const setup = { alwaysDispatch: ["insight"], dispatchers: ["yara"] };
  assert.deepEqual(await explained(plugins, setup, { startDispatch: ["insight"] }), [
    "dispatcher yara true: dispatchers; named insight (rule Zip), top; asked 3 times; " +
    "not again, since results did not change",
    "worker base true: required by top",
    "worker insight true: start_dispatch, always_dispatch, dispatcher yara (rule Zip)",
    "worker top true: dispatcher yara",
  ]);
});

Deno.test("a worker that is requested again names what requested it, and runs once", async () => {
  const plugins: Record<string, FakePlugin> = {
    first: insight,
    second: { scan: () => ({ dispatchTo: ["first", "third"] }) },
    third: insight,
  };
  assert.deepEqual(await explained(plugins, { alwaysDispatch: ["first", "second"] }), [
    "worker first true: always_dispatch; asked for again, but a worker runs once: dispatch_to of second",
    "worker second true: always_dispatch",
    "worker third true: dispatch_to of second",
  ]);
});

Deno.test("workers that can't run are explained, with what requested them", async () => {
  const plugins: Record<string, FakePlugin> = {
    yara: router("gone", "yara", "broken", "circle", "deep", "needy", "sad"),
    broken: { ...insight, loadError: new StoqError("plugin-load-failed", "no such file") },
    circle: { ...insight, requires: ["circle"] },
    deep: { ...insight, requires: ["d1"] },
    d1: { ...insight, requires: ["d2"] },
    d2: insight,
    needy: { ...insight, requires: ["missing"] },
    sad: { ...insight, requires: ["throws"] },
    throws: {
      scan: () => {
        throw new Error("no");
      },
    },
  };
  const setup = { dispatchers: ["yara"], limits: { requiredWorkerDepth: 1 } };
  const lines = (await explained(plugins, setup)).filter((line) => line.startsWith("worker"));
  assert.deepEqual(lines.map((line) => line.slice("worker ".length)), [
    "throws true: required by sad; failed: worker:failed to scan: Error: no",
    'sad true: dispatcher yara; failed: "throws", which it requires, had failed',
    'gone false: Plugin "gone" failed to load: no plugin of this name is installed; asked for: dispatcher yara',
    `yara false: Plugin "yara" can't be a worker: it is dispatcher; asked for: dispatcher yara`,
    "broken false: no such file; asked for: dispatcher yara",
    'circle false: Circular required plugin dependency found, unable to process plugin "circle": circle → circle; ' +
    "asked for: dispatcher yara",
    'deep false: Max required plugin depth 1 reached, unable to process plugin "d2"; asked for: dispatcher yara',
    'needy false: Worker "needy" was not run: it requires "missing", which is not available; ' +
    "asked for: dispatcher yara",
    'missing false: Plugin "missing" failed to load: no plugin of this name is installed; asked for: required by needy',
  ]);
});

Deno.test("what the last round left alone says so for every plugin that was selected", async () => {
  const plugins: Record<string, FakePlugin> = {
    unpack: {
      scan: ({ extractedFrom }) => ({
        extracted: extractedFrom.length > 0
          ? []
          : [{ content: "child", payloadMeta: { dispatchTo: ["insight"] } }],
        dispatchTo: ["insight"],
      }),
    },
    insight,
    yara: router(),
    deep: { getDeepDispatches: () => undefined },
    keeper: { archive: () => undefined },
  };
  const setup = {
    alwaysDispatch: ["unpack"],
    dispatchers: ["yara"],
    deepDispatchers: ["deep"],
    destArchivers: ["keeper"],
    limits: { recursionRounds: 1 },
  };
  assert.deepEqual(await explained(plugins, setup), [
    "dispatcher yara true: dispatchers; named no plugin; asked 2 times; not again, since results did not change",
    "worker unpack true: always_dispatch",
    'worker insight false: Final worker round (1) reached, unable to run "insight"; asked for: dispatch_to of unpack',
    "deep-dispatcher deep false: the last round (1) was over before its turn came",
    "dest-archiver keeper true: dest_archivers",
  ]);
  const why = "Final worker round (1) reached, unable to process payload";
  assert.deepEqual(await explained(plugins, setup, {}, 1), [
    `dispatcher yara false: ${why}`,
    `worker insight false: ${why}; asked for: dispatch_to of the payload`,
    `worker unpack false: ${why}`,
    `deep-dispatcher deep false: ${why}`,
    "dest-archiver keeper true: dest_archivers",
  ]);
});

Deno.test("when the request's time is up, those that had no turn say so", async () => {
  const clock = new FakeClock();
  const plugins: Record<string, FakePlugin> = {
    slow: {
      scan() {
        clock.pass(1000);
        return { dispatchTo: ["insight"] };
      },
    },
    insight,
    yara: router(),
    deep: { getDeepDispatches: () => undefined },
  };
  const limits = { requestTimeoutMs: 500 };
  const setup = { alwaysDispatch: ["slow"], dispatchers: ["yara"], deepDispatchers: ["deep"], clock, limits };
  const timeUp = "The request's time is up after 0.5 s ([limits] request_timeout)";
  assert.deepEqual(await explained(plugins, setup), [
    `dispatcher yara true: dispatchers; named no plugin; asked once; failed: ${timeUp}`,
    "worker slow true: always_dispatch",
    `worker insight false: The request's time was up after 0.5 s, unable to run "insight" ` +
    "([limits] request_timeout); asked for: dispatch_to of slow",
    "deep-dispatcher deep false: the request's time was up before its turn came",
  ]);
});

Deno.test("payloads that are not to be scanned, too large or not read say which it was", async () => {
  const plugins = { insight, keeper: { archive: () => undefined } };
  const setup = {
    alwaysDispatch: ["insight"],
    destArchivers: ["keeper"],
    limits: { payloadBytes: 10 },
    isExplaining: true,
  };
  const response = await scanRequest(fakeEnvironment(new FakeHost(plugins), setup), {
    payloads: [
      { content: "no", payloadMeta: { shouldScan: false, shouldArchive: false } },
      { content: "more than ten" },
    ],
    unread: { sizeBytes: 1000, readLimitBytes: 10, payloadMeta: {} },
  });
  const tooLarge = (bytes: number) =>
    `The payload was not scanned: ${bytes} bytes, the limit is 10 ([limits] payload_bytes)`;
  assert.deepEqual(response.results.map(linesOf), [
    [
      "worker insight false: should_scan is false; asked for: always_dispatch",
      "dest-archiver keeper false: should_archive is false",
    ],
    [
      `worker insight false: ${tooLarge(13)}; asked for: always_dispatch`,
      "dest-archiver keeper true: dest_archivers",
    ],
    [
      `worker insight false: ${tooLarge(1000)}; asked for: always_dispatch`,
      `dest-archiver keeper false: ${tooLarge(1000)}`,
    ],
  ]);
});

Deno.test("archivers say what kept them from a payload, or how they failed", async () => {
  const plugins = {
    keeper: {
      archive: () => {
        throw new Error("disk full");
      },
    },
  };
  const setup = { destArchivers: ["keeper"], isExplaining: true };
  assert.deepEqual(await explained(plugins, setup), [
    "dest-archiver keeper true: dest_archivers; failed: archiver:failed to archive: Error: disk full",
  ]);
  const response = await scanRequest(fakeEnvironment(new FakeHost(plugins), setup), {
    payloads: [{ content: "x" }],
    requestMeta: { archivePayloads: false },
  });
  assert.deepEqual(linesOf(response.results[0]), [
    "dest-archiver keeper false: archive_payloads of the request is false",
  ]);
});

Deno.test("bytes that are met again are scanned once, and their second finder's wishes count", async () => {
  const plugins = { unpack: extractor("same", "same", "same"), insight };
  const duplicate: FakePlugin = {
    scan: ({ content }) => ({
      extracted: text(content) === "root"
        ? [{ content: "same", payloadMeta: { dispatchTo: ["insight"] } }]
        : [],
    }),
  };
  const setup = { alwaysDispatch: ["unpack", "zip"] };
  assert.deepEqual(await explained({ ...plugins, zip: duplicate }, setup, {}, 1), [
    "worker insight true: dispatch_to of a duplicate",
    "worker unpack true: always_dispatch",
    "worker zip true: always_dispatch",
    "null * false: met again with the same bytes (3 times): scanned once",
  ]);
});

Deno.test("dispatchers say whom they named, how often they were asked, and why no more", async () => {
  const plugins: Record<string, FakePlugin> = {
    final: { getDispatches: () => ({ pluginNames: ["insight"], isFinal: true }) },
    none: router(),
    fails: {
      getDispatches: () => {
        throw new Error("no");
      },
    },
    broken: { ...router(), loadError: new StoqError("plugin-load-failed", "no such file") },
    deep: { getDeepDispatches: () => ({ pluginNames: ["late"], meta: { late: { rule: "Pe" } } }) },
    insight,
    late: insight,
  };
  const setup = { dispatchers: ["final", "none", "fails", "broken"], deepDispatchers: ["deep"] };
  assert.deepEqual(await explained(plugins, setup), [
    "dispatcher final true: dispatchers; named insight; asked once; its answer was final",
    "dispatcher none true: dispatchers; named no plugin; asked 3 times; not again, since results did not change",
    "dispatcher fails true: dispatchers; named no plugin; asked 3 times; not again, since results did not change; " +
    "failed: dispatcher:failed to dispatch: Error: no",
    "dispatcher broken false: no such file",
    "worker insight true: dispatcher final",
    "worker late true: deep dispatcher deep (rule Pe) in pass 1",
    "deep-dispatcher deep true: deep_dispatchers; named late (rule Pe); asked once; max_dispatch_passes is 1",
  ]);
});

Deno.test("plugins are not shown explanations, and without explain there are none", async () => {
  let hasSeen = false;
  const looker: FakePlugin = {
    scan: ({ results }, request) => {
      hasSeen ||= "explain" in results || request.results.some((payload) => "explain" in payload);
      return {};
    },
  };
  const setup = { alwaysDispatch: ["insight", "looker"], dispatchers: ["yara"] };
  const { response } = await fakeScan({ insight, looker, yara: router() }, { ...setup, isExplaining: true });
  assert.ok(!hasSeen && response.results[0]?.explain);
  const silent = await fakeScan({ insight, looker, yara: router() }, setup);
  assert.ok(!("explain" in silent.response.results[0]!));
});

Deno.test("explanations stay small, whatever is named and however often, and who ran is always in them", async () => {
  const rule = "r".repeat(100_000);
  const ghosts = (content: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${"g".repeat(150)} ${content} ${index}`);
  const plugins: Record<string, FakePlugin> = {
    liar: {
      getDispatches: ({ content }) => {
        const pluginNames = [...ghosts(text(content), 110), "insight"];
        return { pluginNames, meta: { [pluginNames[0]!]: { rule }, insight: { rule } }, isFinal: true };
      },
    },
    insight,
  };
  const contents = Array.from({ length: 400 }, (_, index) => `root ${index}`);
  // Of these the response would hold but some.
  const limits = { responseCost: Infinity };
  const setup = { dispatchers: ["liar"], isExplaining: true, limits };
  const { response } = await fakeScan(plugins, setup, contents);
  let chars = 0;
  for (const { explain, pluginsRun } of response.results) {
    assert.ok(explain!.length <= 104, String(explain!.length));
    const ran = explain!.filter(({ role, ran }) => role === "worker" && ran).map(({ plugin }) => plugin);
    assert.deepEqual(ran, pluginsRun.workers);
    assert.match(explain!.at(-1)!.reason, /^more plugins were asked for/);
    chars += explain!.reduce((sum, { plugin, reason }) => sum + plugin.length + reason.length, 0);
  }
  assert.ok(chars > 5_000_000 && chars < 15_000_000, `${chars} characters`);
});
