/**
 * Decides for one payload which rules match and which don't, and lists those that only yara-x can decide.
 *
 * @module
 */

import { ContentModules } from "../condition/content_modules.ts";
import { Evaluation } from "../condition/evaluation.ts";
import type { ExternalValue, PatternMatches } from "../condition/facts.ts";
import type { DigestFunction } from "../condition/module_value.ts";
import { EITHER, FALSE, type Possible, settled, TRUE } from "../condition/possible.ts";
import { followPlain, followUp } from "../forms/follow_up.ts";
import type { FollowedUp, PatternMatch } from "../forms/matches.ts";
import { Work } from "../work.ts";
import { ContentDigests } from "./content_digests.ts";
import { type FormHits, MatchIndex } from "./match_index.ts";
import type { Program } from "./program.ts";
import { TextRegexps } from "./text_regexps.ts";

/** A payload, and the hits of the scanning core. */
export interface EvaluationInput extends FormHits {
  /** Whether the core searched all of the content; if not, a pattern without a hit may match. */
  readonly isComplete: boolean;
  readonly content: Uint8Array;
  /** Values of all external variables. */
  readonly externals: Readonly<Record<string, ExternalValue>>;
  /** Computes digests; absent: rules that compare digests are not settled. */
  readonly digest?: DigestFunction;
}

/** A string of a rule that matches. */
export interface StringMatch extends PatternMatch {
  /** With its `$`. */
  readonly identifier: string;
}

/** A rule that matches. */
export interface MatchedRule {
  readonly rule: number;
  /** By pattern in the rule's order, then by offset; without those of private patterns. */
  readonly strings: readonly StringMatch[];
  /** Number of strings that are not among them, because of a limit; absent: none. */
  readonly stringsLeftOut?: number;
}

/** The rules of one payload. */
export interface EvaluatedRules {
  /** Rules that match, without private ones, in ascending order. */
  readonly matches: readonly MatchedRule[];
  /** Rules of which only yara-x knows whether they match, or where, in ascending order. */
  readonly candidates: readonly number[];
  /** Candidates that certainly match, with the strings that are certain. */
  readonly certain: readonly MatchedRule[];
}

/** Strings of one rule that are listed; more than any result shows. */
export const MAX_RULE_STRINGS = 20_000;
/** Strings of all rules that are listed for one payload; rules that share a pattern list its matches each. */
export const MAX_PAYLOAD_STRINGS = 400_000;

/** Gets the time that a rule took. */
export type RuleTimer = (rule: number, spentMs: number) => void;

const NO_MATCHES: FollowedUp = { matches: [], isCapped: false, certainty: "exact" };
/** The matches of a pattern without a hit when the core did not search all of the content. */
const NOTHING_KNOWN: FollowedUp = { matches: [], isCapped: true, certainty: "candidate" };
const NO_OFFSETS: PatternMatches = { status: "exact", offsets: [], lengths: [] };
const UNKNOWN: PatternMatches = { status: "unknown" };

/** Evaluates the rules of a program, one payload at a time. */
export class RuleEvaluator {
  readonly #program: Program;
  readonly #hits: MatchIndex;
  /** What each rule's condition may be; false unless it was evaluated. */
  readonly #verdicts: Uint8Array;
  readonly #isActive: Uint8Array;
  readonly #followed = new Map<number, FollowedUp>();
  /** The matches of each pattern as conditions see them; computed once, because loops ask thousands of times. */
  readonly #conditionMatches = new Map<number, PatternMatches>();
  readonly #regexps = new TextRegexps();
  #input: EvaluationInput | undefined;
  #work = new Work();
  #stringsLeft = 0;
  /** Patterns of the current rule. */
  #patterns: Uint32Array = new Uint32Array();

  constructor(program: Program) {
    this.#program = program;
    this.#hits = new MatchIndex(program.patternOfForm, program.patternCount);
    this.#verdicts = new Uint8Array(program.summary.placeCount);
    this.#isActive = new Uint8Array(program.summary.placeCount);
  }

  /** Evaluates one payload. `onTime` gets each rule that is evaluated, and again when its strings are collected. */
  evaluate(input: EvaluationInput, onTime?: RuleTimer): EvaluatedRules {
    this.#begin(input);
    const active = this.#activeRules();
    const evaluateRule = this.#conditionEvaluator(input, onTime);
    const globals = this.#evaluateGlobals(active, evaluateRule);
    const { governingRules } = this.#program;
    for (const rule of active) {
      const isExcluded = globals.get(this.#program.namespaceOf(rule)) === FALSE;
      if (!isExcluded && !governingRules.has(rule)) evaluateRule(rule);
    }
    const answer = this.#answer(active, globals, onTime);
    this.#input = undefined;
    return answer;
  }

  #begin(input: EvaluationInput): void {
    this.#input = input;
    this.#hits.fill(input);
    this.#followed.clear();
    this.#conditionMatches.clear();
    this.#verdicts.fill(FALSE);
    this.#work = new Work();
    this.#stringsLeft = MAX_PAYLOAD_STRINGS;
  }

  /** The conjunction of the global rules of each namespace that has some; also evaluates what they refer to. */
  #evaluateGlobals(active: readonly number[], evaluateRule: (rule: number) => void): Map<number, Possible> {
    const verdicts = new Map<number, Possible>();
    const { governingRules } = this.#program;
    if (governingRules.size === 0) return verdicts;
    for (const rule of active) {
      if (!governingRules.has(rule)) continue;
      const namespace = this.#program.namespaceOf(rule);
      const before = verdicts.get(namespace) ?? TRUE;
      if (before !== FALSE) evaluateRule(rule);
      if (!this.#program.has(rule, "global")) continue;
      const verdict = this.#verdicts[rule]!;
      verdicts.set(namespace, before === FALSE || verdict === FALSE ? FALSE : before | verdict);
    }
    return verdicts;
  }

  /** Rules that may match, global ones included, in ascending order: a rule may refer to any before it. */
  #activeRules(): readonly number[] {
    const { alwaysRules, globalRules, rulesOfPattern } = this.#program;
    const active: number[] = [];
    const activate = (rule: number) => {
      if (this.#isActive[rule] === 1 || this.#program.has(rule, "rejected")) return;
      this.#isActive[rule] = 1;
      active.push(rule);
    };
    for (const rule of alwaysRules) activate(rule);
    for (const rule of globalRules) activate(rule);
    if (this.#input!.isComplete) {
      for (const pattern of this.#hits.touched) for (const rule of rulesOfPattern.at(pattern)) activate(rule);
    } else {
      for (let rule = 0; rule < this.#isActive.length; rule++) activate(rule);
    }
    this.#isActive.fill(0);
    return active.sort((a, b) => a - b);
  }

  /** Returns the function that evaluates the condition of a rule. */
  #conditionEvaluator(
    { content, externals, digest }: EvaluationInput,
    onTime: RuleTimer | undefined,
  ): (rule: number) => void {
    const digests = digest && new ContentDigests(content, digest);
    const evaluation = new Evaluation({
      content,
      externals,
      modules: new ContentModules(content, digest),
      digest: (algorithm, from, size) => digests?.of(algorithm, from, size),
      exists: (index) => this.#existence(this.#patterns[index]!),
      matches: (index) => this.#matches(this.#patterns[index]!),
      rule: (index) => this.#verdicts[index]!,
      regexpMatches: (regexp, text) => this.#regexps.matches(regexp, text, this.#work),
    }, this.#work);
    return (rule) => this.#verdicts[rule] = timed(rule, onTime, () => this.#verdictOf(rule, evaluation));
  }

  #verdictOf(rule: number, evaluation: Evaluation): Possible {
    if (this.#program.has(rule, "opaque")) return EITHER;
    this.#patterns = this.#program.patternsOfRule.at(rule);
    this.#work.beginRule();
    evaluation.reset();
    return settled(evaluation.boolean(this.#program.condition(rule)));
  }

  #answer(
    active: readonly number[],
    globals: ReadonlyMap<number, Possible>,
    onTime: RuleTimer | undefined,
  ): EvaluatedRules {
    const matches: MatchedRule[] = [];
    const candidates: number[] = [];
    const certain: MatchedRule[] = [];
    for (const rule of active) {
      if (this.#program.has(rule, "private")) continue;
      const verdict = this.#verdicts[rule]!;
      const ofGlobals = globals.get(this.#program.namespaceOf(rule)) ?? TRUE;
      if ((verdict & TRUE) === 0 || (ofGlobals & TRUE) === 0) continue;
      const isCertain = verdict === TRUE && ofGlobals === TRUE;
      const found = isCertain ? timed(rule, onTime, () => this.#stringsOf(rule)) : undefined;
      if (found?.isComplete) matches.push({ rule, ...found.listed });
      else candidates.push(rule);
      if (found && !found.isComplete) certain.push({ rule, ...found.listed });
    }
    return { matches, candidates, certain };
  }

  /** The strings of a rule that are certain, and whether those are all. */
  #stringsOf(rule: number): { isComplete: boolean; listed: Omit<MatchedRule, "rule"> } {
    this.#work.beginRule();
    const strings: StringMatch[] = [];
    const room = Math.min(MAX_RULE_STRINGS, this.#stringsLeft);
    let isComplete = true;
    let count = 0;
    for (const { identifier, pattern, isPrivate } of this.#program.rule(rule).patterns) {
      if (isPrivate) continue;
      const { matches, isCapped, certainty } = this.#follow(pattern);
      const isExact = certainty === "exact" || (!isCapped && matches.length === 0);
      if (isCapped || !isExact) isComplete = false;
      if (!isExact || (isCapped && !this.#isPlain(pattern))) continue;
      count += matches.length;
      const shown = Math.min(matches.length, room - strings.length);
      for (let at = 0; at < shown; at++) strings.push({ identifier, ...matches[at]! });
    }
    this.#stringsLeft -= strings.length;
    const stringsLeftOut = count - strings.length;
    return { isComplete, listed: { strings, ...(stringsLeftOut > 0 && { stringsLeftOut }) } };
  }

  /** Whether the matches of a pattern are independent, so that some are right although others are missing. */
  #isPlain(pattern: number): boolean {
    // What has no record of its own is plain.
    const kind = this.#program.pattern(pattern)?.plan.kind ?? "plain";
    return this.#program.statusOf(pattern) !== "unknown" && kind === "plain";
  }

  #existence(pattern: number): Possible {
    const { matches, isCapped, certainty } = this.#follow(pattern);
    if (matches.length === 0) return isCapped ? EITHER : FALSE;
    return certainty === "exact" || certainty === "existence" ? TRUE : EITHER;
  }

  #matches(pattern: number): PatternMatches {
    let known = this.#conditionMatches.get(pattern);
    if (!known) this.#conditionMatches.set(pattern, known = conditionMatchesOf(this.#follow(pattern)));
    return known;
  }

  /** The matches of a pattern; found once for each payload, however many rules ask. */
  #follow(pattern: number): FollowedUp {
    const { isComplete, content } = this.#input!;
    if (this.#program.statusOf(pattern) === "unknown") return NOTHING_KNOWN;
    if (!this.#hits.isTouched(pattern)) return isComplete ? NO_MATCHES : NOTHING_KNOWN;
    const known = this.#followed.get(pattern);
    if (known) return known;
    const followed = this.#followHits(pattern, content);
    const all = { ...followed, isCapped: followed.isCapped || this.#hits.isCapped(pattern) || !isComplete };
    this.#followed.set(pattern, all);
    return all;
  }

  #followHits(pattern: number, content: Uint8Array): FollowedUp {
    const hits = this.#hits.hitsOf(pattern);
    const compiled = this.#program.pattern(pattern);
    if (compiled) return followUp(compiled, hits, content, this.#work);
    const firstForm = this.#hits.firstFormOf(pattern);
    const lengths = this.#program.formLengths;
    return followPlain(
      hits,
      (form) => lengths[firstForm + form]!,
      this.#program.statusOf(pattern),
      this.#work,
    );
  }
}

/** The matches of a pattern as conditions see them. */
function conditionMatchesOf({ matches, isCapped, certainty }: FollowedUp): PatternMatches {
  if (matches.length === 0) return isCapped ? UNKNOWN : NO_OFFSETS;
  if (certainty !== "exact" && certainty !== "existence") return UNKNOWN;
  if (isCapped) return { status: "exists", atLeast: matches.length };
  const offsets = matches.map(({ offset }) => offset);
  return certainty === "exact"
    ? { status: "exact", offsets, lengths: matches.map(({ length }) => length) }
    : { status: "exact", offsets };
}

function timed<T>(rule: number, onTime: RuleTimer | undefined, work: () => T): T {
  if (!onTime) return work();
  const start = performance.now();
  const result = work();
  onTime(rule, performance.now() - start);
  return result;
}
