/**
 * Compiles rule files to the sections of a {@linkcode Program}.
 *
 * Rules go through all steps one after the other, and what is kept of each is as good as the sections: a tree that lives on
 * has to be moved by the garbage collector again and again.
 *
 * @module
 */

import type { CollectedRules } from "../collect.ts";
import { type AnalysedRule, type ExternalValue, RuleAnalyser, type ScalarType } from "../condition/mod.ts";
import { compileTextRegexp } from "../regexp/mod.ts";
import type { RuleProblem } from "../rule_problem.ts";
import type { SearchForm } from "../search_form.ts";
import type { RegexpSyntax } from "../syntax.ts";
import { PatternPool } from "./pattern_pool.ts";
import { PROGRAM_VERSION, type ProgramSummary, SECTION } from "../program/program.ts";
import { type LocatedRule, readRules } from "./read_rules.ts";
import { RuleTables, type TabledRule } from "./rule_tables.ts";

/** How to compile. */
export interface BuildSettings {
  /** External variables with values of their types. */
  readonly externals: Readonly<Record<string, ExternalValue>>;
  /** Whether each file that is named has a namespace of its own. */
  readonly hasNamespaceByFile: boolean;
}

/**
 * Compiles rules; those that can't be used are left out, and named among the problems of the summary.
 *
 * @param onForm gets each form that the scanning core must find
 * @returns the sections; that of the core's tables is empty
 */
export function buildProgram(
  collected: CollectedRules,
  settings: BuildSettings,
  onForm: (form: SearchForm) => void,
): Uint8Array[] {
  const builder = new ProgramBuilder(settings, onForm);
  const { namespaces, problems } = readRules(
    collected,
    settings.hasNamespaceByFile,
    (rule, namespace) => builder.add(rule, namespace),
  );
  const ordered = inOrder([...problems, ...builder.rejections], collected);
  return builder.finish(namespaces, [...collected.problems, ...ordered]);
}

class ProgramBuilder {
  readonly rejections: RuleProblem[] = [];
  readonly #pool: PatternPool;
  readonly #tables = new RuleTables();
  readonly #externals = new Set<string>();
  readonly #analyser: RuleAnalyser;
  /** Numbers of the patterns of the rule at hand. */
  #patterns: readonly number[] = [];

  constructor({ externals }: BuildSettings, onForm: (form: SearchForm) => void) {
    this.#pool = new PatternPool(onForm);
    this.#analyser = new RuleAnalyser({
      externals: typesOf(externals),
      checkRegexp,
      canMatch: () => true,
      costOf: (_rule, pattern) => this.#pool.costOf(this.#patterns[pattern]!),
    });
  }

  add(placed: LocatedRule, namespace: string): void {
    const { syntax, modules } = placed;
    this.#patterns = this.#pool.add(syntax);
    const analysed = this.#analyser.add({ rule: syntax, namespace, modules });
    this.#tables.add(placed, this.#withPatterns(analysed, placed), this.#patterns, this.#wakersOf(analysed));
    for (const external of analysed.externals) this.#externals.add(external);
    if (!analysed.problem) return;
    const { problem: { at, message } } = analysed;
    this.rejections.push({ file: placed.file, line: placed.lineAt(at), rule: syntax.name, message });
  }

  /** A rule whose condition is exact is no more than filtered where its patterns are not. */
  #withPatterns(analysed: AnalysedRule, { syntax }: LocatedRule): AnalysedRule {
    if (analysed.class !== "exact" || analysed.problem) return analysed;
    const inexact = this.#patterns.findIndex((pattern) => this.#pool.statusOf(pattern) !== "exact");
    if (inexact < 0) return analysed;
    const { kind } = syntax.patterns[inexact]!;
    const reason = `${NAME_OF_KIND[kind]} whose matches are not known exactly`;
    return { ...analysed, class: "filtered", reason };
  }

  /** A pattern that can't be searched triggers nothing: such a rule is always evaluated. */
  #wakersOf({ problem, needsMatch, class: ruleClass }: AnalysedRule): readonly number[] | "always" {
    if (problem) return [];
    if (!needsMatch || ruleClass === "opaque") return "always";
    const triggers = needsMatch.map((index) => this.#patterns[index]!);
    return triggers.every((pattern) => this.#pool.statusOf(pattern) !== "unknown")
      ? [...new Set(triggers)]
      : "always";
  }

  finish(namespaces: readonly string[], problems: readonly RuleProblem[]): Uint8Array[] {
    const rules = this.#tables.rules.map((rule) =>
      this.#analyser.underGlobals(rule, namespaces[rule.namespace]!)
    );
    const summary: ProgramSummary = {
      version: PROGRAM_VERSION,
      placeCount: rules.length,
      ruleCount: rules.filter(({ isRejected }) => !isRejected).length,
      namespaces,
      files: this.#tables.files,
      externals: [...this.#externals],
      moduleSets: this.#tables.moduleSets,
      problems,
      reasons: reasonsOf(rules),
    };
    const sections: Uint8Array[] = [];
    sections[SECTION.summary] = new TextEncoder().encode(JSON.stringify(summary));
    sections[SECTION.tables] = new Uint8Array();
    this.#pool.writeSections(sections);
    this.#tables.writeSections(sections, rules, summary.reasons, this.#pool.patternCount);
    return sections;
  }
}

const NAME_OF_KIND = { text: "a text", hex: "a hex string", regexp: "a regular expression" } as const;

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

/** By file, in the order in which they were collected, then by line. */
function inOrder(problems: readonly RuleProblem[], { pieces }: CollectedRules): RuleProblem[] {
  const files = new Set(pieces.map(({ file }) => file));
  const place = new Map([...files].map((file, index) => [file, index]));
  return problems.toSorted((a, b) =>
    place.get(a.file)! - place.get(b.file)! || (a.line ?? 0) - (b.line ?? 0)
  );
}

/** How many rules aren't exact for each reason, the most frequent first. */
function reasonsOf(rules: readonly TabledRule[]): [reason: string, count: number][] {
  const reasons = new Map<string, number>();
  for (const { reason, isRejected } of rules) {
    if (reason !== undefined && !isRejected) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return [...reasons].sort(([, a], [, b]) => b - a);
}
