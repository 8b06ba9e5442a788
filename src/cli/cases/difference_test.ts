import assert from "node:assert/strict";
import type { PlainRecord } from "../../core/contract/plain.ts";
import { differencesOf, MAX_DIFFERENCES } from "./difference.ts";

const lines = (expected: PlainRecord, actual: PlainRecord) =>
  differencesOf(expected, actual).map(({ path, expected, actual }) => `${path}: ${expected} / ${actual}`);

Deno.test("fields that are not expected don't count, items of lists do", () => {
  assert.deepEqual(lines({ results: { a: 1 } }, { results: { a: 1, b: 2 }, errors: [] }), []);
  assert.deepEqual(lines({ list: [{ a: 1 }] }, { list: [{ a: 1, b: 2 }] }), []);
  assert.deepEqual(lines({ list: [1] }, { list: [1, 2] }), ["list: 1 item [1] / 2 items [1,2]"]);
});

Deno.test("a difference has its place and both sides", () => {
  assert.deepEqual(
    lines({ results: { list: [{ a: 1 }, { a: "x" }] } }, { results: { list: [{ a: 1 }, { a: "y" }] } }),
    [
      'results.list[1].a: "x" / "y"',
    ],
  );
  assert.deepEqual(lines({ results: { a: 1, b: null } }, { results: { a: "1" } }), [
    'results.a: 1 / "1"',
    "results.b: null / nothing",
  ]);
  assert.deepEqual(lines({ results: { a: 1 } }, { results: [1] }), ['results: {"a":1} / [1]']);
  assert.deepEqual(lines({ list: [1] }, {}), ["list: [1] / nothing"]);
});

Deno.test("what every object inherits is no field", () => {
  assert.deepEqual(lines({ results: { constructor: { $absent: true } } }, { results: {} }), []);
  assert.deepEqual(lines({ results: { toString: {} } }, { results: {} }), ["results.toString: {} / nothing"]);
});

Deno.test("comparisons ask for parts, members and absence", () => {
  const actual = { text: "hello world", list: [{ a: 1, b: 2 }, { a: 3 }] };
  assert.deepEqual(
    lines({ text: { $contains: ["hello", "world"] }, list: { $includes: [{ a: 3 }] } }, actual),
    [],
  );
  assert.deepEqual(lines({ text: { $contains: "moon" } }, actual), [
    'text: text with "moon" in it / "hello world"',
  ]);
  assert.deepEqual(lines({ list: { $contains: "a" } }, { list: [1] }), ['list: text with "a" in it / [1]']);
  assert.deepEqual(lines({ list: { $includes: [{ a: 2 }] } }, { list: [1] }), [
    'list: a list with {"a":2} in it / 1 item [1]',
  ]);
  assert.deepEqual(lines({ text: { $includes: [1] } }, actual), ['text: a list / "hello world"']);
  assert.deepEqual(lines({ text: { $absent: true } }, actual), ['text: nothing / "hello world"']);
});

Deno.test("long texts are shown from a little before the place at which they part", () => {
  const common = "x".repeat(100_000);
  const [difference] = differencesOf({ text: `${common}one${common}` }, { text: `${common}two${common}` });
  assert.match(difference!.expected, /^…"x{24}onex+…$/);
  assert.match(difference!.actual, /^…"x{24}twox+…$/);
});

Deno.test("the report of any number of differences is bounded", () => {
  const many = (value: unknown) =>
    Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, value]));
  const differences = differencesOf(
    many("a".repeat(10_000)) as PlainRecord,
    many(["b".repeat(10_000)]) as PlainRecord,
  );
  assert.equal(differences.length, MAX_DIFFERENCES);
  for (const { expected, actual } of differences) assert.ok(expected.length + actual.length < 400);
});
