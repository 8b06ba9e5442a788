/**
 * Compares random conditions with YARA-X: a known result must be its verdict; with facts hidden, the verdict must be possible.
 * The runs are the same each time; `STOQ_CONDITION_RUNS=1000` and `STOQ_CONDITION_SEED=7` select other conditions, at
 * 25 conditions a run or `STOQ_CONDITIONS_PER_RUN`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fc } from "../../deps/testing/fast_check.ts";
import { loadYaraX, type RuleEngine } from "../../../wasm/yara_x/mod.ts";
import { parseRuleFile } from "../parse_rule_file.ts";
import {
  type AnalysedRule,
  analyseRules,
  ANYTHING,
  EITHER,
  Evaluation,
  existenceOf,
  type Facts,
  FALSE,
  type PatternMatches,
  type Possible,
  TRUE,
  UNDEFINED,
} from "./mod.ts";
import { drawCondition, EARLIER_RULES, EXTERNALS, PATTERN_TEXTS } from "./testing/condition_generator.ts";

const RUNS = Number(Deno.env.get("STOQ_CONDITION_RUNS") ?? 12);
const SEED = Number(Deno.env.get("STOQ_CONDITION_SEED") ?? 1);
/** The first rule of a run may be evaluated before the engine has searched. */
const CONDITIONS_PER_RUN = Number(Deno.env.get("STOQ_CONDITIONS_PER_RUN") ?? 25);
const TYPES = { n: "i", neg: "i", f: "f", t: "b", u: "b", s: "s", e: "s", g: "s" } as const;
const IMPORTS = 'import "pe" import "math"';
const MODULES = new Set(["pe", "math"]);

/** A condition, its negation, and `defined`: together they distinguish true, false and undefined. */
const VARIANTS = [
  (condition: string) => condition,
  (c: string) => `not (${c})`,
  (c: string) => `defined (${c})`,
];

interface Case {
  readonly condition: string;
  /**
   * YARA-X's verdict; `problem` where it refuses the condition, `trap` where it fails, `contradiction` where its verdict
   * depends on the scans before.
   */
  readonly verdict: Possible | "problem" | "trap" | "contradiction";
}

Deno.test("evaluation of random conditions gives the verdict of YARA-X", async () => {
  const engine = await loadYaraX();
  let decided = 0;
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const content = drawContent(draw);
      const texts = Array.from(
        { length: 4 },
        () => PATTERN_TEXTS[draw(fc.nat, { max: PATTERN_TEXTS.length - 1 })]!,
      );
      const conditions = Array.from(
        { length: CONDITIONS_PER_RUN },
        () => drawCondition((max) => draw(fc.nat, { max })),
      );
      for (const one of await askEngine(engine, conditions, texts, content)) {
        const analysed = analyse(one.condition, texts);
        const about = `${one.condition}\nwith ${JSON.stringify(texts)} on [${content}]`;
        if (analysed.class !== "opaque") assert.equal(one.verdict === "problem", false, `accepted: ${about}`);
        if (analysed.problem) {
          assert.equal(one.verdict, "problem", `refused (${analysed.problem.message}): ${about}`);
        }
        if (one.verdict === "contradiction") {
          assert.equal(analysed.class, "opaque", `depends on others: ${about}`);
        }
        if (!analysed.condition || typeof one.verdict !== "number") continue;
        decided++;
        checkKnown(analysed, one.verdict, matchesOf(texts, content), content, about);
        for (let i = 0; i < 4; i++) checkHidden(analysed, one.verdict, texts, content, draw, about);
        checkNecessary(analysed, one.verdict, texts, content, about);
      }
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
  assert.ok(decided > RUNS * CONDITIONS_PER_RUN / 2, `only ${decided} conditions were compared`);
});

function drawContent(draw: fc.GeneratorValue): Uint8Array<ArrayBuffer> {
  const bytes = draw(fc.array, fc.constantFrom(0x61, 0x61, 0x62, 0x7a, 0x00, 0xff), { maxLength: 20 });
  const isMz = draw(fc.nat, { max: 3 }) === 0;
  return Uint8Array.from(isMz ? [0x4d, 0x5a, ...bytes] : bytes);
}

function ruleText(name: string, condition: string, texts: readonly string[]): string {
  const strings = texts.map((text, i) => `$_${"abcd"[i]} = "${text}"`).join(" ");
  return `rule ${name} { strings: ${strings} condition: ${condition} }`;
}

async function askEngine(
  engine: RuleEngine,
  conditions: readonly string[],
  texts: readonly string[],
  content: Uint8Array<ArrayBuffer>,
): Promise<Case[]> {
  const sources = conditions.flatMap((condition, i) =>
    VARIANTS.map((variant, k) => {
      const name = `r${i}_${k}`;
      return {
        unit: name,
        text: `${IMPORTS} ${ruleText(name, variant(condition), texts)}`,
        rules: [{ name, start: IMPORTS.length + 1 }],
      };
    })
  );
  const earlier = { unit: "earlier", text: EARLIER_RULES, rules: [] };
  const rules = await engine.compile([earlier, ...sources], { externals: EXTERNALS });
  const refused = new Set(rules.problems.map(({ source }) => source - 1));
  const outcome = await rules.scan(content, EXTERNALS);
  rules.free();
  if (!outcome.ok) {
    if (conditions.length === 1) return [{ condition: conditions[0]!, verdict: "trap" }];
    const halves = [conditions.slice(0, conditions.length >> 1), conditions.slice(conditions.length >> 1)];
    return [
      ...await askEngine(engine, halves[0]!, texts, content),
      ...await askEngine(engine, halves[1]!, texts, content),
    ];
  }
  const matching = new Set(outcome.matches.map(({ rule }) => rule));
  return conditions.map((condition, i) => {
    if (refused.has(i * VARIANTS.length)) return { condition, verdict: "problem" };
    const [isTrue, isFalse, isDefined] = VARIANTS.map((_, k) => matching.has(`r${i}_${k}`));
    if (isDefined !== (isTrue !== isFalse)) return { condition, verdict: "contradiction" };
    return { condition, verdict: isTrue ? TRUE : isFalse ? FALSE : UNDEFINED };
  });
}

function analyse(condition: string, texts: readonly string[]): AnalysedRule {
  const file = parseRuleFile(`${EARLIER_RULES} ${ruleText("it", condition, texts)}`);
  assert.deepEqual(file.problems, [], condition);
  const inputs = file.rules.map((rule) => ({ rule, namespace: "default", modules: MODULES }));
  const [, , analysed] = analyseRules(inputs, { externals: TYPES });
  // The tree goes into a cache as JSON.
  return JSON.parse(JSON.stringify(analysed));
}

function matchesOf(texts: readonly string[], content: Uint8Array): PatternMatches[] {
  const text = String.fromCharCode(...content);
  return texts.map((pattern) => {
    const offsets: number[] = [];
    for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1)) offsets.push(at);
    return { status: "exact", offsets, lengths: offsets.map(() => pattern.length) };
  });
}

function factsOf(matches: readonly PatternMatches[], content: Uint8Array): Facts {
  return {
    content,
    externals: EXTERNALS,
    exists: (pattern) => existenceOf(matches[pattern]!),
    matches: (pattern) => matches[pattern]!,
    rule: (index) => index === 0 ? TRUE : FALSE,
  };
}

/** With all facts given, the result is the verdict, unless a part is not computed, which is rare. */
function checkKnown(
  analysed: AnalysedRule,
  verdict: Possible,
  matches: readonly PatternMatches[],
  content: Uint8Array,
  about: string,
): void {
  const result = new Evaluation(factsOf(matches, content)).boolean(analysed.condition!);
  assert.ok(result & verdict, `unsound: ${result} lacks ${verdict}: ${about}`);
  if (!isNotComputed(about)) assert.equal(result, verdict, about);
}

/**
 * Not computed exactly: offsets and counts beyond 32 bits, letters of other languages, floats that functions make, and
 * sets of which none or a negative number is required.
 */
function isNotComputed(about: string): boolean {
  return /(?<!\b(?:any|all|none|[123n])|%) of |\\xc3|\b(?:42949|9007|92233|g\b|math\.(?:entropy|mean|dev))/
    .test(about);
}

/** With some facts hidden, the verdict is still possible. */
function checkHidden(
  analysed: AnalysedRule,
  verdict: Possible,
  texts: readonly string[],
  content: Uint8Array,
  draw: fc.GeneratorValue,
  about: string,
): void {
  const known = matchesOf(texts, content);
  const matches = known.map((one) => hide(one, draw(fc.nat, { max: 4 })));
  const full = factsOf(matches, content);
  const [hasContent, hasExternals, hasRules] = [0, 1, 2].map(() => draw(fc.nat, { max: 3 }) > 0);
  const facts: Facts = {
    exists: full.exists,
    matches: full.matches,
    rule: hasRules ? full.rule : () => ANYTHING,
    ...hasContent ? { content } : {},
    ...hasExternals ? { externals: EXTERNALS } : {},
  };
  const result = new Evaluation(facts).boolean(analysed.condition!);
  const hidden = JSON.stringify({ matches, hasContent, hasExternals, hasRules });
  assert.ok(result & verdict, `unsound: ${result} lacks ${verdict}: ${about}\nknowing ${hidden}`);
}

function hide(matches: PatternMatches, how: number): PatternMatches {
  if (matches.status !== "exact" || how === 0) return matches;
  if (how === 1) return { status: "exact", offsets: matches.offsets };
  const count = matches.offsets.length;
  return how === 2 || count === 0
    ? { status: "unknown" }
    : how === 3
    ? { status: "exists" }
    : { status: "exists", atLeast: count };
}

function checkNecessary(
  { needsMatch }: AnalysedRule,
  verdict: Possible,
  texts: readonly string[],
  content: Uint8Array,
  about: string,
): void {
  if (!needsMatch || verdict !== TRUE) return;
  const matches = matchesOf(texts, content);
  const isMet = needsMatch.some((pattern) => existenceOf(matches[pattern]!) !== FALSE);
  assert.ok(isMet, `none of the patterns ${needsMatch} matches: ${about}`);
}

Deno.test("nothing known means that everything is possible, under `not` as well", () => {
  const analysed = analyse("not $_a and filesize > 3", ["a", "b", "c", "d"]);
  const result = new Evaluation({
    exists: () => EITHER,
    matches: () => ({ status: "unknown" }),
    rule: () => ANYTHING,
  }).boolean(analysed.condition!);
  assert.equal(result, EITHER);
});
