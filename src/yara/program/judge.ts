/**
 * Says for one payload which rules match, which don't, and which somebody else must be asked about.
 *
 * @module
 */

import {
  ContentModules,
  type DigestFunction,
  EITHER,
  evaluateBoolean,
  Evaluation,
  type ExternalValue,
  FALSE,
  type PatternMatches,
  type Possible,
  settled,
  TRUE,
} from "../condition/mod.ts";
import { type FollowedUp, followUp, type PatternMatch } from "../forms/mod.ts";
import { ContentDigests } from "./content_digests.ts";
import { type FormHits, HitBook } from "./hit_book.ts";
import type { Program, ProgramRule } from "./program.ts";
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
}

/** What can be said of a payload. */
export interface Judgement {
  /** Rules that match, private ones left out, rising. */
  readonly matches: readonly SettledRule[];
  /** Rules of which only the full engine knows whether they match, or where, rising. */
  readonly candidates: readonly number[];
}

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
  readonly #regexps = new TextRegexps();
  #evidence: Evidence | undefined;
  #modules: ContentModules | undefined;
  #digests: ContentDigests | undefined;

  constructor(program: Program) {
    this.#program = program;
    this.#hits = new HitBook(program.patternOfForm, program.patternCount);
    this.#verdicts = new Uint8Array(program.summary.placeCount);
    this.#isAwake = new Uint8Array(program.summary.placeCount);
  }

  /** Judges one payload; `onTime` is told of each rule that is looked at. */
  judge(evidence: Evidence, onTime?: RuleTimer): Judgement {
    this.#evidence = evidence;
    this.#modules = new ContentModules(evidence.content, evidence.digest);
    this.#digests = evidence.digest && new ContentDigests(evidence.content, evidence.digest);
    this.#hits.take(evidence);
    this.#followed.clear();
    this.#verdicts.fill(FALSE);
    const awake = this.#awakeRules();
    const globals = this.#judgeGlobals(awake, onTime);
    for (const rule of awake) {
      const isDead = globals.get(this.#program.namespaceOf(rule)) === FALSE;
      if (!isDead && !this.#program.governingRules.has(rule)) this.#look(rule, onTime);
    }
    const answer = this.#answer(awake, globals);
    this.#evidence = undefined;
    this.#modules = undefined;
    this.#digests = undefined;
    return answer;
  }

  /** What the global rules of each namespace that has some say together; what they refer to is looked at on the way. */
  #judgeGlobals(awake: readonly number[], onTime: RuleTimer | undefined): Map<number, Possible> {
    const verdicts = new Map<number, Possible>();
    for (const rule of awake) {
      if (!this.#program.governingRules.has(rule)) continue;
      const namespace = this.#program.namespaceOf(rule);
      const before = verdicts.get(namespace) ?? TRUE;
      if (before !== FALSE) this.#look(rule, onTime);
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

  #look(rule: number, onTime: RuleTimer | undefined): void {
    const start = onTime && performance.now();
    this.#verdicts[rule] = this.#program.has(rule, "opaque")
      ? EITHER
      : this.#verdictOf(this.#program.rule(rule));
    if (onTime) onTime(rule, performance.now() - start!);
  }

  #verdictOf({ condition, patterns }: ProgramRule): Possible {
    const { content, externals } = this.#evidence!;
    const evaluation = new Evaluation({
      content,
      externals,
      modules: this.#modules!,
      exists: (index) => this.#existence(patterns[index]!.pattern),
      matches: (index) => this.#matches(patterns[index]!.pattern),
      rule: (index) => this.#verdicts[index]!,
      regexpMatches: (regexp, text) => this.#regexps.matches(regexp, text),
      digest: (algorithm, from, size) => this.#digests?.of(algorithm, from, size),
    });
    return settled(evaluateBoolean(condition, evaluation));
  }

  #answer(awake: readonly number[], globals: ReadonlyMap<number, Possible>): Judgement {
    const matches: SettledRule[] = [];
    const candidates: number[] = [];
    for (const rule of awake) {
      if (this.#program.has(rule, "private")) continue;
      const verdict = this.#verdicts[rule]!;
      const ofGlobals = globals.get(this.#program.namespaceOf(rule)) ?? TRUE;
      if ((verdict & TRUE) === 0 || (ofGlobals & TRUE) === 0) continue;
      const strings = verdict === TRUE && ofGlobals === TRUE ? this.#stringsOf(rule) : undefined;
      if (strings) matches.push({ rule, strings });
      else candidates.push(rule);
    }
    return { matches, candidates };
  }

  /** All strings of a rule; `undefined` where not all are known exactly. */
  #stringsOf(rule: number): readonly StringMatch[] | undefined {
    const strings: StringMatch[] = [];
    for (const { identifier, pattern, isPrivate } of this.#program.rule(rule).patterns) {
      if (isPrivate) continue;
      const { matches, isCapped, certainty } = this.#follow(pattern);
      if (isCapped || (certainty !== "exact" && matches.length > 0)) return undefined;
      for (const match of matches) strings.push({ identifier, ...match });
    }
    return strings;
  }

  #existence(pattern: number): Possible {
    const { matches, isCapped, certainty } = this.#follow(pattern);
    if (matches.length === 0) return isCapped ? EITHER : FALSE;
    return certainty === "exact" || certainty === "existence" ? TRUE : EITHER;
  }

  #matches(pattern: number): PatternMatches {
    const { matches, isCapped, certainty } = this.#follow(pattern);
    if (matches.length === 0) return isCapped ? UNKNOWN : NO_OFFSETS;
    if (certainty !== "exact" && certainty !== "existence") return UNKNOWN;
    if (isCapped) return { status: "exists", atLeast: matches.length };
    const offsets = matches.map(({ offset }) => offset);
    return certainty === "exact"
      ? { status: "exact", offsets, lengths: matches.map(({ length }) => length) }
      : { status: "exact", offsets };
  }

  /** The matches of a pattern; found once for each payload, however many rules ask. */
  #follow(pattern: number): FollowedUp {
    const { isComplete, content } = this.#evidence!;
    if (this.#program.statusOf(pattern) === "unknown") return NOTHING_KNOWN;
    if (!this.#hits.isTouched(pattern)) return isComplete ? NO_MATCHES : NOTHING_KNOWN;
    const known = this.#followed.get(pattern);
    if (known) return known;
    const followed = followUp(this.#program.pattern(pattern), this.#hits.hitsOf(pattern), content);
    const all = { ...followed, isCapped: followed.isCapped || this.#hits.isCapped(pattern) || !isComplete };
    this.#followed.set(pattern, all);
    return all;
  }
}
