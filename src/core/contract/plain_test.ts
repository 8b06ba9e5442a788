import assert from "node:assert/strict";
import { MAX_PLAIN_DEPTH, NotPlainError, PlainCopier } from "./plain.ts";

const toPlain = (value: unknown, limitBytes: number) => new PlainCopier(limitBytes).copy(value);
const isTooLarge = (error: unknown) => error instanceof NotPlainError && error.kind === "size";
const hasNoForm = (error: unknown) => error instanceof NotPlainError && error.kind === "shape";

Deno.test("values of JavaScript get their plain form", () => {
  assert.deepEqual(
    toPlain(
      { a: [1, undefined], b: undefined, c: new Date(0), d: new Map([["k", 1n]]), e: new Set([2]) },
      1000,
    ),
    { a: [1, null], c: "1970-01-01T00:00:00.000Z", d: { k: 1 }, e: [2] },
  );
  assert.equal(toPlain(2n ** 64n, 100), "18446744073709551616");
  assert.equal(toPlain(new Date(NaN), 100), null);
});

Deno.test("a date of the plugin's own class gets the form of a date, and its methods are not called", () => {
  class Odd extends Date {
    override toISOString(): string {
      return { live: () => {} } as unknown as string;
    }
    override getTime(): number {
      return NaN;
    }
  }
  assert.equal(toPlain(new Odd(0), 100), "1970-01-01T00:00:00.000Z");
});

Deno.test("dates count as the text that they become", () => {
  const dates = Array.from({ length: 4 }, () => new Date(0));
  assert.throws(() => toPlain(dates, 100), isTooLarge);
  assert.equal((toPlain(dates, 120) as unknown[]).length, 4);
});

Deno.test("bytes are copied, so what the plugin does to them later does not matter", () => {
  const bytes = new Uint8Array([1, 2, 3, 4]);
  const copy = toPlain(bytes.subarray(1, 3), 100) as Uint8Array;
  bytes.fill(9);
  assert.deepEqual([...copy], [2, 3]);
  assert.equal(copy.buffer.byteLength, 2);
});

Deno.test("__proto__ is a key like any other", () => {
  const copy = toPlain(JSON.parse('{"__proto__": {"polluted": true}}'), 100);
  assert.equal(JSON.stringify(copy), '{"__proto__":{"polluted":true}}');
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

Deno.test("a key that is an index takes no room for all indexes below it", () => {
  const records = Array.from({ length: 100_000 }, () => ({ 1023: 1 }));
  // As elements of an array they would take 1.2 GB.
  const before = Deno.memoryUsage().heapUsed;
  const copy = toPlain(records, 10_000_000) as readonly Readonly<Record<string, number>>[];
  assert.ok(Deno.memoryUsage().heapUsed - before < 200_000_000);
  assert.deepEqual([Object.keys(copy[0]!), copy.at(-1)![1023]], [["1023"], 1]);
  assert.equal(JSON.stringify(toPlain({ b: 1, 10: 2, 2: 3 }, 100)), '{"2":3,"10":2,"b":1}');
});

Deno.test("cycles, functions and symbols have no plain form", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  assert.throws(() => toPlain(cycle, 1e6), hasNoForm);
  assert.throws(() => toPlain({ f() {} }, 100), hasNoForm);
  assert.throws(() => toPlain([Symbol("x")], 100), hasNoForm);
});

Deno.test("nesting is allowed up to its limit", () => {
  const nest = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth));
  toPlain(nest(MAX_PLAIN_DEPTH), 1e6);
  assert.throws(() => toPlain(nest(MAX_PLAIN_DEPTH + 2), 1e6), hasNoForm);
});

Deno.test("size is bounded before it is paid for", () => {
  assert.throws(() => toPlain("x".repeat(101), 100), isTooLarge);
  assert.throws(() => toPlain(new Array(2 ** 32 - 1), 1e6), isTooLarge);
  assert.throws(() => toPlain(new Uint8Array(1000), 100), isTooLarge);
  // Each level doubles what the last one holds: little memory, but 2^40 nodes as JSON.
  let twin: unknown = "x";
  for (let depth = 0; depth < 40; depth++) twin = [twin, twin];
  assert.throws(() => toPlain(twin, 1e5), isTooLarge);
});
