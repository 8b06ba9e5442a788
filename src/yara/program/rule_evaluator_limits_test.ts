import assert from "node:assert/strict";
import { loadTables, TablesBuilder } from "../../../wasm/core/mod.ts";
import { buildProgram } from "../compiler/build.ts";
import { MAX_PAYLOAD_STRINGS, MAX_RULE_STRINGS, RuleEvaluator } from "./rule_evaluator.ts";
import { Program } from "./program.ts";

function judge(text: string, content: Uint8Array, externals: Record<string, string> = {}) {
  const pieces = [{ file: "/a.yar", root: "/a.yar", firstLine: 1, text }];
  const tables = new TablesBuilder();
  const sections = buildProgram({ pieces, problems: [] }, {
    externals,
    hasNamespaceByFile: false,
  }, (form) => tables.add(form));
  const core = loadTables(tables.finish());
  return new RuleEvaluator(new Program(sections)).evaluate({ ...core.scan(content), content, externals });
}

function rules(count: number, body: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `rule r${index} { ${body(index)} }`).join("\n");
}

const LETTERS = new Uint8Array(9_000).fill(0x61);

Deno.test("rules that share a pattern with thousands of matches list them within a limit, and count the others", () => {
  const { matches } = judge(
    rules(300, () => 'strings: $a = "aa" $b = "aaa" $c = "aaaa" condition: any of them'),
    LETTERS,
  );
  const listed = matches.map(({ strings }) => strings.length);
  assert.equal(matches.length, 300);
  assert.ok(listed.every((count) => count <= MAX_RULE_STRINGS));
  assert.equal(listed.reduce((sum, count) => sum + count, 0), MAX_PAYLOAD_STRINGS);
  assert.ok(
    matches.every(({ strings, stringsLeftOut = 0 }) => strings.length + stringsLeftOut === 3 * 8_998),
  );
});

Deno.test("matches that hex strings have around few hits are kept within a limit", () => {
  const content = new Uint8Array(20_000);
  content.set([0x61, 0x62, 0x63, 0x64], 10_000);
  const { matches, candidates } = judge(
    rules(300, (index) => `strings: $a = { ?? [0-${5_000 + index}] 61 62 63 64 } condition: #a > 4000`),
    content,
  );
  assert.equal(matches.length + candidates.length, 300);
});

Deno.test("a rule whose pattern has more matches than are counted is certain, and its strings are those that are known", () => {
  const { matches, candidates, certain } = judge(
    rules(1, () => 'strings: $a = "aaaa" $b = "aaaab" condition: any of them'),
    new Uint8Array(20_000).fill(0x61),
  );
  assert.deepEqual([matches, candidates], [[], [0]]);
  assert.deepEqual(certain.map(({ rule, strings }) => [rule, strings.length]), [[0, 10_000]]);
});

Deno.test("loops over matches look each of them up once", () => {
  const { matches } = judge(
    rules(
      20,
      (index) => `strings: $a = "aaaa" condition: for all i in (1..#a) : (@a[i] >= ${-index} and !a[i] == 4)`,
    ),
    LETTERS,
  );
  assert.equal(matches.length, 20);
});

Deno.test("regular expressions in loops over a long name come to an end, and are not called false", () => {
  const name = "a".repeat(1_000);
  const { candidates } = judge(
    rules(
      2,
      () => `condition: for any i in (0..400) : (filename matches /(${"a?".repeat(3_000)}){2}c/ and i == 9)`,
    ),
    LETTERS,
    { filename: name },
  );
  assert.deepEqual(candidates, [0, 1]);
});

Deno.test("operators on texts in loops over a long name come to an end, and are not called false", () => {
  const filename = "a".repeat(1_000_000);
  const operators = ['contains "bbbbbb"', 'icontains "bbbbbb"', "== filepath", "iequals filepath", '> "b"'];
  const { candidates } = judge(
    operators.map((operator, i) =>
      `rule r${i} { condition: for any i in (0..100000) : (filename ${operator} and i == 9) }`
    ).join("\n"),
    LETTERS,
    { filename, filepath: `${filename}b` },
  );
  assert.deepEqual(candidates, [0, 1, 2, 3, 4]);
});

Deno.test("many rules that are costly each share what a payload may cost", () => {
  const { matches, candidates } = judge(
    rules(800, (index) => `condition: for any i in (0..90000) : (uint8(i) == ${1_000 + index})`),
    new Uint8Array(10),
  );
  // Of the first ones it is known that they don't match; of the others nothing is.
  assert.equal(matches.length, 0);
  assert.ok(candidates.length > 100 && candidates.length < 700);
  assert.equal(candidates.at(-1), 799);
});
