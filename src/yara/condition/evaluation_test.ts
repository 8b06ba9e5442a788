import assert from "node:assert/strict";
import { parseRuleFile } from "../parse_rule_file.ts";
import { buildPe } from "../../formats/pe/testing/pe_builder.ts";
import {
  analyseRules,
  ANYTHING,
  ContentModules,
  EITHER,
  Evaluation,
  type Facts,
  FALSE,
  MAX_EVALUATION_STEPS,
  type PatternMatches,
  type Possible,
  TRUE,
} from "./mod.ts";

const CONTENT = new TextEncoder().encode("0123456789");

function evaluate(
  condition: string,
  facts: Partial<Facts> = {},
  matches: PatternMatches = { status: "unknown" },
): Possible {
  const text = `import "pe" import "hash" rule r { strings: $_a = "x" condition: ${condition} }`;
  const { rules } = parseRuleFile(text);
  const inputs = [{ rule: rules[0]!, namespace: "default", modules: new Set(["pe", "hash"]) }];
  const [analysed] = analyseRules(inputs, { externals: { name: "s" }, checkRegexp: () => undefined });
  assert.equal(analysed!.problem, undefined, condition);
  const evaluation = new Evaluation({
    content: CONTENT,
    exists: () => matches.status === "exists" ? TRUE : EITHER,
    matches: () => matches,
    rule: () => ANYTHING,
    ...facts,
  });
  return evaluation.boolean(analysed!.condition!);
}

Deno.test("a loop beyond all budgets is unknown, at once", () => {
  assert.equal(evaluate("for any i in (0..1000000000) : (i == 1000000000)"), ANYTHING);
  assert.equal(evaluate("for any i in (0..1000000000) : (i == 5)"), TRUE);
  const nested = "for all i in (0..100000) : (for all j in (0..100000) : (i + j >= 0))";
  assert.equal(evaluate(nested), ANYTHING);
  assert.equal(evaluate(`${nested} and filesize > 100`), FALSE);
  assert.ok(MAX_EVALUATION_STEPS >= 100_000);
});

Deno.test("functions over the content are paid for from the same budget", () => {
  const content = new Uint8Array(1_000_000);
  const condition =
    'import "math" rule r { condition: for any i in (0..filesize) : (math.entropy(i, filesize) > 7) }';
  const { rules } = parseRuleFile(condition);
  const [analysed] = analyseRules([{ rule: rules[0]!, namespace: "", modules: new Set(["math"]) }], {
    externals: {},
  });
  const facts: Facts = {
    content,
    exists: () => FALSE,
    matches: () => ({ status: "unknown" }),
    rule: () => ANYTHING,
  };
  assert.equal(new Evaluation(facts).boolean(analysed!.condition!) & TRUE, TRUE);
});

Deno.test("partly known matches bound the results of terms about them", () => {
  const exists: PatternMatches = { status: "exists", atLeast: 3 };
  assert.equal(evaluate("$_a", {}, exists), TRUE);
  assert.equal(evaluate("#_a >= 3", {}, exists), TRUE);
  assert.equal(evaluate("#_a < 3", {}, exists), FALSE);
  assert.equal(evaluate("#_a > 3", {}, exists), EITHER);
  assert.equal(evaluate("defined @_a[3]", {}, exists), TRUE);
  assert.equal(evaluate("defined @_a[4]", {}, exists), EITHER);
  assert.equal(evaluate("$_a at 0 or not $_a at 0", {}, exists), EITHER);
  assert.equal(evaluate("not $_a", {}, { status: "unknown" }), EITHER);
});

Deno.test("lengths may be unknown where offsets are known", () => {
  const matches: PatternMatches = { status: "exact", offsets: [2, 5] };
  assert.equal(evaluate("@_a[2] == 5 and #_a == 2", {}, matches), TRUE);
  assert.equal(evaluate("!_a[2] == 5", {}, matches), EITHER);
  assert.equal(evaluate("defined !_a[3]", {}, matches), FALSE);
});

Deno.test("texts are compared with regular expressions and digests by those who can", () => {
  const externals = { name: "report.exe" };
  assert.equal(evaluate("name matches /exe$/", { externals }), EITHER);
  assert.equal(evaluate("name matches /exe$/", { externals, regexpMatches: () => true }), TRUE);
  assert.equal(evaluate('hash.md5(0, filesize) == "ab"'), EITHER);
  assert.equal(evaluate('hash.md5(0, filesize) == "ab"', { digest: () => "ab" }), TRUE);
  assert.equal(evaluate("defined hash.md5(0, filesize + 1)", { digest: () => "ab" }), FALSE);
});

Deno.test("a module has no values for content of another format", () => {
  const pe = new Uint8Array(200);
  pe.set([0x4d, 0x5a]);
  pe[0x3c] = 0x80;
  assert.equal(evaluate("defined pe.machine", { content: pe }), FALSE);
  assert.equal(evaluate('pe.is_pe or pe.exports("x")'), FALSE);
});

Deno.test("a module has certain values for its own content, and all others are possible", () => {
  const content = buildPe({
    imports: [{ library: "a.dll", functions: ["f"] }],
    security: new Uint8Array(64),
  });
  const about = (condition: string, facts: Partial<Facts> = {}) => evaluate(condition, { content, ...facts });
  assert.equal(about("pe.is_pe and pe.machine == pe.MACHINE_I386"), TRUE);
  assert.equal(about('pe.sections[1].name == ".rdata" and not defined pe.sections[2].name'), TRUE);
  assert.equal(about('for any s in pe.sections : (s.name == ".text")'), TRUE);
  assert.equal(about('for all s in pe.sections : (s.name == ".text")'), FALSE);
  assert.equal(about("for none r in pe.resources : (r.id == 1)"), FALSE);
  assert.equal(about('for any i in pe.import_details : (for any f in i.functions : (f.name == "f"))'), TRUE);
  assert.equal(about('with s = pe.sections[0] : (s.name == ".text" and s.raw_data_offset == 0x600)'), TRUE);
  assert.equal(about('pe.imports("A.DLL", "F") and not pe.imports("b.dll", "f")'), TRUE);
  assert.equal(about('pe.exports("x")'), FALSE);
  assert.equal(about("pe.imports(/^a/, /f/) == 1"), ANYTHING);
  assert.equal(about("pe.imports(/^a/, /f/) == 1", { regexpMatches: () => true }), TRUE);
  assert.equal(about('pe.imphash() == ""'), ANYTHING);
  assert.equal(about("pe.number_of_signatures > 0"), ANYTHING);
  assert.equal(about('for any s in pe.signatures : (s.issuer == "x")'), ANYTHING);
  const modules = new ContentModules(content, (algorithm, bytes) => `${algorithm} of ${bytes.length}`);
  assert.equal(about('pe.imphash() == "md5 of 3"', { modules }), TRUE);
});
