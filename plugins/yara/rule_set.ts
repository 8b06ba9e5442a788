/**
 * The rules of one role: compiled for the first call, kept for all payloads, and read again when their files change.
 *
 * @module
 */

import type { CheckResponse, Logger, PluginFailure } from "../../src/plugin/define.ts";
import { type CollectedRules, describeProblem, type RuleProblem } from "../../src/yara/mod.ts";
import type { CompileOptions, Externals, RuleEngine, ScanAnswer, UsableRules } from "./engine.ts";
import { YaraError } from "./failure.ts";
import { refusedRules } from "./refused_rules.ts";
import type { RuleCache } from "./rule_cache.ts";
import type { RuleSource } from "./rule_source.ts";

/** The answer of a rule set for a payload. */
export interface RuleAnswer extends ScanAnswer {
  /** Number of rule files that are not in use, because something is wrong with them. */
  readonly filesLeftOut: number;
  /** Number of rules of other files that are not in use. */
  readonly rulesLeftOut: number;
}

/** Dependencies of a rule set. */
export interface RuleSetSetup {
  /** The option that names the rules, for messages. */
  readonly option: string;
  readonly source: RuleSource;
  readonly engine: RuleEngine;
  /** Where compiled rules are kept that the source does not keep; `undefined`: nowhere. */
  readonly cache?: RuleCache | undefined;
  /** All external variables. */
  readonly externals: Externals;
  readonly log: Logger;
}

/** The rules of one role. */
export class RuleSet {
  readonly #setup: RuleSetSetup;
  readonly #options: CompileOptions;
  /** Until it is compiled. */
  #read: CollectedRules | undefined;
  #compiled: Promise<Compiled> | undefined;
  #isReloading = false;

  constructor(setup: RuleSetSetup) {
    this.#setup = setup;
    const { externals, log, source, cache } = setup;
    this.#options = { externals, log, store: source.store ?? cache };
  }

  /**
   * Scans bytes with the rules that compile.
   *
   * @param isReportingRefused whether rules that are not in use are an error; those that this call finds out always are
   */
  async scan(bytes: Uint8Array, externals: Externals, isReportingRefused = false): Promise<RuleAnswer> {
    return await this.#use(async ({ rules, failure }) => {
      if (failure) return { matches: [], errors: [failure], ...leftOut(rules.problems) };
      const known = isReportingRefused ? 0 : rules.problems.length;
      const answer = await rules.scan(bytes, externals);
      const refused = refusedRules(this.#setup.option, rules.problems.slice(known));
      return { ...answer, errors: [...answer.errors, ...refused], ...leftOut(rules.problems) };
    });
  }

  /** Whether some condition may use an external variable. */
  async asksFor(external: string): Promise<boolean> {
    return await this.#use(({ rules }) => Promise.resolve(rules.externalsInUse.has(external)));
  }

  /** Compiles the rules if they are not compiled yet, and returns their number and the problems of others. */
  async check(): Promise<Required<CheckResponse>> {
    return await this.#use((compiled) => this.#checkOf(compiled));
  }

  async #checkOf({ rules, failure }: Compiled): Promise<Required<CheckResponse>> {
    const { option } = this.#setup;
    await rules.check();
    const errors = rules.problems.map((problem) => ({
      message: `${option}: ${describeProblem(problem)}`,
      code: "yara-bad-rules",
    }));
    const count = `${rules.ruleCount} rule${rules.ruleCount === 1 ? "" : "s"}`;
    const facts = [count, ...rules.facts].map((fact) => `${option}: ${fact}`);
    return { facts, errors: failure && errors.length === 0 ? [failure] : errors };
  }

  /** Reads the rules; compiling them waits for the first call. @throws {YaraError} `yara-rules-not-found` when a path can't be used */
  async open(): Promise<void> {
    this.#read = await this.#setup.source.read();
  }

  /** Does something with the rules as their files are now; the rules stay in memory until it ends. */
  async #use<T>(work: (compiled: Compiled) => Promise<T>): Promise<T> {
    await this.#inUse();
    await this.#reload();
    const compiled = await this.#hold();
    try {
      return await work(compiled);
    } finally {
      compiled.userCount--;
      await freeIfUnused(compiled);
    }
  }

  /** The rules in use; those that could not be compiled are compiled again at the next call. */
  #inUse(): Promise<Compiled> {
    return this.#compiled ??= this.#compile().catch((error) => {
      this.#compiled = undefined;
      throw error;
    });
  }

  /** The rules in use, with one user more. */
  async #hold(): Promise<Compiled> {
    const compiled = await this.#inUse();
    // Newer rules may have replaced them meanwhile.
    if (compiled.isRetired) return await this.#hold();
    compiled.userCount++;
    return compiled;
  }

  /** Compiles the rules again when their files have changed; if the files can't be read any more, the rules stay in use. */
  async #reload(): Promise<void> {
    const { option, source, log } = this.#setup;
    // Until it ends, other calls use the current rules.
    if (this.#isReloading) return;
    this.#isReloading = true;
    try {
      if (!await source.hasChanged()) return;
      const compiled = await this.#compile();
      log.info(`Read the YARA rules of "${option}" again: ${compiled.rules.ruleCount} rules`);
      const before = this.#inUse();
      this.#compiled = Promise.resolve(compiled);
      await retire(await before);
    } catch (error) {
      if (!(error instanceof YaraError)) throw error;
      log.warn(
        `Cannot read the YARA rules of "${option}" again, the current ones stay in use: ${error.message}`,
      );
    } finally {
      this.#isReloading = false;
    }
  }

  async #compile(): Promise<Compiled> {
    const { option, source, engine, log } = this.#setup;
    const collected = this.#read ?? await source.read();
    this.#read = undefined;
    const rules = await engine.compile(collected, this.#options);
    const byFile = groupByFile(rules.problems);
    const reports = [...byFile].map(([, first]) => report(first));
    for (const text of reports) log.warn(`Left out YARA rules of "${option}": ${text}`);
    const failure = rules.ruleCount === 0 ? noRules(option, reports) : undefined;
    return { rules, failure, userCount: 0, isRetired: false };
  }
}

interface Compiled {
  readonly rules: UsableRules;
  readonly failure: PluginFailure | undefined;
  /** Number of calls that use them. */
  userCount: number;
  /** Whether newer rules have replaced them. */
  isRetired: boolean;
}

async function retire(compiled: Compiled): Promise<void> {
  compiled.isRetired = true;
  await freeIfUnused(compiled);
}

async function freeIfUnused(compiled: Compiled): Promise<void> {
  if (compiled.isRetired && compiled.userCount === 0) await compiled.rules.free();
}

function leftOut(problems: readonly RuleProblem[]): Pick<RuleAnswer, "filesLeftOut" | "rulesLeftOut"> {
  const costly = problems.filter(({ isInUse }) => !isInUse);
  const files = new Set(costly.filter(({ rule }) => rule === undefined).map(({ file }) => file));
  const rules = new Set(
    costly.filter(({ file, rule }) => rule !== undefined && !files.has(file)).map(({ file, line, rule }) =>
      `${rule}\0${line}\0${file}`
    ),
  );
  return { filesLeftOut: files.size, rulesLeftOut: rules.size };
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
