import assert from "node:assert/strict";
import { parseRuleFile } from "../parse_rule_file.ts";
import {
  type AnalysedRule,
  analyseRules,
  type AnalysisSettings,
  USES_EXISTENCE,
  USES_LENGTHS,
  USES_OFFSETS,
} from "./mod.ts";

function analyse(text: string, settings: Partial<AnalysisSettings> = {}): AnalysedRule[] {
  const { rules, imports, problems } = parseRuleFile(text);
  assert.deepEqual(problems, []);
  const modules = new Set(imports.map(({ name }) => name));
  const inputs = rules.map((rule) => ({ rule, namespace: "default", modules }));
  return analyseRules(inputs, { externals: { filename: "s" }, ...settings });
}

function only(text: string, settings?: Partial<AnalysisSettings>): AnalysedRule {
  const [rule, ...more] = analyse(text, settings);
  assert.ok(rule && more.length === 0);
  return rule;
}

const STRINGS = 'strings: $a1 = "x" $a2 = "y" $b = "z"';

Deno.test("a rule needs one of the patterns without which it can't hold", () => {
  const needs = (condition: string) =>
    only(`rule r { ${STRINGS} condition: ${condition} and (for all of them : (#<9)) }`).needsMatch;
  assert.deepEqual(needs("$b"), [2]);
  assert.deepEqual(needs("uint16(0) == 1 and any of ($a*)"), [0, 1]);
  assert.deepEqual(needs("all of them"), [0]);
  assert.deepEqual(needs("2 of them"), [0, 1]);
  assert.deepEqual(needs("#b > 2 or @a1 < 100"), [0, 2]);
  assert.deepEqual(needs("not #b == 0"), [2]);
  assert.deepEqual(needs("for any of ($a*) : ($ at 0)"), [0, 1]);
  assert.deepEqual(needs("for any i in (1..filesize) : ($b at i)"), [2]);
  assert.deepEqual(needs("filesize > 3"), undefined);
  assert.deepEqual(needs("#b == 0"), undefined);
  assert.deepEqual(needs("none of them"), undefined);
  assert.deepEqual(needs("0 of them"), undefined);
  assert.deepEqual(needs("($b or filesize == 0)"), undefined);
});

Deno.test("among the patterns that a rule needs, rare ones are taken", () => {
  const text = `rule r { ${STRINGS} condition: $b and any of ($a*) and 2 of them }`;
  const costs = [1, 2, 10];
  assert.deepEqual(only(text, { costOf: (_, pattern) => costs[pattern]! }).needsMatch, [0, 1]);
  assert.deepEqual(only(text, { costOf: (_, pattern) => 10 - costs[pattern]! }).needsMatch, [2]);
});

Deno.test("the analysis lists how a condition uses each pattern", () => {
  const { uses, anchors } = only(`rule r { ${STRINGS} condition: $a1 at 4 and !a2 > 1 and #b > 1 and $b }`);
  assert.deepEqual(uses, [
    USES_EXISTENCE | USES_OFFSETS,
    USES_OFFSETS | USES_LENGTHS,
    USES_EXISTENCE | USES_OFFSETS,
  ]);
  assert.deepEqual(anchors, [[0, 4]]);
  assert.deepEqual(only(`rule r { ${STRINGS} condition: $a1 at 4 and any of them }`).anchors, []);
  assert.deepEqual(only('rule r { strings: $a = "x" condition: $a at 4 or $a at 5 }').anchors, []);
  assert.deepEqual(only('rule r { strings: $a = "x" condition: $a at 4 or $a at 2+2 }').anchors, [[0, 4]]);
});

Deno.test("a rule refers to earlier rules of its namespace", () => {
  const [, b, c] = analyse(
    "rule a { condition: true } rule b { condition: a } rule c { condition: any of (a, b) }",
  );
  assert.deepEqual([b!.references, c!.references], [[0], [0, 1]]);
  const { rules } = parseRuleFile("rule a { condition: true } rule b { condition: a }");
  const inputs = rules.map((rule, i) => ({ rule, namespace: String(i), modules: new Set<string>() }));
  assert.equal(analyseRules(inputs, { externals: {} })[1]!.problem!.message, 'the name "a" is not known');
});

Deno.test("a rule that refers to a bad one has a problem that names it, and the bad one's name is free again", () => {
  const [a, b, again] = analyse(
    "rule a { condition: nothing } rule b { condition: a } rule a { condition: true }",
  );
  assert.equal(a!.problem!.message, 'the name "nothing" is not known');
  assert.equal(b!.problem!.message, 'the rule "a" has a problem of its own');
  assert.equal(again!.class, "exact");
});

Deno.test("an expression that is not computed makes a rule filtered, an unknown one makes it opaque", () => {
  const classOf = (condition: string, settings?: Partial<AnalysisSettings>) => {
    const text =
      `import "pe" import "math" import "console" import "dotnet" rule r { condition: ${condition} }`;
    const rule = only(text, settings);
    return [rule.class, rule.reason];
  };
  assert.deepEqual(classOf("filesize > 1"), ["exact", undefined]);
  assert.deepEqual(classOf('filename == "x"'), ["exact", undefined]);
  assert.deepEqual(classOf("pe.is_dll()"), ["filtered", 'the module "pe"']);
  assert.deepEqual(classOf("pe.nothing > 1"), ["opaque", 'the member "nothing" of the module "pe"']);
  assert.deepEqual(classOf('console.log("x")'), ["opaque", 'the module "console"']);
  const inHead = "for any i in (1, math.to_number(any of (true, true))) : (i == 1)";
  // The engine may never end with it.
  assert.deepEqual(classOf(inHead), ["opaque", "the head of a loop holds a loop, should hold none"]);
  assert.deepEqual(classOf("dotnet.is_dotnet"), ["opaque", 'the module "dotnet"']);
  const unchecked = "a regular expression that was not checked";
  assert.deepEqual(classOf("filename matches /x/"), ["opaque", unchecked]);
  const uncomputed = "a regular expression in the condition";
  assert.deepEqual(classOf("filename matches /x/", { checkRegexp: () => undefined }), [
    "filtered",
    uncomputed,
  ]);
  const matcher = { checkRegexp: () => undefined, canMatch: () => true };
  assert.deepEqual(classOf("filename matches /x/", matcher), ["exact", undefined]);
});

Deno.test("a global rule that is not exact makes its whole namespace filtered, a reference the rule that refers", () => {
  const [a, g] = analyse('import "pe" rule a { condition: true } global rule g { condition: pe.is_pe }');
  assert.deepEqual([a!.class, a!.reason], ["filtered", 'the global rule "g" is not exact']);
  assert.equal(g!.class, "filtered");
  const [, b] = analyse('import "pe" rule a { condition: pe.is_pe } rule b { condition: a }');
  assert.deepEqual([b!.class, b!.reason], ["filtered", "a reference to a rule that is not exact"]);
});

Deno.test("the analysis is plain data for JSON", () => {
  const analysed = analyse(`rule r { ${STRINGS} condition: any of them and 9223372036854775807 > filesize }`);
  assert.deepEqual(JSON.parse(JSON.stringify(analysed)), analysed);
});

Deno.test("a condition that is nested too deep is left to the engine", () => {
  let condition = "true";
  for (let i = 0; i < 100; i++) condition = `not (${condition})`;
  assert.equal(only(`rule r { condition: ${condition} }`).class, "exact");
  const { rules } = parseRuleFile("rule r { condition: true }");
  const [rule] = rules;
  let deep = rule!.condition;
  for (let i = 0; i < 10_000; i++) deep = { op: "not", of: deep };
  const inputs = [{ rule: { ...rule!, condition: deep }, namespace: "default", modules: new Set<string>() }];
  const [analysed] = analyseRules(inputs, { externals: {} });
  assert.deepEqual([analysed!.class, analysed!.reason], ["opaque", "a condition that is nested too deep"]);
});

Deno.test("names are taken once: of rules, of patterns, and by what is there already", () => {
  const problemOf = (text: string) => analyse(text).findLast(({ problem }) => problem)?.problem?.message;
  assert.equal(
    problemOf("rule a { condition: true } rule a { condition: true }"),
    'the rule "a" exists already',
  );
  assert.equal(
    problemOf("rule filename { condition: true }"),
    'the rule "filename" has the name of an external variable',
  );
  assert.equal(
    problemOf('import "pe" rule pe { condition: true }'),
    'the rule "pe" has the name of a module',
  );
  assert.equal(
    problemOf('rule a { strings: $a = "x" $a = "y" condition: $a }'),
    'the pattern "$a" exists already',
  );
  assert.equal(
    problemOf('rule a { strings: $ = "x" $a = "y" $ = "z" $a = "y" condition: all of them }'),
    'the pattern "$a" exists already',
  );
  assert.equal(problemOf('rule a { strings: $ = "x" $ = "y" $a = "z" condition: all of them }'), undefined);
  assert.equal(problemOf('rule a { strings: $a = "x" condition: true }'), 'the pattern "$a" is not used');
  assert.equal(problemOf('rule a { strings: $_a = "x" condition: true }'), undefined);
});
