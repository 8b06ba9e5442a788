/**
 * Says for one payload which rules match, which don't, and which somebody else must be asked about.
 *
 * @module
 */

import {
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
import { followUp, type PatternMatch } from "../forms/mod.ts";
import { type FormHits, HitBook } from "./hit_book.ts";
import type { Program, ProgramRule } from "./program.ts";

/** What is scanned. */
export interface Evidence extends FormHits {
  /** Whether the core looked at everything; if not, what has no hit may still be there. */
  readonly isComplete: boolean;
  readonly content: Uint8Array;
  /** Values of all external variables. */
  readonly externals: Readonly<Record<string, ExternalValue>>;
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

/** Matches of a pattern, as far as they are known. */
interface Followed {
  readonly matches: readonly PatternMatch[];
  readonly isCapped: boolean;
}

const NO_MATCHES: Followed = { matches: [], isCapped: false };
const NO_OFFSETS: PatternMatches = { status: "exact", offsets: [], lengths: [] };
const UNKNOWN: PatternMatches = { status: "unknown" };

/** Judges payloads, one at a time. */
export class Judge {
  readonly #program: Program;
  readonly #hits: HitBook;
  /** What is known of each rule's condition: no, unless it was looked at. */
  readonly #verdicts: Uint8Array;
  readonly #isAwake: Uint8Array;
  readonly #followed = new Map<number, Followed>();
  #evidence: Evidence | undefined;

  constructor(program: Program) {
    this.#program = program;
    this.#hits = new HitBook(program.patternOfForm, program.patternCount);
    this.#verdicts = new Uint8Array(program.summary.placeCount);
    this.#isAwake = new Uint8Array(program.summary.placeCount);
  }

  /** Judges one payload; `onTime` is told of each rule that is looked at. */
  judge(evidence: Evidence, onTime?: RuleTimer): Judgement {
    this.#evidence = evidence;
    this.#hits.take(evidence);
    this.#followed.clear();
    this.#verdicts.fill(FALSE);
    const globals = this.#judgeGlobals(onTime);
    const awake = this.#awakeRules();
    for (const rule of awake) {
      const isDead = globals.get(this.#program.namespaceOf(rule)) === FALSE;
      if (!isDead && !this.#program.has(rule, "global")) this.#look(rule, onTime);
    }
    const answer = this.#answer(awake, globals);
    this.#evidence = undefined;
    return answer;
  }

  /** What the global rules of each namespace that has some say together. */
  #judgeGlobals(onTime: RuleTimer | undefined): Map<number, Possible> {
    const verdicts = new Map<number, Possible>();
    for (const rule of this.#program.globalRules) {
      const namespace = this.#program.namespaceOf(rule);
      const before = verdicts.get(namespace) ?? TRUE;
      if (before !== FALSE) this.#look(rule, onTime);
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
      if (this.#isAwake[rule] === 1) return;
      this.#isAwake[rule] = 1;
      awake.push(rule);
    };
    for (const rule of alwaysRules) wake(rule);
    for (const rule of globalRules) wake(rule);
    if (this.#evidence!.isComplete) {
      for (const pattern of this.#hits.touched) for (const rule of rulesOfPattern.at(pattern)) wake(rule);
    } else {
      for (let rule = 0; rule < this.#isAwake.length; rule++) {
        if (!this.#program.has(rule, "rejected")) wake(rule);
      }
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
      exists: (index) => this.#existence(patterns[index]!.pattern),
      matches: (index) => this.#matches(patterns[index]!.pattern),
      rule: (index) => this.#verdicts[index]!,
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
      const isTouched = this.#hits.isTouched(pattern) || !this.#evidence!.isComplete;
      const status = this.#program.statusOf(pattern);
      if (status === "unknown") return undefined;
      if (!isTouched) continue;
      const { matches, isCapped } = this.#follow(pattern);
      if (isCapped || (status !== "exact" && matches.length > 0)) return undefined;
      for (const match of matches) strings.push({ identifier, ...match });
    }
    return strings;
  }

  #existence(pattern: number): Possible {
    const status = this.#program.statusOf(pattern);
    if (status === "unknown") return EITHER;
    const { matches, isCapped } = this.#follow(pattern);
    if (matches.length === 0) return isCapped ? EITHER : FALSE;
    return status === "candidate" ? EITHER : TRUE;
  }

  #matches(pattern: number): PatternMatches {
    const status = this.#program.statusOf(pattern);
    if (status === "unknown") return UNKNOWN;
    const { matches, isCapped } = this.#follow(pattern);
    if (matches.length === 0) return isCapped ? UNKNOWN : NO_OFFSETS;
    if (status === "candidate") return UNKNOWN;
    if (isCapped) return { status: "exists", atLeast: matches.length };
    const offsets = matches.map(({ offset }) => offset);
    return status === "exact"
      ? { status, offsets, lengths: matches.map(({ length }) => length) }
      : { status: "exact", offsets };
  }

  #follow(pattern: number): Followed {
    const { isComplete, content } = this.#evidence!;
    if (!this.#hits.isTouched(pattern)) return isComplete ? NO_MATCHES : { ...NO_MATCHES, isCapped: true };
    const known = this.#followed.get(pattern);
    if (known) return known;
    const { matches, isCapped } = followUp(
      this.#program.pattern(pattern),
      this.#hits.hitsOf(pattern),
      content,
    );
    const followed = { matches, isCapped: isCapped || this.#hits.isCapped(pattern) || !isComplete };
    this.#followed.set(pattern, followed);
    return followed;
  }
}
