import assert from "node:assert/strict";
import { loadYaraX } from "../../../wasm/yara_x/mod.ts";
import type { Expression, RuleSyntax, SetSyntax } from "../syntax.ts";
import { anchorsOf } from "./anchors.ts";

const engine = await loadYaraX();

/** A condition as it is written, as it is read, and where `$a` is anchored, as observed in YARA-X 1.20. */
type Case = readonly [source: string, condition: Expression, anchor: number | undefined];

const int = (value: number): Expression => ({ op: "integer", value });
const name = (value: string): Expression => ({ op: "name", name: value, at: 0 });
const filesize: Expression = { op: "filesize" };
const used = (offset?: Expression): Expression => ({
  op: "pattern",
  id: "$a",
  at: 0,
  ...(offset && { offset }),
});
const either = (...operands: Expression[]): Expression => ({ op: "or", operands });
const truth: Expression = { op: "boolean", value: true };
const THEM: SetSyntax = { kind: "them" };
const set = (...items: string[]): SetSyntax => ({ kind: "patterns", items });
const ofSet = (of: SetSyntax, offset?: Expression): Expression => ({
  op: "of",
  quantifier: { kind: "any" },
  set: of,
  at: 0,
  ...(offset && { offset }),
});
const sum = (
  op: "+" | "-" | "*" | "\\" | "%" | "&" | "|" | "^" | "<<" | ">>",
  left: Expression,
  right: Expression,
) => (
  { op, left, right } as Expression
);
const loop = (value: Expression): Expression => ({
  op: "for-in",
  quantifier: { kind: "any" },
  variables: ["i"],
  iterable: { kind: "range", from: int(0), to: int(1) },
  body: used(value),
  at: 0,
});
const bound = (value: Expression): Expression => ({
  op: "with",
  declarations: [{ name: "x", value }],
  body: used(name("x")),
  at: 0,
});

const CASES: readonly Case[] = [
  ["$a at 2", used(int(2)), 2],
  ["$a at 2 or $a at 2", either(used(int(2)), used(int(2))), 2],
  ["$a at 2 or $a at 0", either(used(int(2)), used(int(0))), undefined],
  ["$a at 2 or $a at 0 or $a at 2", either(used(int(2)), used(int(0)), used(int(2))), undefined],
  ["$a at 2 or $a", either(used(int(2)), used()), undefined],
  ["$a at 2 or #a > 1", either(used(int(2)), { op: "count", id: "$a", at: 0 }), undefined],
  [
    "$a in (0..2)",
    { ...used(), range: { kind: "range", from: int(0), to: int(2) } } as Expression,
    undefined,
  ],
  ["any of them at 2", ofSet(THEM, int(2)), 2],
  ["any of ($a*) at 2", ofSet(set("$a*"), int(2)), 2],
  ["any of them", ofSet(THEM), undefined],
  ["any of them at 2 or any of them", either(ofSet(THEM, int(2)), ofSet(THEM)), undefined],
  [
    "for any of them : ($ at 2)",
    {
      op: "for-of",
      quantifier: { kind: "any" },
      set: THEM,
      body: { op: "pattern", id: "$", at: 0, offset: int(2) },
      at: 0,
    },
    undefined,
  ],
  ["$a at 1+1", used(sum("+", int(1), int(1))), 2],
  ["$a at 3-1", used(sum("-", int(3), int(1))), 2],
  ["$a at 2*1", used(sum("*", int(2), int(1))), 2],
  ["$a at 4\\2", used(sum("\\", int(4), int(2))), undefined],
  ["$a at 2%3", used(sum("%", int(2), int(3))), undefined],
  ["$a at 6&2", used(sum("&", int(6), int(2))), 2],
  ["$a at 2|2", used(sum("|", int(2), int(2))), 2],
  ["$a at 3^1", used(sum("^", int(3), int(1))), 2],
  ["$a at 1<<1", used(sum("<<", int(1), int(1))), 2],
  ["$a at 4>>1", used(sum(">>", int(4), int(1))), 2],
  ["$a at ~(-3)", used({ op: "complement", of: { op: "minus", of: int(3) } }), 2],
  ["$a at filesize - filesize + 2", used(sum("+", sum("-", filesize, filesize), int(2))), undefined],
  ["for any i in (0..1) : ($a at i)", loop(name("i")), undefined],
  ["for any i in (0..1) : ($a at 2)", loop(int(2)), 2],
  ["with x = 1 + 1 : ($a at x)", bound(sum("+", int(1), int(1))), 2],
  ["with x = filesize : ($a at x)", bound(filesize), undefined],
];

function ruleOf(condition: Expression): RuleSyntax {
  const pattern = {
    kind: "text",
    identifier: "$a",
    at: 0,
    bytes: Uint8Array.of(0x61, 0x62),
    modifiers: {},
  } as const;
  const place = { start: 0, end: 0, line: 1, conditionAt: 0 };
  return {
    name: "r",
    ...place,
    isPrivate: false,
    isGlobal: false,
    tags: [],
    meta: [],
    patterns: [pattern],
    condition,
    hasOffsets: true,
  };
}

for (const [source, condition, anchor] of CASES) {
  Deno.test(`${source}: ${anchor === undefined ? "is not anchored" : `is anchored at ${anchor}`}`, () => {
    assert.equal(anchorsOf(ruleOf(either(condition, truth))).get(0), anchor);
  });
}

Deno.test("YARA-X reports anchored texts at their offset alone", async () => {
  const sources = CASES.map(([source], i) => ({
    unit: `${i}`,
    text: `rule r${i} { strings: $a = "ab" condition: (${source}) or filesize >= 0 }`,
    rules: [{ name: `r${i}`, start: 0 }],
  }));
  const rules = await engine.compile(sources, { externals: {} });
  assert.deepEqual(rules.problems, []);
  const outcome = await rules.scan(new TextEncoder().encode("ababab"));
  rules.free();
  assert.ok(outcome.ok);
  CASES.forEach(([source, , anchor], i) => {
    const { strings } = outcome.matches.find(({ rule }) => rule === `r${i}`)!;
    assert.deepEqual(
      strings.map(({ offset }) => offset),
      anchor === undefined ? [0, 2, 4] : [anchor],
      source,
    );
  });
});

Deno.test("a pattern that no one uses, and other patterns than the anchored one, have no anchor", () => {
  const rule = ruleOf(used(int(2)));
  const other = { ...rule.patterns[0]!, identifier: "$b" };
  assert.deepEqual([...anchorsOf({ ...rule, patterns: [other, ...rule.patterns] })], [[1, 2]]);
});

Deno.test("a condition that is nested too deep anchors nothing", () => {
  let condition = used(int(2));
  for (let i = 0; i < 2_000; i++) condition = { op: "not", of: condition };
  assert.equal(anchorsOf(ruleOf(condition)).size, 0);
});
