import assert from "node:assert/strict";
import type { RunEvent } from "../../src/core/ports/run_event.ts";
import { sandboxOf, type StrangePlugin } from "../strange_plugin.ts";

const LOOP = "for (;;);";
const PLUGIN_TIMEOUT = 1;

/** A plugin that plays one role, with this body of its method; it spares requests whose payload is one byte. */
function playing(role: string, method: string, body: string): StrangePlugin {
  return {
    code: `export default () => ({ ${method}(first) {
    if (first?.content?.length === 1 || first?.results?.[0]?.sizeBytes === 1) return;
    ${body}
  } });`,
    manifest: { roles: [role] },
  };
}

const SCANNED: Readonly<Record<string, StrangePlugin>> = {
  "loop-worker": playing("worker", "scan", LOOP),
  "loop-late": playing("worker", "async scan", `await 0; ${LOOP}`),
  "loop-promises": playing("worker", "async scan", "for (;;) await 0;"),
  "loop-never": playing("worker", "scan", "return new Promise(() => {});"),
  "loop-getter": playing("worker", "scan", `return { get results() { ${LOOP} } };`),
  "loop-thenable": playing("worker", "scan", `return { then() { ${LOOP} } };`),
  "loop-text": playing("worker", "scan", `throw { toString() { ${LOOP} }, get message() { ${LOOP} } };`),
  "loop-pattern": playing("worker", "scan", 'return { results: /^(a|a?)+$/.test("a".repeat(60) + "!") };'),
  "loop-load": { code: `${LOOP} export default () => ({ scan() {} });` },
  "loop-dispatcher": playing("dispatcher", "getDispatches", LOOP),
  "loop-deep": playing("deep-dispatcher", "getDeepDispatches", LOOP),
  "loop-dest": playing("dest-archiver", "archive", LOOP),
  "loop-decorator": playing("decorator", "decorate", LOOP),
  "loop-connector": playing("connector", "save", LOOP),
};

Deno.test("an endless loop in any role costs its own call and no other", async () => {
  await using box = sandboxOf(SCANNED, {
    pluginTimeout: PLUGIN_TIMEOUT,
    alwaysDispatch: [
      "hash",
      ...Object.keys(SCANNED).filter((name) => SCANNED[name]!.code.includes("scan(")),
    ],
    dispatchers: ["loop-dispatcher"],
    deepDispatchers: ["loop-deep"],
    destArchivers: ["loop-dest"],
    decorators: ["loop-decorator"],
    connectors: ["loop-connector"],
  });
  const { errors, results: [payload] } = await box.scan();
  const ends = Object.fromEntries(errors.map(({ pluginName, code, role }) => [pluginName, [code, role]]));
  for (const [name, { manifest }] of Object.entries(SCANNED)) {
    const { roles: [role] = ["worker"] } = manifest as { roles?: string[] } | undefined ?? {};
    // What is thrown loops only if it is looked into.
    const code = name === "loop-text" ? ends[name]?.[0] : "plugin-timeout";
    assert.deepEqual(ends[name], [code, role], name);
  }
  assert.equal(errors.length, Object.keys(SCANNED).length);
  assert.equal((payload!.workers.hash as { md5: string }).md5, "a2004f37730b9445670a738fa0fc9ee5");
  const again = await box.stoq.scan("x");
  // What can't be loaded is not tried again.
  assert.deepEqual(again.errors.map(({ pluginName, code }) => [pluginName, code]), [[
    "loop-load",
    "plugin-timeout",
  ]]);
});

const GOOD_PROVIDER = `export default () => ({
  async *ingest() {
    yield { item: { kind: "task", task: { "loop-source": { id: 1 } } }, settle() {} };
    yield { item: { kind: "payload", payload: { content: "x" } }, settle() {} };
  },
});`;

/** Runs until a number of deliveries are settled; returns how they ended, the errors and the summary. */
async function runUntil(
  settled: number,
  plugins: Readonly<Record<string, StrangePlugin>>,
  providers: readonly string[],
  sourceArchivers: readonly string[] = [],
) {
  const events: string[] = [];
  const stop = new AbortController();
  await using box = sandboxOf(plugins, {
    pluginTimeout: PLUGIN_TIMEOUT,
    alwaysDispatch: ["hash"],
    providers,
    sourceArchivers,
  });
  const onEvent = (event: RunEvent) => {
    if (event.kind === "settled") events.push(event.outcome.status);
    if (event.kind === "error") events.push(`${event.error.pluginName} ${event.error.code}`);
    // Nothing keeps the responses of this run.
    if (events.filter((text) => text === "unkept" || text === "failed").length === settled) stop.abort();
  };
  const summary = await box.stoq.run({ stop: stop.signal, onEvent });
  return { events: events.toSorted(), summary };
}

Deno.test("a source archiver and a provider that loop cost their own deliveries, and the run can be stopped", async () => {
  const { events, summary } = await runUntil(
    2,
    {
      good: { code: GOOD_PROVIDER, manifest: { roles: ["provider"] } },
      "loop-source": playing("source-archiver", "get", LOOP),
      "loop-provider": playing("provider", "ingest", LOOP),
    },
    ["good", "loop-provider"],
    ["loop-source"],
  );
  assert.deepEqual(events, ["failed", "loop-source plugin-timeout", "unkept"]);
  // What could not be fetched waits for another try, which the stopped run does not make.
  assert.deepEqual([summary.done, summary.abandoned], [1, 1]);
});

Deno.test("a provider that loops when a delivery is settled is ended, and the run ends", async () => {
  const code = `export default () => ({
    async *ingest() { yield { item: { kind: "payload", payload: { content: "x" } }, settle() { ${LOOP} } }; },
  });`;
  const { events, summary } = await runUntil(9, { evil: { code, manifest: { roles: ["provider"] } } }, [
    "evil",
  ]);
  assert.deepEqual(events, ["null settle-failed", "unkept"]);
  assert.ok(summary.errors > 0);
});

const FORGED_DELIVERIES = [
  ["null", "null"],
  ["no item", '{"kind":"payload"}'],
  ["no payloads", '{"kind":"request","request":null}'],
  ["payloads that are none", '{"kind":"request","request":{"payloads":[null,1,{"payloadMeta":[]}]}}'],
  ["a task that is none", '{"kind":"task","task":[]}'],
  ["text", '"text"'],
] as const;

Deno.test("a provider that forges deliveries costs its own run and no other", async () => {
  for (const [what, json] of FORGED_DELIVERIES) {
    const code = `export default () => ({
      async *ingest() {
        postMessage({ type: "delivery", id: 1, delivery: 0, json: ${JSON.stringify(json)} });
        await new Promise((resolve) => setTimeout(resolve, 200));
      },
    });`;
    const good = { code: GOOD_PROVIDER.replace(/.*task.*\n/, ""), manifest: { roles: ["provider"] } };
    const { summary } = await runUntil(9, { evil: { code, manifest: { roles: ["provider"] } }, good }, [
      "evil",
      "good",
    ]);
    assert.ok(summary.done >= 1 && summary.errors + summary.failed + summary.done >= 2, what);
  }
});

Deno.test("a provider that sends contents without end is ended by its memory or the bound of a delivery", async () => {
  const code = `export default () => ({
    async *ingest() {
      for (;;) {
        const all = new Uint8Array(1.5e9);
        postMessage({ type: "contents", id: 1, contents: [all] }, [all.buffer]);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  });`;
  const { events } = await runUntil(9, { evil: { code, manifest: { roles: ["provider"] } } }, ["evil"]);
  assert.deepEqual(events.length, 1);
  assert.match(events[0]!, /^evil plugin-(?:crashed|memory)$/);
});
