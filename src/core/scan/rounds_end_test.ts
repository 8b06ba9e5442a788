import assert from "node:assert/strict";
import { FakeClock, type FakePlugin, fakeScan } from "../testing/fake_environment.ts";

const insight: FakePlugin = { scan: () => ({ results: { valuable_insight: "wow" } }) };
/** Sends everything to one worker. */
const router = (worker: string): FakePlugin => ({ getDispatches: () => ({ pluginNames: [worker] }) });

Deno.test("a payload that came out when the time was up and that no dispatcher saw is named", async () => {
  const clock = new FakeClock();
  const slow: FakePlugin = {
    scan() {
      clock.pass(1000);
      return { extracted: [{ content: "child" }] };
    },
  };
  const setup = { dispatchers: ["router"], clock, limits: { requestTimeoutMs: 500 } };
  const { response } = await fakeScan({ slow, insight, router: router("insight") }, setup, ["root"], {
    startDispatch: ["slow"],
  });
  const child = response.results[1]?.payloadId;
  assert.deepEqual(
    response.errors.filter(({ payloadId }) => payloadId === child).map(({ code, role }) => [code, role]),
    [["limit-request-time", "dispatcher"]],
  );
});

Deno.test("workers of a deep pass for which no round is left are named", async () => {
  const plugins = { insight, late: insight, deep: { getDeepDispatches: () => ({ pluginNames: ["later"] }) } };
  const setup = { alwaysDispatch: ["insight"], deepDispatchers: ["deep"], limits: { recursionRounds: 1 } };
  const { response } = await fakeScan(plugins, setup, ["root"], { startDeepDispatch: ["late"] });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["insight"]);
  assert.deepEqual(response.errors.map(({ error }) => error), [
    'Final worker round (1) reached, unable to run "late", "later"',
  ]);
});

Deno.test("what the last round extracted has one error, and no dispatcher is asked about it", async () => {
  const digger: FakePlugin = {
    scan: (payload) => ({ extracted: [{ content: `${new TextDecoder().decode(payload.content)}+` }] }),
  };
  const setup = { dispatchers: ["router"], limits: { recursionRounds: 2 } };
  const { response, calls } = await fakeScan({ digger, router: router("digger") }, setup);
  assert.deepEqual(response.errors.map(({ payloadId, code }) => [payloadId, code]), [
    [response.results[2]?.payloadId, "limit-recursion"],
  ]);
  assert.ok(!calls.includes("router:dispatcher:root++"));
});

Deno.test("a final answer in one role does not speak for the other role of the plugin", async () => {
  const both: FakePlugin = {
    getDispatches: () => ({ isFinal: true }),
    getDeepDispatches: () => ({ pluginNames: ["insight"] }),
  };
  const { response } = await fakeScan({ both, insight }, {
    dispatchers: ["both"],
    deepDispatchers: ["both"],
  });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, ["insight"]);
});

/** Extracts what a table says of a payload; those of which the table says nothing hold nothing. */
const digger = (table: Readonly<Record<string, readonly string[]>>): FakePlugin => ({
  scan: async ({ content }, { budget }) => {
    const text = new TextDecoder().decode(content);
    // Late ones answer first.
    for (let turn = 0; turn < 50 - text.length; turn++) await null;
    return { results: budget.extractedBytes, extracted: (table[text] ?? []).map((content) => ({ content })) };
  },
});
const parts = (name: string, count: number, size: number) =>
  Array.from({ length: count }, (_, index) => `${name}${index}`.padEnd(size, "."));

Deno.test("all calls of a round may extract what is left when the round begins, and the largest are cut to fit", async () => {
  const table = { big: parts("b", 20, 10), small: parts("s", 3, 10), medium: parts("m", 8, 10) };
  const setup = { alwaysDispatch: ["digger"], limits: { extractedBytes: 150, recursionRounds: 2 } };
  const { response } = await fakeScan({ digger: digger(table) }, setup, ["big", "small", "medium"]);
  const { results, errors } = response;
  assert.deepEqual(results.slice(0, 3).map(({ workers }) => workers.digger), [150, 150, 150]);
  const counts = Map.groupBy(results.slice(3), ({ sha256 }) => sha256!["digest of ".length]!);
  assert.deepEqual([...counts].map(([name, { length }]) => [name, length]), [["b", 6], ["s", 3], ["m", 6]]);
  assert.deepEqual(errors.map(({ error, payloadId }) => [error, payloadId]), [
    [
      "14 extracted payloads with 140 bytes were left out: the limit is 150 ([limits] extracted_bytes)",
      results[0]!.payloadId,
    ],
    [
      "2 extracted payloads with 20 bytes were left out: the limit is 150 ([limits] extracted_bytes)",
      results[2]!.payloadId,
    ],
  ]);
});

Deno.test("where there are too many payloads those that extract most are cut, from the tail", async () => {
  const table = { big: parts("b", 50, 3), small: parts("s", 2, 9) };
  const setup = { alwaysDispatch: ["digger"], limits: { payloads: 12, recursionRounds: 2 } };
  const { response } = await fakeScan({ digger: digger(table) }, setup, ["big", "small"]);
  assert.deepEqual(
    response.results.slice(2).map(({ sha256 }) => sha256),
    [
      ...table.big.slice(0, 8),
      ...table.small,
    ].map((content) => `digest of ${content}`),
  );
  assert.deepEqual(response.errors.map(({ error }) => error), [
    "42 extracted payloads with 126 bytes were left out: the limit is 12 ([limits] payloads)",
  ]);
});

Deno.test("what a round extracted is taken off what the next one may extract", async () => {
  const table = { root: [...parts("a", 1, 60)], [parts("a", 1, 60)[0]!]: parts("c", 9, 10) };
  const setup = { alwaysDispatch: ["digger"], limits: { extractedBytes: 100, recursionRounds: 3 } };
  const { response } = await fakeScan({ digger: digger(table) }, setup);
  assert.equal(response.results[1]!.workers.digger, 40);
  assert.equal(response.results.length, 2 + 4);
  assert.deepEqual(response.errors.map(({ error }) => error), [
    "5 extracted payloads with 50 bytes were left out: the limit is 100 ([limits] extracted_bytes)",
  ]);
});

for (const stage of ["archive", "decorate"] as const) {
  Deno.test(`a caller that gives up while plugins ${stage} gets its reason, and nothing is saved`, async () => {
    const abort = new AbortController();
    const plugins: Record<string, FakePlugin> = {
      last: { [stage]: () => abort.abort(new Error("enough")) },
      saver: { save: () => undefined },
    };
    const setup = { [stage === "archive" ? "destArchivers" : "decorators"]: ["last"], connectors: ["saver"] };
    await assert.rejects(fakeScan(plugins, setup, ["root"], { signal: abort.signal }), /enough/);
  });
}
