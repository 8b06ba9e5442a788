import assert from "node:assert/strict";
import { type Budget, ByteReader, DamageLog } from "../bytes/mod.ts";
import { checkParser, type Parser } from "./check_parser.ts";

const SAMPLES = { list: Uint8Array.of(3, 1, 0, 2, 0, 3, 0), empty: Uint8Array.of(0) };

/** Names of the tests that a parser fails. */
function failuresOf(parse: Parser): string[] {
  const failed: string[] = [];
  checkParser(
    (name, run) => {
      try {
        run();
      } catch {
        failed.push(name);
      }
    },
    "list",
    parse,
    SAMPLES,
    { mutants: 200 },
  );
  return failed;
}

function parseList(content: Uint8Array, budget: Budget) {
  const reader = new ByteReader(content, budget);
  const log = new DamageLog();
  const values: number[] = [];
  log.attempt(() => {
    for (let i = 0, count = reader.u8(0); i < count; i++) {
      budget.takeItems(1, 0);
      values.push(reader.u16(1 + 2 * i));
    }
  });
  return { values, damages: log.damages };
}

Deno.test("a parser that is careful passes", () => {
  assert.deepEqual(failuresOf(parseList), []);
});

Deno.test("a parser that throws fails where the file ends too early and where counts lie", () => {
  const careless: Parser = (content) => {
    const reader = new ByteReader(content);
    return Array.from({ length: reader.u8(0) }, (_, i) => reader.u16(1 + 2 * i));
  };
  assert.deepEqual(failuresOf(careless), [
    "list: samples cut off at any byte do no harm",
    "list: changed bytes do no harm",
  ]);
});

Deno.test("a parser that doesn't pay for what it returns fails", () => {
  assert.equal(failuresOf(() => ({ values: new Array(1_000).fill(0) })).length, 4);
  assert.equal(failuresOf(() => ({ copy: new Uint8Array(100_000) })).length, 4);
  assert.equal(failuresOf(() => ["x".repeat(100_000)]).length, 4);
  assert.deepEqual(failuresOf((content) => ({ view: content.subarray(1) })), []);
});

Deno.test("a parser whose damage is outside the input, or without words, fails", () => {
  const withDamage = (offset: number, code = "odd-size", message = "Odd size") => () => ({
    inner: [{ damages: [{ code, message, offset }] }],
  });
  assert.deepEqual(failuresOf(withDamage(0)), []);
  assert.notDeepEqual(failuresOf(withDamage(8)), []);
  assert.notDeepEqual(failuresOf(withDamage(-1)), []);
  assert.notDeepEqual(failuresOf(withDamage(0, "OddSize")), []);
  assert.notDeepEqual(failuresOf(withDamage(0, "odd-size", "it is odd")), []);
});
