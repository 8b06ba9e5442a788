/**
 * Regular expressions: from runs that every match must hold to matches.
 *
 * @module
 */

import { type CompiledRegexp, compileRegexp, matchesOf, MAX_MATCH_STEPS } from "../regexp/mod.ts";
import type { Modifiers, RegexpPattern } from "../syntax.ts";
import type { Work } from "../work.ts";
import {
  type CompiledPattern,
  type FollowUpPlan,
  type PatternStatus,
  UNKNOWN_PATTERN,
} from "./compiled_pattern.ts";
import type { FollowedUp, FormHit } from "./matches.ts";

/** The plan of a regular expression. */
export type RegexpPlan = Extract<FollowUpPlan, { kind: "regexp" }>;

/** What becomes of a regular expression. One that YARA-X refuses is unknown: its rule is left out elsewhere. */
export function compileRegexpPattern(pattern: RegexpPattern): CompiledPattern {
  const { regexp, modifiers } = pattern;
  const compiled = compileOnce(pattern);
  if ("problem" in compiled || compiled.runs === "none") return UNKNOWN_PATTERN;
  const plan: RegexpPlan = { kind: "regexp", regexp, modifiers };
  PROGRAMS.set(plan, compiled);
  const forms = compiled.runs.map(({ isWide: _isWide, distance: _distance, ...form }) => form);
  return { forms, status: statusOf(compiled, modifiers), plan };
}

/** The least that is known of matches; for some content more is. */
function statusOf(compiled: CompiledRegexp, { isAscii, isWide }: Modifiers): PatternStatus {
  const shapes = [
    ...(isAscii || !isWide ? [compiled.shape(false)] : []),
    ...(isWide ? [compiled.shape(true)] : []),
  ];
  if (shapes.some(({ starts }) => starts !== "equal")) return "candidate";
  return shapes.every(({ isOrdered }) => isOrdered) ? "exact" : "existence";
}

/** What a rule is checked with is what it is compiled with. */
const COMPILED = new WeakMap<RegexpPattern, ReturnType<typeof compileRegexp>>();

function compileOnce(pattern: RegexpPattern): ReturnType<typeof compileRegexp> {
  let compiled = COMPILED.get(pattern);
  if (!compiled) COMPILED.set(pattern, compiled = compileRegexp(pattern.regexp, pattern.modifiers));
  return compiled;
}

/** Compiled for the first hit, and kept as long as the plan is. */
const PROGRAMS = new WeakMap<RegexpPlan, CompiledRegexp>();

function programOf(plan: RegexpPlan): CompiledRegexp {
  const known = PROGRAMS.get(plan);
  if (known) return known;
  const compiled = compileRegexp(plan.regexp, plan.modifiers);
  if ("problem" in compiled) throw new Error(`Cannot follow up a regular expression: ${compiled.problem}`);
  PROGRAMS.set(plan, compiled);
  return compiled;
}

/** The matches around hits of runs. */
export function followRegexp(
  plan: RegexpPlan,
  hits: readonly FormHit[],
  content: Uint8Array,
  work: Work,
): FollowedUp {
  const limit = Math.min(MAX_MATCH_STEPS, work.stepsLeft);
  const budget = { steps: limit };
  const { matches, certainty } = matchesOf(programOf(plan), content, hits, budget);
  work.spend(limit - budget.steps);
  if (matches.length > work.matchesLeft) return UNKNOWN_MATCHES;
  return { matches, certainty, isCapped: certainty === "unknown" };
}

const UNKNOWN_MATCHES: FollowedUp = { matches: [], isCapped: true, certainty: "unknown" };

/** Why a regular expression can't be among the strings of a rule: YARA-X refuses it, or fails with it; undefined: it can. */
export function regexpProblem(pattern: RegexpPattern): string | undefined {
  const compiled = compileOnce(pattern);
  if ("problem" in compiled) return compiled.problem;
  // The engine checks the neighbours at a wrong place, and where that lies outside a payload the whole scan fails.
  return compiled.fullword === "misread"
    ? '"fullword" makes yara-x fail with this regular expression, should be left out'
    : undefined;
}
