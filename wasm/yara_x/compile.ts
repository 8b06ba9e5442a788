/**
 * Compiles sources, leaving out the units that have errors.
 *
 * The engine refuses to build after one bad source, so the rest goes through a fresh compiler. One pass sees all
 * bad sources, a second one usually builds: the price of a bad file is one more pass, however many there are.
 *
 * @module
 */

import { isReport, isTrap } from "./failure.ts";
import type { Glue, Instance, Instances } from "./instance.ts";
import { type CompilerError, duplicateRuleName, readReport } from "./report.ts";
import type { Externals, RuleSource, SourceProblem } from "./shapes.ts";

/** The package's compiled rules. */
export type Rules = ReturnType<Compiler["build"]>;

/** What was built, and the instance that it lives in. */
export interface Built {
  readonly instance: Instance;
  readonly rules: Rules;
  readonly problems: readonly SourceProblem[];
  readonly ruleCount: number;
}

/**
 * Passes before all that still fails is given up. A file that leans on a rule of a bad file fails one pass later,
 * so a chain of such files needs a pass for each link. Chains of this length are not expected.
 */
const MAX_PASSES = 12;

/** Builds rules from all sources that compile. */
export async function build(
  instances: Instances,
  sources: readonly RuleSource[],
  externals: Externals,
): Promise<Built> {
  const leftOut = new Map<string, SourceProblem[]>();
  for (let pass = 1;; pass++) {
    const instance = await instances.get();
    const used = sources.filter((source) => !leftOut.has(source.unit));
    const compiler = instance.own(new instance.glue.Compiler());
    const { failed, isTrapped } = addSources(compiler, used, externals);
    if (failed.length === 0) {
      const rules = instance.own(compiler.build());
      instance.release(compiler);
      return { instance, rules, problems: inOrder(leftOut), ruleCount: countRules(used) };
    }
    if (isTrapped) instances.discard(instance);
    else instance.release(compiler);
    for (const { source, errors } of condemned(pass, failed, used)) {
      const problems = errors.map(({ line, message }) => ({
        source: sources.indexOf(source),
        line,
        message,
      }));
      leftOut.set(source.unit, [...leftOut.get(source.unit) ?? [], ...problems]);
    }
  }
}

type Compiler = InstanceType<Glue["Compiler"]>;

interface Failure {
  readonly source: RuleSource;
  readonly errors: readonly CompilerError[];
}

function addSources(compiler: Compiler, sources: readonly RuleSource[], externals: Externals) {
  for (const [name, value] of Object.entries(externals)) compiler.defineGlobal(name, value);
  const failed: Failure[] = [];
  let reported = 0;
  let namespace = DEFAULT_NAMESPACE;
  for (const source of byNamespace(sources)) {
    if ((source.namespace ?? DEFAULT_NAMESPACE) !== namespace) {
      namespace = source.namespace ?? DEFAULT_NAMESPACE;
      compiler.newNamespace(namespace);
    }
    try {
      compiler.addSource(withoutWarnings(source));
    } catch (error) {
      if (isTrap(error)) {
        const message = `the compiler failed: ${error.message}`;
        return { failed: [{ source, errors: [{ code: "", line: 1, message }] }], isTrapped: true };
      }
      if (!isReport(error)) throw error;
      const reports = compiler.errors;
      failed.push({ source, errors: reports.slice(reported).map(readReport) });
      reported = reports.length;
    }
  }
  return { failed, isTrapped: false };
}

/** Where rules are that name no namespace. */
const DEFAULT_NAMESPACE = "default";

/**
 * The engine can't go back to a namespace: a second one of the same name would not know the rules of the first. So they
 * come one after the other, in the order in which they are met.
 */
function byNamespace(sources: readonly RuleSource[]): readonly RuleSource[] {
  return [...Map.groupBy(sources, (source) => source.namespace ?? DEFAULT_NAMESPACE).values()].flat();
}

/**
 * The engine renders its warnings again in every result, a fifth of the time of a scan with a large rule set, and
 * a comment in front of each rule is the only switch. It stays on the rule's line, so that line numbers hold.
 */
const SUPPRESS =
  "/* suppress: slow_pattern, text_as_hex, invariant_expr, non_bool_expr, bool_int_comparison, " +
  "consecutive_jumps, potentially_slow_loop, too_many_iterations, unsatisfiable_expr, redundant_modifier, " +
  "duplicate_pattern_value, duplicate_import, deprecated_field, ambiguous_expr, unused_identifier, " +
  "unintended_pattern_in_set, global_rule_misuse */";

function withoutWarnings(source: RuleSource): string {
  let text = "";
  let at = 0;
  for (const { start } of source.rules) {
    text += source.text.slice(at, start) + SUPPRESS;
    at = start;
  }
  return text + source.text.slice(at);
}

/** The failures that cost a unit its place. */
function condemned(
  pass: number,
  failed: readonly Failure[],
  used: readonly RuleSource[],
): readonly Failure[] {
  if (pass === 1) return failed.filter((failure) => !isConsequence(failure, failed, used));
  if (pass < MAX_PASSES) return failed;
  const message =
    `the rules still don't compile after ${MAX_PASSES} passes, each without the files that failed`;
  return used.map((source) => ({ source, errors: [{ code: "", line: 1, message }] }));
}

/** The good rules of a bad source stay known, so that a later source seems to repeat them. */
function isConsequence(
  failure: Failure,
  failed: readonly Failure[],
  sources: readonly RuleSource[],
): boolean {
  const badUnits = new Set(failed.map(({ source }) => source.unit));
  return failure.errors.every((error) => {
    const name = duplicateRuleName(error);
    const first = name &&
      sources.find(({ namespace, rules }) =>
        namespace === failure.source.namespace && rules.some((rule) => rule.name === name)
      );
    return first && first.unit !== failure.source.unit && badUnits.has(first.unit);
  });
}

function inOrder(leftOut: ReadonlyMap<string, readonly SourceProblem[]>): SourceProblem[] {
  return [...leftOut.values()].flat().sort((a, b) => a.source - b.source || a.line - b.line);
}

function countRules(sources: readonly RuleSource[]): number {
  return sources.reduce((count, source) => count + source.rules.length, 0);
}
