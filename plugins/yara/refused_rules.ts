/**
 * The error that says which rules are not in use.
 *
 * @module
 */

import { type PluginFailure, quote } from "../../src/plugin/define.ts";
import { describeProblem, type RuleProblem } from "../../src/yara/mod.ts";

/** Rules that are named in one error; more are counted. */
export const MAX_NAMED_RULES = 20;
/** Longest reason of one rule, in UTF-16 units: 20 of them fit into an error. */
const MAX_REASON_CHARS = 400;

/** The error for rules and rule files that an engine refused, none where it refused none. */
export function refusedRules(option: string, problems: readonly RuleProblem[]): PluginFailure[] {
  const refused = problems.filter(({ isInUse }) => !isInUse);
  if (refused.length === 0) return [];
  const named = refused.slice(0, MAX_NAMED_RULES).map(describeRefusal);
  const more = refused.length - named.length;
  const list = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
  return [{ message: `Left out YARA rules of ${quote(option)}: ${list}`, code: "yara-rule-refused" }];
}

function describeRefusal(problem: RuleProblem): string {
  const reason = describeProblem(problem).replaceAll(/\s+/g, " ");
  const short = reason.length <= MAX_REASON_CHARS
    ? reason
    : reason.slice(0, MAX_REASON_CHARS - 1).toWellFormed() + "…";
  return problem.rule === undefined ? short : `rule ${quote(problem.rule)}, ${short}`;
}
