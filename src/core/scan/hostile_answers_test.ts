import assert from "node:assert/strict";
import { StoqError } from "../contract/errors.ts";
import { MAX_ERROR_CHARS } from "../contract/limits.ts";
import { type FakePlugin, fakeScan } from "../testing/fake_environment.ts";
import { readAnswer } from "./answer_reader.ts";
import { readDeliveryItem, readPayload } from "./delivery_reader.ts";
import { MAX_FAILURES, MAX_NAMES } from "./value_reader.ts";

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
  assert.match(response.errors[0]!.error, /plugin names must have at most 1000000 items, got 4294967295$/);
});

Deno.test("a plugin may be called as JavaScript calls its own things", async () => {
  const { response } = await fakeScan({ constructor: insight }, { alwaysDispatch: ["constructor"] });
  assert.equal(response.results[0]?.timings.constructor, 0);
});

Deno.test("a plugin that failed to load did not run, and neither does what requires it", async () => {
  const plugins = {
    top: { ...insight, requires: ["broken"] },
    broken: { ...insight, loadError: new StoqError("plugin-load-failed", "no") },
  };
  const { response } = await fakeScan(plugins, { alwaysDispatch: ["top"] });
  assert.deepEqual(response.results[0]?.pluginsRun.workers, []);
  assert.deepEqual(response.errors.map(({ code, pluginName }) => [code, pluginName]), [
    ["plugin-load-failed", "broken"],
    ["required-plugin-unavailable", "top"],
  ]);
});

Deno.test("a dispatcher that is asked again and repeats its failure is reported once for each payload", async () => {
  const half: FakePlugin = { getDispatches: () => ({ pluginNames: ["insight"], errors: ["half blind"] }) };
  const { response, calls } = await fakeScan({ half, insight }, { dispatchers: ["half"] }, ["a", "b"]);
  assert.equal(calls.filter((call) => call.startsWith("half")).length, 4);
  const payloads = response.results.map(({ payloadId }) => payloadId);
  assert.deepEqual(response.errors.map(({ payloadId }) => payloadId), payloads);
});

Deno.test("the text of every error is cut, with a note", async () => {
  const long = "é".repeat(20_000);
  const plugins = {
    reports: { scan: () => ({ errors: [long, { message: long, code: "too-long" }] }) },
    throws: throwing(new Error(long)),
    unloadable: { ...insight, loadError: new StoqError("plugin-load-failed", long) },
  };
  const { response } = await fakeScan(plugins, { alwaysDispatch: Object.keys(plugins), isExplaining: true });
  assert.equal(response.errors.length, 4);
  const reasons = response.results[0]!.explain!.map(({ reason }) => reason);
  for (const text of [...response.errors.map(({ error }) => error), ...reasons]) {
    assert.ok(text.length <= MAX_ERROR_CHARS + 100, String(text.length));
  }
  for (const { error } of response.errors) assert.match(error, /é … \(cut, 200\d\d characters in all\)$/);
});

Deno.test("an answer reports and names only so much; what is left out is counted", async () => {
  const names = Array.from({ length: 300_000 }, (_, index) => `worker${index}`);
  const plugins: Record<string, FakePlugin> = {
    loud: { scan: () => ({ errors: new Array(5_000).fill("no") }) },
    generous: { scan: () => ({ dispatchTo: [...names, "insight"] }) },
    wordy: { scan: () => ({ dispatchTo: ["n".repeat(1_000_000)] }) },
    stutters: { scan: () => ({ dispatchTo: [...new Array(5_000).fill("insight")] }) },
    insight,
  };
  const { response } = await fakeScan(plugins, { alwaysDispatch: Object.keys(plugins) });
  const texts = (plugin: string, code: string) =>
    response.errors.filter((error) => error.pluginName === plugin && error.code === code)
      .map(({ error }) => error);
  assert.equal(texts("loud", "plugin-error").length, MAX_FAILURES);
  assert.deepEqual(texts("loud", "limit-answer-errors"), [
    "4900 errors were left out: an answer may report 100",
  ]);
  assert.equal(response.errors.filter(({ code }) => code === "plugin-not-found").length, MAX_NAMES);
  assert.deepEqual(texts("generous", "limit-answer-names"), [
    "299001 plugin names were left out: a list may hold 1000",
  ]);
  assert.match(texts("wordy", "plugin-bad-response")[0]!, /must have at most 200 characters, got 1000000$/);
  assert.deepEqual(response.errors.filter(({ pluginName }) => pluginName === "stutters"), []);
});

Deno.test("metadata of an answer is together no larger than results may be", async () => {
  const text = "x".repeat(400);
  const extract = (count: number): FakePlugin => ({
    scan: ({ extractedFrom }) => ({
      results: "r".repeat(900),
      extracted: extractedFrom.length > 0 ? [] : Array.from({ length: count }, (_, index) => ({
        content: `${index}`,
        payloadMeta: { extraData: { text }, dispatchTo: ["insight"] },
      })),
    }),
  });
  const setup = { alwaysDispatch: ["extract"], limits: { resultBytes: 1000 } };
  const fits = await fakeScan({ extract: extract(2), insight }, setup);
  assert.deepEqual(fits.response.errors, []);
  const { response } = await fakeScan({ extract: extract(4), insight }, setup);
  assert.equal(response.results.length, 5);
  const kept = response.results.slice(1).map(({ payloadMeta }) => payloadMeta);
  assert.deepEqual(kept.map(({ extraData, dispatchTo }) => [extraData.text?.toString().length, dispatchTo]), [
    [400, ["insight"]],
    [400, ["insight"]],
    [undefined, []],
    [undefined, []],
  ]);
  assert.deepEqual(response.errors.map(({ code, error }) => [code, error]), [[
    "limit-result-bytes",
    "Metadata was left out 4 times: more than 1000 bytes in one answer ([limits] result_bytes)",
  ]]);
});

Deno.test("very many problems of an answer are counted and not kept", () => {
  const answer = readAnswer({ extracted: new Array(1_000_000).fill(7) }, 1000);
  assert.equal(answer.problemCount, 2_000_000);
  assert.ok(answer.problems.length < 100);
});

Deno.test("a delivery whose metadata are too large is refused and not trimmed", () => {
  const payload = { content: "x", payloadMeta: { extraData: { text: "x".repeat(2000) } } };
  const reading = readDeliveryItem({ kind: "payload", payload }, 1000);
  assert.ok("problems" in reading);
  assert.match(reading.problems[0]!, /Metadata was left out once: more than 1000 bytes/);
  assert.ok("problems" in readPayload(payload, 1000));
});
