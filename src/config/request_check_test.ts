import assert from "node:assert/strict";
import { checkRequest } from "./request_check.ts";

const withExtra = (extraData: unknown) => ({ payloads: [{ content: "x", payloadMeta: { extraData } }] });
const refusal = (request: unknown): string => {
  try {
    checkRequest("request", request);
  } catch (error) {
    assert.ok(error instanceof TypeError);
    return error.message;
  }
  return "none";
};

Deno.test("plain data in a request pass", () => {
  const shared = { a: 1 };
  const extraData = {
    text: "ü\u0000😀",
    list: [null, true, 1.5, NaN, new Uint8Array(2), []],
    record: Object.assign(Object.create(null), { shared }),
    absent: undefined,
    twice: [shared, shared],
    instance: new (class Point {
      x = 1;
    })(),
  };
  assert.equal(refusal(withExtra(extraData)), "none");
  assert.equal(refusal({ payloads: [] }), "none");
  assert.equal(
    refusal({
      payloads: [{ content: new Uint8Array(), payloadMeta: { shouldScan: false, dispatchTo: ["hash"] } }],
      requestMeta: { source: null, archivePayloads: true, extraData },
    }),
    "none",
  );
});

Deno.test("what has no JSON form is refused at its own place", () => {
  const cycle: Record<string, unknown> = { inner: {} };
  (cycle.inner as Record<string, unknown>).outer = [cycle];
  const place = "request.payloads[0].payloadMeta.extraData";
  const data = "must be null, true, false, a number, text, a Uint8Array, a list or an object";
  const cases: [unknown, string][] = [
    [cycle, `${place}.inner.outer[0] holds itself, must be data`],
    [{ a: [1n] }, `${place}.a[0] is of type bigint, ${data}`],
    [{ f() {} }, `${place}.f is of type function, ${data}`],
    [{ s: Symbol("s") }, `${place}.s is of type symbol, ${data}`],
    [{ list: [undefined] }, `${place}.list[0] is undefined, ${data}`],
    [{ when: new Date(0) }, `${place}.when is of type Date, ${data}`],
    [{ m: new Map() }, `${place}.m is of type Map, ${data}`],
    [{ b: new ArrayBuffer(1) }, `${place}.b is of type ArrayBuffer, ${data}`],
    [{ u: new URL("https://a.b/") }, `${place}.u is of type URL, ${data}`],
    [{ name: "a\ud800" }, `${place}.name holds a lone surrogate, must be text`],
    [{ "a\ud800": 1 }, `a key of ${place} holds a lone surrogate, must be text`],
    [null, `${place} is null, must be an object`],
    [[], `${place} is of type Array, must be an object`],
  ];
  for (const [extraData, message] of cases) assert.equal(refusal(withExtra(extraData)), message);
});

Deno.test("depth and number of values are bounded", () => {
  let deep: unknown = {};
  for (let depth = 0; depth < 100; depth++) deep = { deep };
  assert.match(refusal(withExtra(deep)), /is nested deeper than 100$/);
  let twin: unknown = {};
  for (let depth = 0; depth < 40; depth++) twin = { twin: [twin, twin] };
  assert.match(refusal(withExtra(twin)), /holds more than 1000000 values/);
  assert.match(refusal(withExtra({ holes: new Array(2 ** 32 - 1) })), /holes\[0\] is undefined/);
});

Deno.test("each part of a request has its type", () => {
  const cases: [unknown, string][] = [
    [null, "request is null, must be an object"],
    [{}, "request.payloads is undefined, must be a list of payloads"],
    [{ payloads: null }, "request.payloads is null, must be a list of payloads"],
    [{ payloads: new Set() }, "request.payloads is of type Set, must be a list of payloads"],
    [{ payloads: ["x"] }, "request.payloads[0] is of type string, must be an object"],
    [
      { payloads: [{ content: "x", payloadMeta: null }] },
      "request.payloads[0].payloadMeta is null, must be an object",
    ],
    [
      { payloads: [{ content: "x", payloadMeta: { shouldScan: 1 } }] },
      "request.payloads[0].payloadMeta.shouldScan is of type number, must be true or false",
    ],
    [
      { payloads: [{ content: "x", payloadMeta: { dispatchTo: "hash" } }] },
      "request.payloads[0].payloadMeta.dispatchTo is of type string, must be a list of names",
    ],
    [
      { payloads: [], requestMeta: { source: 1 } },
      "request.requestMeta.source is of type number, must be text",
    ],
    [
      { payloads: [], requestMeta: { extraData: 1 } },
      "request.requestMeta.extraData is of type number, must be an object",
    ],
  ];
  for (const [request, message] of cases) assert.equal(refusal(request), message);
});

Deno.test("content that is neither bytes nor text is refused, an ArrayBuffer too", () => {
  for (const content of [new ArrayBuffer(4), [1, 2], 5, null, undefined, new Blob(["x"])]) {
    assert.match(
      refusal({ payloads: [{ content: "good" }, { content }] }),
      /^request\.payloads\[1\]\.content is (?:of type \w+|null|undefined), must be a Uint8Array or text$/,
    );
  }
});
