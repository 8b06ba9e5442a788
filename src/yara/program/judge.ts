/**
 * Says for one payload which rules match, which don't, and which somebody else must be asked about.
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
import { type FormHits, HitBook } from "./hit_book.ts";
import type { Program } from "./program.ts";
import { TextRegexps } from "./text_regexps.ts";

/** What is scanned. */
export interface Evidence extends FormHits {
  /** Whether the core looked at everything; if not, what has no hit may still be there. */
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
export interface SettledRule {
  readonly rule: number;
  /** By pattern in the rule's order, then by offset; without those of private patterns. */
  readonly strings: readonly StringMatch[];
  /** Number of strings that are not among them, because of a limit; absent: none. */
  readonly stringsLeftOut?: number;
}

/** What can be said of a payload. */
export interface Judgement {
  /** Rules that match, private ones left out, rising. */
  readonly matches: readonly SettledRule[];
  /** Rules of which only the full engine knows whether they match, or where, rising. */
  readonly candidates: readonly number[];
  /** Those candidates that match all the same, with the strings that are known for sure. */
  readonly certain: readonly SettledRule[];
}

/** Strings of one rule that are listed; more than any result shows. */
export const MAX_RULE_STRINGS = 20_000;
/** Strings of all rules that are listed for one payload; rules that share a pattern list its matches each. */
export const MAX_PAYLOAD_STRINGS = 400_000;

/** Told how long a rule took. */
export type RuleTimer = (rule: number, spentMs: number) => void;

const NO_MATCHES: FollowedUp = { matches: [], isCapped: false, certainty: "exact" };
/** What is known of a pattern without a hit where not everything was looked at. */
const NOTHING_KNOWN: FollowedUp = { matches: [], isCapped: true, certainty: "candidate" };
const NO_OFFSETS: PatternMatches = { status: "exact", offsets: [], lengths: [] };
const UNKNOWN: PatternMatches = { status: "unknown" };

/** Judges payloads, one at a time. */
export class Judge {
  readonly #program: Program;
  readonly #hits: HitBook;
  /** What is known of each rule's condition: no, unless it was looked at. */
  readonly #verdicts: Uint8Array;
  readonly #isAwake: Uint8Array;
  readonly #followed = new Map<number, FollowedUp>();
  /** What conditions are told of patterns; made once, for loops ask thousands of times. */
  readonly #known = new Map<number, PatternMatches>();
  readonly #regexps = new TextRegexps();
  #evidence: Evidence | undefined;
  #work = new Work();
  #stringsLeft = 0;
  /** Patterns of the rule that is looked at. */
  #patterns: Uint32Array = new Uint32Array();

  constructor(program: Program) {
    this.#program = program;
    this.#hits = new HitBook(program.patternOfForm, program.patternCount);
    this.#verdicts = new Uint8Array(program.summary.placeCount);
    this.#isAwake = new Uint8Array(program.summary.placeCount);
  }

  /** Judges one payload; `onTime` is told of each rule that is looked at, twice where its strings are collected. */
  judge(evidence: Evidence, onTime?: RuleTimer): Judgement {
    this.#begin(evidence);
    const awake = this.#awakeRules();
    const look = this.#looker(evidence, onTime);
    const globals = this.#judgeGlobals(awake, look);
    const { governingRules } = this.#program;
    for (const rule of awake) {
      const isDead = globals.get(this.#program.namespaceOf(rule)) === FALSE;
      if (!isDead && !governingRules.has(rule)) look(rule);
    }
    const answer = this.#answer(awake, globals, onTime);
    this.#evidence = undefined;
    return answer;
  }

  #begin(evidence: Evidence): void {
    this.#evidence = evidence;
    this.#hits.take(evidence);
    this.#followed.clear();
    this.#known.clear();
    this.#verdicts.fill(FALSE);
    this.#work = new Work();
    this.#stringsLeft = MAX_PAYLOAD_STRINGS;
  }

  /** What the global rules of each namespace that has some say together; what they refer to is looked at on the way. */
  #judgeGlobals(awake: readonly number[], look: (rule: number) => void): Map<number, Possible> {
    const verdicts = new Map<number, Possible>();
    const { governingRules } = this.#program;
    if (governingRules.size === 0) return verdicts;
    for (const rule of awake) {
      if (!governingRules.has(rule)) continue;
      const namespace = this.#program.namespaceOf(rule);
      const before = verdicts.get(namespace) ?? TRUE;
      if (before !== FALSE) look(rule);
      if (!this.#program.has(rule, "global")) continue;
      const verdict = this.#verdicts[rule]!;
      verdicts.set(namespace, before === FALSE || verdict === FALSE ? FALSE : before | verdict);
    }
    return verdicts;
  }

  /** Rules that may match, rising, global ones included: a rule may refer to any that stands before it. */
  #awakeRules(): readonly number[] {
    const { alwaysRules, globalRules, rulesOfPattern } = this.#program;
    const awake: number[] = [];
    const wake = (rule: number) => {
      if (this.#isAwake[rule] === 1 || this.#program.has(rule, "rejected")) return;
      this.#isAwake[rule] = 1;
      awake.push(rule);
    };
    for (const rule of alwaysRules) wake(rule);
    for (const rule of globalRules) wake(rule);
    if (this.#evidence!.isComplete) {
      for (const pattern of this.#hits.touched) for (const rule of rulesOfPattern.at(pattern)) wake(rule);
    } else {
      for (let rule = 0; rule < this.#isAwake.length; rule++) wake(rule);
    }
    this.#isAwake.fill(0);
    return awake.sort((a, b) => a - b);
  }

  /** Evaluates one rule's condition after the other. */
  #looker(
    { content, externals, digest }: Evidence,
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
    awake: readonly number[],
    globals: ReadonlyMap<number, Possible>,
    onTime: RuleTimer | undefined,
  ): Judgement {
    const matches: SettledRule[] = [];
    const candidates: number[] = [];
    const certain: SettledRule[] = [];
    for (const rule of awake) {
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

  /** The strings of a rule that are known for sure, and whether those are all. */
  #stringsOf(rule: number): { isComplete: boolean; listed: Omit<SettledRule, "rule"> } {
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

  /** Whether each match of a pattern stands on its own, so that some are right where others are missing. */
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
    let known = this.#known.get(pattern);
    if (!known) this.#known.set(pattern, known = told(this.#follow(pattern)));
    return known;
  }

  /** The matches of a pattern; found once for each payload, however many rules ask. */
  #follow(pattern: number): FollowedUp {
    const { isComplete, content } = this.#evidence!;
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

/** What a condition is told of a pattern. */
function told({ matches, isCapped, certainty }: FollowedUp): PatternMatches {
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
