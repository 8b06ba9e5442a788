/**
 * The rules of one role: read when the plugin is made, compiled at the first call, kept for all payloads.
 *
 * @module
 */

import type { CheckResponse, Logger, PluginFailure } from "../../src/plugin/define.ts";
import {
  type CollectedRules,
  describeProblem,
  type PreparedPiece,
  prepareRules,
  type RuleProblem,
} from "../../src/yara/mod.ts";
import {
  type CompiledRules,
  type Externals,
  type RuleEngine,
  type RuleMatch,
  type SourceOrigin,
  toSources,
} from "./engine.ts";

/** What a rule set says of a payload. */
export interface RuleAnswer {
  readonly matches: readonly RuleMatch[];
  /** Number of rule files that are not in use, because something is wrong with them. */
  readonly filesLeftOut: number;
  readonly errors: readonly PluginFailure[];
}

/** What a rule set needs. */
export interface RuleSetSetup {
  /** The option that names the rules, for messages. */
  readonly option: string;
  readonly collected: CollectedRules;
  readonly engine: RuleEngine;
  /** All external variables. */
  readonly externals: Externals;
  readonly log: Logger;
}

/** The rules of one role. */
export class RuleSet {
  readonly #setup: RuleSetSetup;
  #compiled: Promise<UsableRules> | undefined;

  constructor(setup: RuleSetSetup) {
    this.#setup = setup;
  }

  /** Scans bytes with the rules that compile. */
  async scan(bytes: Uint8Array, externals: Externals): Promise<RuleAnswer> {
    const { rules, externalsInUse, filesLeftOut, failure } = await (this.#compiled ??= this.#compile());
    if (failure) return { matches: [], filesLeftOut, errors: [failure] };
    const known = Object.entries(externals).filter(([name]) => externalsInUse.has(name));
    const outcome = await rules.scan(bytes, Object.fromEntries(known));
    if (outcome.ok) return { matches: outcome.matches, filesLeftOut, errors: [] };
    return { matches: [], filesLeftOut, errors: [{ message: outcome.message, code: "yara-engine-failed" }] };
  }

  /** Whether some condition may use an external variable. */
  async asksFor(external: string): Promise<boolean> {
    return (await (this.#compiled ??= this.#compile())).externalsInUse.has(external);
  }

  /** Compiles the rules if no payload came yet, and says how many there are and what is wrong with the others. */
  async check(): Promise<Required<CheckResponse>> {
    const { rules, problems, failure } = await (this.#compiled ??= this.#compile());
    const { option } = this.#setup;
    const errors = problems.map((problem) => ({
      message: `${option}: ${describeProblem(problem)}`,
      code: "yara-bad-rules",
    }));
    const facts = [`${option}: ${rules.ruleCount} rule${rules.ruleCount === 1 ? "" : "s"}`];
    return { facts, errors: failure && errors.length === 0 ? [failure] : errors };
  }

  async #compile(): Promise<UsableRules> {
    const { option, collected, engine, log } = this.#setup;
    const { pieces, problems } = prepareRules(collected);
    const externals = externalsOf(pieces, this.#setup.externals);
    const onConsole = (line: string) => log.debug(`console.log: ${line}`);
    const origins = toSources(pieces);
    const rules = await engine.compile(origins.map(({ source }) => source), { externals, onConsole });
    const allProblems = [
      ...problems,
      ...rules.problems.flatMap((problem) => inFile(origins, problem)),
    ];
    const byFile = groupByFile(allProblems);
    const reports = [...byFile].map(([, first]) => report(first));
    for (const text of reports) log.warn(`Left out YARA rules of "${option}": ${text}`);
    const failure = rules.ruleCount === 0 ? noRules(option, reports) : undefined;
    const externalsInUse = new Set(Object.keys(externals));
    return { rules, externalsInUse, filesLeftOut: byFile.size, problems: allProblems, failure };
  }
}

interface UsableRules {
  readonly rules: CompiledRules;
  /** Names of the external variables that some condition may use. */
  readonly externalsInUse: ReadonlySet<string>;
  readonly filesLeftOut: number;
  readonly problems: readonly RuleProblem[];
  readonly failure: PluginFailure | undefined;
}

/** The variables that some condition may use: to define and set the others is wasted time. */
function externalsOf(pieces: readonly PreparedPiece[], externals: Externals): Externals {
  const words = new Set(
    pieces.flatMap(({ rules }) => rules).flatMap((rule) => rule.conditionWords.map(({ text }) => text)),
  );
  return Object.fromEntries(Object.entries(externals).filter(([name]) => words.has(name)));
}

type EngineProblem = CompiledRules["problems"][number];

/** An import that stands alone says nothing that its file does not say too. */
function inFile(origins: readonly SourceOrigin[], { source, line, message }: EngineProblem): RuleProblem[] {
  const piece = origins[source]!.piece;
  return piece ? [{ file: piece.file, line: piece.firstLine + line - 1, message }] : [];
}

function groupByFile(problems: readonly RuleProblem[]): Map<string, RuleProblem[]> {
  const byFile = new Map<string, RuleProblem[]>();
  for (const problem of problems) {
    const list = byFile.get(problem.file);
    if (list) list.push(problem);
    else byFile.set(problem.file, [problem]);
  }
  return byFile;
}

function report(problems: readonly RuleProblem[]): string {
  const more = problems.length - 1;
  return describeProblem(problems[0]!) + (more > 0 ? ` (and ${more} more)` : "");
}

function noRules(option: string, reports: readonly string[]): PluginFailure {
  const reason = reports.length === 0
    ? "the option holds no rule, should name a rule file or a folder of them"
    : `every rule file has errors, ${reports[0]}`;
  return { message: `Failed to use the YARA rules of "${option}": ${reason}`, code: "yara-no-rules" };
}
