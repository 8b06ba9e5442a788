/**
 * Compiles rule files to the sections of a {@linkcode Program}.
 *
 * @module
 */

import type { CollectedRules } from "../collect.ts";
import {
  type AnalysedRule,
  analyseRules,
  type BooleanNode,
  type ExternalValue,
  type ScalarType,
} from "../condition/mod.ts";
import type { CompiledPattern } from "../forms/mod.ts";
import { compileTextRegexp } from "../regexp/mod.ts";
import type { RuleProblem } from "../rule_problem.ts";
import type { SearchForm } from "../search_form.ts";
import type { RegexpSyntax } from "../syntax.ts";
import { packTexts } from "../text_table.ts";
import { packLists } from "./lists.ts";
import { PatternPool } from "./pattern_pool.ts";
import { FLAG, PROGRAM_VERSION, type ProgramSummary, SECTION, STATUSES } from "./program.ts";
import { type PlacedRule, readRules } from "./read_rules.ts";
import { metaOf, writePattern, writeRule } from "./records.ts";

/** How to compile. */
export interface BuildSettings {
  /** External variables with values of their types. */
  readonly externals: Readonly<Record<string, ExternalValue>>;
  /** Whether each file that is named has a namespace of its own. */
  readonly hasNamespaceByFile: boolean;
}

/** What compiling gives: the sections, that of the scanning core's tables being empty, and what the core has to find. */
export interface BuiltProgram {
  readonly sections: readonly Uint8Array[];
  readonly forms: readonly SearchForm[];
}

/** A rule in all its parts. */
interface BuiltRule {
  readonly placed: PlacedRule;
  readonly analysed: AnalysedRule;
  /** Numbers of its patterns in the pool. */
  readonly patterns: readonly number[];
  readonly moduleSet: number;
}

/** Sets of modules, equal ones shared: there are few, and many rules. */
class ModuleSets {
  readonly sets: (readonly string[])[] = [];
  readonly #numbers = new Map<string, number>();

  /** Number of a set. */
  add(modules: ReadonlySet<string>): number {
    const set = [...modules];
    const key = set.join("\0");
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.sets.length);
    return this.sets.push(set) - 1;
  }
}

/** Compiles rules; those that can't be used are left out, and named among the problems of the summary. */
export function buildProgram(collected: CollectedRules, settings: BuildSettings): BuiltProgram {
  const { rules: read, namespaces, problems } = readRules(collected, settings.hasNamespaceByFile);
  const pool = new PatternPool();
  const numbers = read.map(({ syntax }) => pool.add(syntax));
  const inputs = read.map(({ syntax, namespace, modules }) => ({
    rule: syntax,
    namespace: namespaces[namespace]!,
    modules,
  }));
  const analysed = analyseRules(inputs, {
    externals: typesOf(settings.externals),
    checkRegexp,
    canMatch: () => true,
    costOf: (rule, pattern) => costOf(pool.patterns[numbers[rule]![pattern]!]!),
  });
  const moduleSets = new ModuleSets();
  const rules = read.map((placed, index) =>
    withPatterns({
      placed,
      analysed: analysed[index]!,
      patterns: numbers[index]!,
      moduleSet: moduleSets.add(placed.modules),
    }, pool)
  );
  const forms = pool.forms();
  const allProblems = [...collected.problems, ...inOrder([...problems, ...rejections(rules)], collected)];
  const summary = summaryOf(rules, namespaces, moduleSets.sets, allProblems);
  return { sections: sectionsOf(rules, pool, forms, summary), forms };
}

/** Why YARA-X refuses a regular expression of a condition; undefined: it takes it. */
function checkRegexp(regexp: RegexpSyntax): string | undefined {
  const compiled = compileTextRegexp(regexp);
  return "problem" in compiled ? compiled.problem : undefined;
}

function typesOf(externals: BuildSettings["externals"]): Record<string, ScalarType> {
  const typeOf = (value: ExternalValue): ScalarType => {
    if (typeof value === "string") return "s";
    if (typeof value === "boolean") return "b";
    return typeof value === "bigint" || Number.isInteger(value) ? "i" : "f";
  };
  return Object.fromEntries(Object.entries(externals).map(([name, value]) => [name, typeOf(value)]));
}

/** Cost of a pattern that can't be searched: its rule must be looked at for each payload. */
const UNSEARCHABLE = 1_000_000;
/** About how often a run of so many bytes is found by chance, relative to one of four bytes or more. */
const COST_BY_LENGTH = [UNSEARCHABLE, 10_000, 500, 20];

function costOf({ status, forms }: CompiledPattern): number {
  if (status === "unknown") return UNSEARCHABLE;
  return forms.reduce(
    (cost, { bytes, anchoredAt }) =>
      cost + (anchoredAt === undefined ? COST_BY_LENGTH[bytes.length] ?? 1 : 1),
    0,
  );
}

/** A rule whose condition is exact is no more than filtered where its patterns are not. */
function withPatterns(rule: BuiltRule, pool: PatternPool): BuiltRule {
  const { analysed, patterns, placed } = rule;
  if (analysed.class !== "exact" || analysed.problem) return rule;
  const inexact = patterns.findIndex((pattern) => pool.patterns[pattern]!.status !== "exact");
  if (inexact < 0) return rule;
  const { kind } = placed.syntax.patterns[inexact]!;
  const reason = `${NAME_OF_KIND[kind]} whose matches are not known exactly`;
  return { ...rule, analysed: { ...analysed, class: "filtered", reason } };
}

const NAME_OF_KIND = { text: "a text", hex: "a hex string", regexp: "a regular expression" } as const;

function rejections(rules: readonly BuiltRule[]): RuleProblem[] {
  return rules.flatMap(({ analysed: { problem }, placed: { file, syntax, lineAt } }) =>
    problem ? [{ file, line: lineAt(problem.at), rule: syntax.name, message: problem.message }] : []
  );
}

/** By file, in the order in which they were collected, then by line. */
function inOrder(problems: readonly RuleProblem[], { pieces }: CollectedRules): RuleProblem[] {
  const files = new Set(pieces.map(({ file }) => file));
  const place = new Map([...files].map((file, index) => [file, index]));
  return problems.toSorted((a, b) =>
    place.get(a.file)! - place.get(b.file)! || (a.line ?? 0) - (b.line ?? 0)
  );
}

function summaryOf(
  rules: readonly BuiltRule[],
  namespaces: readonly string[],
  moduleSets: ModuleSets["sets"],
  problems: readonly RuleProblem[],
): ProgramSummary {
  const usable = rules.filter(({ analysed }) => !analysed.problem);
  const reasons = new Map<string, number>();
  for (const { analysed: { reason } } of usable) {
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return {
    version: PROGRAM_VERSION,
    placeCount: rules.length,
    ruleCount: usable.length,
    namespaces,
    externals: [...new Set(usable.flatMap(({ analysed }) => analysed.externals))],
    moduleSets,
    problems,
    reasons: [...reasons].sort(([, a], [, b]) => b - a),
  };
}

function sectionsOf(
  rules: readonly BuiltRule[],
  { patterns }: PatternPool,
  forms: readonly SearchForm[],
  summary: ProgramSummary,
): Uint8Array[] {
  const isSearched = (pattern: number) => patterns[pattern]!.status !== "unknown";
  const sections: Uint8Array[] = [];
  sections[SECTION.summary] = new TextEncoder().encode(JSON.stringify(summary));
  sections[SECTION.tables] = new Uint8Array();
  sections[SECTION.patternOfForm] = bytesOf(Uint32Array.from(forms, ({ pattern }) => pattern));
  sections[SECTION.patternStatus] = Uint8Array.from(patterns, ({ status }) => STATUSES.indexOf(status));
  sections[SECTION.patterns] = packTexts(patterns.map(writePattern));
  sections[SECTION.rulesOfPattern] = bytesOf(packLists(rulesByPattern(rules, patterns.length, isSearched)));
  sections[SECTION.ruleFlags] = Uint8Array.from(rules, (rule) => flagsOf(rule, isSearched));
  sections[SECTION.ruleNamespaces] = bytesOf(Uint32Array.from(rules, ({ placed }) => placed.namespace));
  sections[SECTION.ruleReferences] = bytesOf(packLists(rules.map(({ analysed }) => analysed.references)));
  sections[SECTION.rules] = packTexts(rules.map(recordOf));
  sections[SECTION.ruleTexts] = packTexts(rules.map(({ placed }) => placed.text));
  return sections;
}

function bytesOf(words: Uint32Array<ArrayBuffer>): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** What can't be searched wakes nobody: such a rule is always awake. */
function wakersOf(
  { analysed: { problem, needsMatch, class: ruleClass }, patterns }: BuiltRule,
  isSearched: (pattern: number) => boolean,
): readonly number[] | "always" {
  if (problem) return [];
  if (!needsMatch || ruleClass === "opaque") return "always";
  const wakers = needsMatch.map((index) => patterns[index]!);
  return wakers.every(isSearched) ? [...new Set(wakers)] : "always";
}

function rulesByPattern(
  rules: readonly BuiltRule[],
  patternCount: number,
  isSearched: (pattern: number) => boolean,
): number[][] {
  const lists: number[][] = Array.from({ length: patternCount }, () => []);
  for (const [index, rule] of rules.entries()) {
    const wakers = wakersOf(rule, isSearched);
    if (wakers !== "always") { for (const pattern of wakers) lists[pattern]!.push(index); }
  }
  return lists;
}

function flagsOf(rule: BuiltRule, isSearched: (pattern: number) => boolean): number {
  const { analysed, placed: { syntax } } = rule;
  if (analysed.problem) return FLAG.rejected;
  return (syntax.isPrivate ? FLAG.private : 0) | (syntax.isGlobal ? FLAG.global : 0) |
    (analysed.class === "filtered" ? FLAG.filtered : 0) | (analysed.class === "opaque" ? FLAG.opaque : 0) |
    (wakersOf(rule, isSearched) === "always" ? FLAG.always : 0);
}

/** Never looked at where the rule is opaque. */
const NO_CONDITION: BooleanNode = { op: "false" };

function recordOf({ placed: { syntax, file, line }, analysed, patterns, moduleSet }: BuiltRule): string {
  return writeRule({
    name: syntax.name,
    file,
    line,
    tags: syntax.tags,
    meta: metaOf(syntax.meta),
    patterns: syntax.patterns.map(({ identifier, modifiers }, index) => ({
      identifier,
      pattern: patterns[index]!,
      ...(modifiers.isPrivate && { isPrivate: true }),
    })),
    condition: analysed.condition ?? NO_CONDITION,
    moduleSet,
    ...(analysed.reason !== undefined && { reason: analysed.reason }),
  });
}
