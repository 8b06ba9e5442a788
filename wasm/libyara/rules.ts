/**
 * Rules of libyara. The package keeps no compiled rules: they are checked once and compiled again in every scan.
 *
 * @module
 */

import { takeAll } from "./abi.ts";
import type { Instance } from "./instance.ts";
import { passOn, readMatches } from "./result.ts";
import type {
  CompiledRules,
  CompileOptions,
  Externals,
  RuleDeclaration,
  RuleSource,
  ScanOutcome,
  SourceProblem,
} from "./shapes.ts";
import { joinSources, LAST_RULE, locate } from "./text.ts";

/** Passes before all that still fails is given up; a pass finds the errors of nearly all bad sources. */
const MAX_PASSES = 12;

/** Sources that compile. */
export class LibyaraRules implements CompiledRules {
  readonly problems: readonly SourceProblem[];
  readonly ruleCount: number;
  readonly #rules: ReadonlyMap<string, RuleDeclaration>;
  readonly #hasGlobalRules: boolean;

  private constructor(
    readonly instance: Instance,
    readonly sources: readonly RuleSource[],
    readonly options: CompileOptions,
    problems: readonly SourceProblem[],
  ) {
    this.problems = problems;
    const rules = sources.flatMap((source) => source.rules);
    this.ruleCount = rules.length;
    this.#rules = new Map(rules.map((rule) => [rule.name, rule]));
    this.#hasGlobalRules = rules.some((rule) => rule.isGlobal);
  }

  /** Checks sources and leaves out the units with errors. */
  static compile(
    instance: Instance,
    sources: readonly RuleSource[],
    options: CompileOptions,
  ): LibyaraRules {
    const leftOut = new Map<string, SourceProblem[]>();
    for (let pass = 1;; pass++) {
      const used = sources.filter((source) => !leftOut.has(source.unit));
      const errors = used.length === 0 ? [] : check(instance, used, options.externals);
      if (errors.length === 0) {
        const problems = [...leftOut.values()].flat().sort((a, b) => a.source - b.source || a.line - b.line);
        return new LibyaraRules(instance, used, options, problems);
      }
      for (const { source, line, message } of condemned(pass, errors, used)) {
        const problem = { source: sources.indexOf(source), line, message };
        leftOut.set(source.unit, [...leftOut.get(source.unit) ?? [], problem]);
      }
    }
  }

  scan(bytes: Uint8Array, externals: Externals = {}): Promise<ScanOutcome> {
    return Promise.resolve(this.#scanNow(bytes, externals));
  }

  free(): void {}

  #scanNow(bytes: Uint8Array, externals: Externals): ScanOutcome {
    const text = joinSources(this.sources, { ...this.options.externals, ...externals });
    const outcome = this.instance.run(bytes, text);
    if (!outcome.ok) return failure(bytes, outcome.message);
    const { result } = outcome;
    const errors = takeAll(result.compileErrors).filter((error) => !error.warning);
    passOn(result.consoleLogs, this.options.onConsole);
    const matched = takeAll(result.matchedRules);
    const matches = readMatches(matched, this.#rules);
    const isComplete = this.#hasGlobalRules || matched.some((match) => match.ruleName === LAST_RULE);
    result.delete();
    if (isComplete && errors.length === 0) return { ok: true, matches };
    return failure(bytes, errors[0]?.message ?? "the engine stopped before the last rule");
  }
}

interface LocatedError {
  readonly source: RuleSource;
  readonly line: number;
  readonly message: string;
}

function check(instance: Instance, sources: readonly RuleSource[], externals: Externals) {
  const outcome = instance.run(new Uint8Array(), joinSources(sources, externals));
  if (!outcome.ok) return giveUp(sources, outcome.message);
  const { result } = outcome;
  const errors = takeAll(result.compileErrors).filter((error) => !error.warning);
  for (const match of takeAll(result.matchedRules)) {
    match.resolvedMatches.delete();
    match.metadata.delete();
  }
  result.consoleLogs.delete();
  result.delete();
  return errors.map(({ lineNumber, message }) => ({ ...locate(sources, lineNumber), message }));
}

/** The errors that cost a unit its place. */
function condemned(pass: number, errors: readonly LocatedError[], used: readonly RuleSource[]) {
  if (pass === 1) return errors.filter((error) => !isConsequence(error, errors, used));
  return pass < MAX_PASSES ? errors : giveUp(used);
}

/** The good rules of a bad source stay known, so that a later source seems to repeat them. */
function isConsequence(
  error: LocatedError,
  errors: readonly LocatedError[],
  used: readonly RuleSource[],
): boolean {
  const name = /^duplicated identifier "(.*)"$/.exec(error.message)?.[1];
  const first = used.find(({ rules }) => rules.some((rule) => rule.name === name));
  return first !== undefined && first.unit !== error.source.unit &&
    errors.some(({ source }) => source.unit === first.unit);
}

function failure(bytes: Uint8Array, reason: string): ScanOutcome {
  return { ok: false, message: `libyara failed to scan ${bytes.length} bytes: ${reason}` };
}

function giveUp(
  sources: readonly RuleSource[],
  message = `the rules still don't compile after ${MAX_PASSES} passes, each without the files that failed`,
): LocatedError[] {
  return sources.map((source) => ({ source, line: 1, message }));
}
