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
    [cycle, `${place}.inner.outer[0] contains itself, must be data`],
    [{ a: [1n] }, `${place}.a[0] ${data}, got a value of type bigint`],
    [{ f() {} }, `${place}.f ${data}, got a value of type function`],
    [{ s: Symbol("s") }, `${place}.s ${data}, got a value of type symbol`],
    [{ list: [undefined] }, `${place}.list[0] ${data}, got undefined`],
    [{ when: new Date(0) }, `${place}.when ${data}, got a value of type Date`],
    [{ m: new Map() }, `${place}.m ${data}, got a value of type Map`],
    [{ b: new ArrayBuffer(1) }, `${place}.b ${data}, got a value of type ArrayBuffer`],
    [{ u: new URL("https://a.b/") }, `${place}.u ${data}, got a value of type URL`],
    [{ name: "a\ud800" }, `${place}.name has a lone surrogate, must be text`],
    [{ "a\ud800": 1 }, `a key of ${place} has a lone surrogate, must be text`],
    [null, `${place} must be an object, got null`],
    [[], `${place} must be an object, got a value of type Array`],
  ];
  for (const [extraData, message] of cases) assert.equal(refusal(withExtra(extraData)), message);
});

Deno.test("depth and number of values are bounded", () => {
  let deep: unknown = {};
  for (let depth = 0; depth < 100; depth++) deep = { deep };
  assert.match(refusal(withExtra(deep)), /is nested deeper than 100$/);
  let twin: unknown = {};
  for (let depth = 0; depth < 40; depth++) twin = { twin: [twin, twin] };
  assert.match(refusal(withExtra(twin)), /has more than 1000000 values/);
  assert.match(refusal(withExtra({ holes: new Array(2 ** 32 - 1) })), /holes\[0\] must be .*, got undefined/);
});

Deno.test("each part of a request has its type", () => {
  const cases: [unknown, string][] = [
    [null, "request must be an object, got null"],
    [{}, "request.payloads must be a list of payloads, got undefined"],
    [{ payloads: null }, "request.payloads must be a list of payloads, got null"],
    [{ payloads: new Set() }, "request.payloads must be a list of payloads, got a value of type Set"],
    [{ payloads: ["x"] }, "request.payloads[0] must be an object, got a value of type string"],
    [
      { payloads: [{ content: "x", payloadMeta: null }] },
      "request.payloads[0].payloadMeta must be an object, got null",
    ],
    [
      { payloads: [{ content: "x", payloadMeta: { shouldScan: 1 } }] },
      "request.payloads[0].payloadMeta.shouldScan must be true or false, got a value of type number",
    ],
    [
      { payloads: [{ content: "x", payloadMeta: { dispatchTo: "hash" } }] },
      "request.payloads[0].payloadMeta.dispatchTo must be a list of texts, got a value of type string",
    ],
    [
      { payloads: [], requestMeta: { source: 1 } },
      "request.requestMeta.source must be text, got a value of type number",
    ],
    [
      { payloads: [], requestMeta: { extraData: 1 } },
      "request.requestMeta.extraData must be an object, got a value of type number",
    ],
  ];
  for (const [request, message] of cases) assert.equal(refusal(request), message);
});

Deno.test("content that is neither bytes nor text is refused, an ArrayBuffer too", () => {
  for (const content of [new ArrayBuffer(4), [1, 2], 5, null, undefined, new Blob(["x"])]) {
    assert.match(
      refusal({ payloads: [{ content: "good" }, { content }] }),
      /^request\.payloads\[1\]\.content must be a Uint8Array or text, got (?:a value of type \w+|null|undefined)$/,
    );
  }
});
