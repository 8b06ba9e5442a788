import assert from "node:assert/strict";
import { plantFile, plantRule } from "./plant.ts";
import { Random } from "./random.ts";
import { openSubject } from "./subject.ts";
import { poolRule } from "./rule_pool.ts";

const RULES = [
  'rule text { strings: $a = "some words" wide $b = "secret" xor condition: uint16(0) == 0x5a4d and all of them }',
  "rule hex { strings: $a = { 61 62 [2-4] (63 | 64 65) ?? ~66 } condition: $a }",
  "rule regexp { strings: $a = /ab[0-9]{2,4}(x|yz)+\\.q/ condition: $a }",
  'rule encoded { strings: $a = "a longer text" base64 condition: $a }',
];

function plantAll(seed: number, count: number) {
  const random = new Random(seed, "test");
  const rules = RULES.map((text) => plantRule(poolRule("test", text)));
  return Array.from({ length: count }, () => plantFile(random, rules, []));
}

Deno.test("a seed makes the same files again, another one makes others", () => {
  const [first, again, other] = [plantAll(1, 6), plantAll(1, 6), plantAll(2, 6)];
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
});

Deno.test("every kind of string is planted so that its rule matches in some files, and in some it does not", async () => {
  const compiled = await (await openSubject("yara-x")).compile(
    RULES.map((text) => poolRule("test", text)),
    {},
  );
  assert.deepEqual([...compiled.refused], []);
  const counts = new Map<string, number>();
  const files = plantAll(3, 60).map(({ bytes }) => bytes);
  for (const verdict of await compiled.scan(files, {})) {
    assert.notEqual(typeof verdict, "string");
    for (const rule of (verdict as Map<string, unknown>).keys()) {
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
    }
  }
  for (const rule of ["text", "hex", "regexp", "encoded"]) {
    assert.ok((counts.get(rule) ?? 0) >= 3 && counts.get(rule)! < 60, `${rule}: ${counts.get(rule)}`);
  }
  await compiled.free();
});
