import assert from "node:assert/strict";
import { FakeClock, type FakePlugin, fakeScan } from "./fake_engine.ts";

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

Deno.test("what early workers of a round extract is taken off what later ones may extract", async () => {
  const budgets: number[] = [];
  const split: FakePlugin = {
    scan(payload, { budget }) {
      if (payload.extractedFrom.length === 0) {
        return { extracted: Array.from({ length: 200 }, (_, index) => ({ content: `part ${index}` })) };
      }
      budgets.push(budget.extractedBytes);
      return { extracted: [{ content: `${payload.payloadId}${"x".repeat(budget.extractedBytes / 2)}` }] };
    },
  };
  const { response } = await fakeScan({ split }, {
    alwaysDispatch: ["split"],
    limits: { extractedBytes: 10_000, recursionRounds: 2 },
  });
  assert.equal(budgets.length, 200);
  assert.ok(budgets.at(-1)! < budgets[0]! / 2, `${budgets[0]} → ${budgets.at(-1)}`);
  const extractedBytes = response.results.slice(1).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  assert.ok(extractedBytes <= 10_000);
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
