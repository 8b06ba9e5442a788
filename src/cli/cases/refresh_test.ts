import assert from "node:assert/strict";
import { refreshExpectation, renderCases } from "./refresh.ts";

const FOUND = { filename: "a", size: 1, sha256: "00", text: "x", extra_data: { filename: "a" } };

Deno.test("a case without expectation gets everything, of payloads name, size and digest", () => {
  const actual = {
    results: { n: 1 },
    extracted: [FOUND],
    dispatch: [],
    payload_meta: {},
    errors: [{ code: "c", error: "e" }],
  };
  assert.deepEqual(refreshExpectation("worker", undefined, actual), {
    results: { n: 1 },
    extracted: [{ filename: "a", size: 1, sha256: "00" }],
    errors: ["c"],
  });
});

Deno.test("a case that gives nothing expects nothing", () => {
  const nothing = { extracted: [], dispatch: [], payload_meta: {}, errors: [] };
  assert.deepEqual(refreshExpectation("worker", undefined, nothing), { results: { $absent: true } });
  assert.deepEqual(refreshExpectation("dispatcher", undefined, nothing), { dispatch: [] });
});

Deno.test("the author's choice of fields and comparisons stays", () => {
  const expect = {
    results: { a: 1, text: { $contains: "x" }, gone: 1, list: [{ k: 1 }] },
    extracted: [{ text: "old" }],
  };
  const actual = {
    results: { a: 2, b: 3, text: "axb", list: [{ k: 2, l: 1 }, { k: 3, l: 1 }] },
    extracted: [FOUND],
    errors: [],
  };
  assert.deepEqual(refreshExpectation("worker", expect, actual), {
    results: { a: 2, text: { $contains: "x" }, gone: { $absent: true }, list: [{ k: 2 }, { k: 3 }] },
    extracted: [{ text: "x" }],
  });
});

Deno.test("errors stay codes, or records where their text was expected", () => {
  const actual = { results: 1, errors: [{ code: "new", error: "words" }, { code: "more", error: "words" }] };
  assert.deepEqual(refreshExpectation("worker", { errors: ["old", { code: "more", error: "w" }] }, actual), {
    errors: ["new", { code: "more", error: "words" }],
  });
  assert.deepEqual(refreshExpectation("worker", { results: 1 }, actual), {
    results: 1,
    errors: ["new", "more"],
  });
});

Deno.test("a file of cases keeps everything but the expectations", () => {
  const text = JSON.stringify({
    $schema: "x",
    cases: [{ name: "a", expect: { results: 1 }, input: {} }, { name: "b" }],
  });
  assert.deepEqual(JSON.parse(renderCases(text, new Map([["a", { results: 2 }]]))), {
    $schema: "x",
    cases: [{ name: "a", expect: { results: 2 }, input: {} }, { name: "b" }],
  });
});
