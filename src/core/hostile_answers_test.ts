import assert from "node:assert/strict";
import { scanRequest } from "./engine.ts";
import { StoqError } from "./errors.ts";
import { fakeEngine, FakeHost, type FakePlugin, fakeScan } from "./fake_engine.ts";

const insight: FakePlugin = { scan: () => ({ results: { valuable_insight: "wow" } }) };
const throwing = (error: unknown): FakePlugin => ({
  scan: () => {
    throw error;
  },
});
const trap = {
  get: () => {
    throw new Error("trap");
  },
};

Deno.test("an error that fights being read is one failure, and the others' results stay", async () => {
  const plugins = {
    code: throwing(Object.defineProperty(new Error("no"), "code", trap)),
    getter: throwing(Object.defineProperty(new Error("no"), "message", trap)),
    symbol: throwing(Object.assign(new Error("no"), { message: Symbol("s") })),
    insight,
  };
  const { response } = await fakeScan(plugins, { alwaysDispatch: Object.keys(plugins) });
  assert.deepEqual(response.errors.map(({ pluginName, code }) => [pluginName, code]), [
    ["code", "plugin-failed"],
    ["getter", "plugin-failed"],
    ["symbol", "plugin-failed"],
  ]);
  assert.deepEqual(response.results[0]?.workers, { insight: { valuable_insight: "wow" } });
});

Deno.test("a list that only claims to be long is refused without being walked", async () => {
  const long = { scan: () => ({ results: 1, dispatchTo: new Array(2 ** 32 - 1) }) };
  const { response } = await fakeScan({ long }, { alwaysDispatch: ["long"] });
  assert.equal(response.results[0]?.workers.long, 1);
  assert.match(response.errors[0]!.error, /plugin names has 4294967295 items, must have at most 1000000$/);
});

Deno.test("a plugin may be called as JavaScript calls its own things", async () => {
  const { response } = await fakeScan({ constructor: insight }, { alwaysDispatch: ["constructor"] });
  assert.equal(response.results[0]?.timings.constructor, 0);
});

Deno.test("a plugin of another API did not run, and neither does what requires it", async () => {
  const plugins = {
    top: { ...insight, requires: ["future"] },
    future: { ...insight, loadError: new StoqError("plugin-api-mismatch", "no") },
  };
  const { response } = await fakeScan(plugins, { alwaysDispatch: ["top"] });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, []);
  assert.deepEqual(response.errors.map(({ code, pluginName }) => [code, pluginName]), [
    ["plugin-api-mismatch", "future"],
    ["required-plugin-unavailable", "top"],
  ]);
});

Deno.test("a dispatcher that is asked again and repeats its failure is reported once for each payload", async () => {
  const half: FakePlugin = { getDispatches: () => ({ pluginNames: ["insight"], errors: ["half blind"] }) };
  const { response, calls } = await fakeScan({ half, insight }, { dispatchers: ["half"] }, ["a", "b"]);
  assert.equal(calls.filter((call) => call.startsWith("half")).length, 4);
  assert.deepEqual(response.errors.map(({ payloadId }) => payloadId), ["id-1", "id-2"]);
});

Deno.test("content that is neither bytes nor text is the caller's mistake", async () => {
  const engine = fakeEngine(new FakeHost({}), {});
  for (const content of [new ArrayBuffer(4), [1, 2], 5, null, undefined, new Blob(["x"])]) {
    const request = { payloads: [{ content: "good" }, { content: content as unknown as string }] };
    await assert.rejects(scanRequest(engine, request), {
      name: "TypeError",
      message: /^Content of payload 1 is of type \w+, must be a Uint8Array or text$/,
    });
  }
});
