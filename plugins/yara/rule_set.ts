/**
 * The rules of one role: read when the plugin is made, compiled at the first call, kept for all payloads.
 *
 * @module
 */

import type { CheckResponse, Logger, PluginFailure } from "../../src/plugin/define.ts";
import { type CollectedRules, describeProblem, type RuleProblem } from "../../src/yara/mod.ts";
import type { Externals, RuleEngine, RuleMatch, UsableRules } from "./engine.ts";

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
  #compiled: Promise<Compiled> | undefined;

  constructor(setup: RuleSetSetup) {
    this.#setup = setup;
  }

  /** Scans bytes with the rules that compile. */
  async scan(bytes: Uint8Array, externals: Externals): Promise<RuleAnswer> {
    const { rules, filesLeftOut, failure } = await (this.#compiled ??= this.#compile());
    if (failure) return { matches: [], filesLeftOut, errors: [failure] };
    const outcome = await rules.scan(bytes, externals);
    if (outcome.ok) return { matches: outcome.matches, filesLeftOut, errors: [] };
    return { matches: [], filesLeftOut, errors: [{ message: outcome.message, code: "yara-engine-failed" }] };
  }

  /** Whether some condition may use an external variable. */
  async asksFor(external: string): Promise<boolean> {
    return (await (this.#compiled ??= this.#compile())).rules.externalsInUse.has(external);
  }

  /** Compiles the rules if no payload came yet, and says how many there are and what is wrong with the others. */
  async check(): Promise<Required<CheckResponse>> {
    const { rules, failure } = await (this.#compiled ??= this.#compile());
    const { option } = this.#setup;
    const errors = rules.problems.map((problem) => ({
      message: `${option}: ${describeProblem(problem)}`,
      code: "yara-bad-rules",
    }));
    const facts = [`${option}: ${rules.ruleCount} rule${rules.ruleCount === 1 ? "" : "s"}`];
    return { facts, errors: failure && errors.length === 0 ? [failure] : errors };
  }

  async #compile(): Promise<Compiled> {
    const { option, collected, engine, externals, log } = this.#setup;
    const onConsole = (line: string) => log.debug(`console.log: ${line}`);
    const rules = await engine.compile(collected, { externals, onConsole });
    const byFile = groupByFile(rules.problems);
    const reports = [...byFile].map(([, first]) => report(first));
    for (const text of reports) log.warn(`Left out YARA rules of "${option}": ${text}`);
    const failure = rules.ruleCount === 0 ? noRules(option, reports) : undefined;
    return { rules, filesLeftOut: byFile.size, failure };
  }
}

interface Compiled {
  readonly rules: UsableRules;
  readonly filesLeftOut: number;
  readonly failure: PluginFailure | undefined;
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
