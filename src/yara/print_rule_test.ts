import assert from "node:assert/strict";
import { fc } from "../deps/testing/fast_check.ts";
import { parseRuleFile } from "./parse_rule_file.ts";
import { printExpression } from "./print_expression.ts";
import { printRule } from "./print_rule.ts";
import { arbitraryCondition, arbitraryRule } from "./testdata/arbitrary_rule.ts";
import recorded from "./testdata/yara_x_verdicts.json" with { type: "json" };

const PLACES = new Set(["at", "start", "end", "line"]);

/** A tree without its places. */
function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).filter(([key]) => !PLACES.has(key));
  return Object.fromEntries(entries.map(([key, child]) => [key, withoutPlaces(child)]));
}

function assertPrintable(source: string): void {
  const { rules } = parseRuleFile(source);
  for (const rule of rules) {
    const printed = printRule(rule);
    const again = parseRuleFile(printed);
    assert.deepEqual(again.problems, [], printed);
    assert.deepEqual(withoutPlaces(again.rules), withoutPlaces([rule]), printed);
  }
}

Deno.test("a rule is printed in the usual layout", () => {
  const source = `global private rule a : t1 t2 {
    meta: x = "\\n" n = -0x10 f = 1.0 b = true
    strings: $a = "\\x00A\\"" wide private $b = { 4d ?a [3] (0? | ~00) [2-] 01 } $ = /a\\/ä/si nocase
    $c = "abc" xor(1) $d = "abc" base64 base64wide
    condition: ((1+2)*3 == 9 and ($a at 0 or not (true and false))) and -(filesize) < 1KB }`;
  const [rule] = parseRuleFile(source).rules;
  assert.equal(
    printRule(rule!),
    `private global rule a : t1 t2 {
  meta:
    x = "\\x0a"
    n = -16
    f = 1
    b = true
  strings:
    $a = "\\x00A\\"" wide private
    $b = { 4D ?A [3] (0? | ~00) [2-] 01 }
    $ = /a\\/ä/is nocase
    $c = "abc" xor(1-1)
    $d = "abc" base64 base64wide
  condition:
    ((1 + 2) * 3 == 9 and ($a at 0 or not (true and false))) and -filesize < 1024
}`,
  );
});

Deno.test("every rule of the recorded verdicts reads the same when it was printed", () => {
  for (const [source] of recorded) assertPrintable(source!);
});

Deno.test("property: any condition reads the same when it was printed", () => {
  fc.assert(
    fc.property(arbitraryCondition, (condition) => {
      const source = `rule a { condition: ${printExpression(condition)} }`;
      const { rules, problems } = parseRuleFile(source);
      assert.deepEqual(problems, [], source);
      assert.deepEqual(withoutPlaces(rules[0]!.condition), withoutPlaces(condition), source);
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("property: any rule reads the same when it was printed", () => {
  fc.assert(
    fc.property(arbitraryRule, (rule) => {
      const source = printRule(rule);
      const { rules, problems } = parseRuleFile(source);
      assert.deepEqual(problems, [], source);
      assert.deepEqual(withoutPlaces(rules), withoutPlaces([rule]), source);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("property: no text makes the parser throw", () => {
  const words = recorded.flatMap(([source]) => source!.split(/(?=[ (){}])/));
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 }))).map((parts) => parts.join("")),
  );
  fc.assert(fc.property(text, (source) => assertPrintable(source.toWellFormed())), {
    seed: 1,
    numRuns: 2000,
  });
});

Deno.test("a rule that ends anywhere gives problems with places in the text", () => {
  for (const [source] of recorded) {
    for (let size = 0; size < source!.length; size++) {
      for (const { at, line, column } of parseRuleFile(source!.slice(0, size)).problems) {
        assert.ok(at <= size && line >= 1 && column >= 1);
      }
    }
  }
});
