/**
 * A compiled rule set: opened from its sections in milliseconds, whatever its size, because patterns and rules are read
 * when they are needed.
 *
 * @module
 */

import type { BooleanNode } from "../condition/mod.ts";
import type { CompiledPattern, PatternStatus } from "../forms/mod.ts";
import type { RuleProblem } from "../rule_problem.ts";
import { type TextTable, unpackTexts } from "../text_table.ts";
import { type NumberLists, unpackLists } from "./lists.ts";
import { readCondition, readPattern, readRule, type RuleRecord } from "./records.ts";

/** Version of what the sections mean. */
export const PROGRAM_VERSION = 4;

/** Numbers of the sections. */
export const SECTION = {
  summary: 0,
  /** The scanning core's, which are none of this module's business. */
  tables: 1,
  patternOfForm: 2,
  formLengths: 3,
  patternStatus: 4,
  patterns: 5,
  rulesOfPattern: 6,
  ruleFlags: 7,
  /** Words of {@linkcode LOCATION} for each rule. */
  ruleLocations: 8,
  ruleReferences: 9,
  rulePatterns: 10,
  conditions: 11,
  ruleTexts: 12,
} as const;
const SECTION_COUNT = Object.keys(SECTION).length;

/** Words of a rule's location, with the reason why it isn't exact, counted from 1; `words` is their number. */
export const LOCATION = { namespace: 0, file: 1, line: 2, moduleSet: 3, reason: 4, words: 5 } as const;

/** Facts about a rule set as a whole. */
export interface ProgramSummary {
  readonly version: number;
  /** Rules, those that can't be used included: they keep their numbers. */
  readonly placeCount: number;
  /** Rules in use. */
  readonly ruleCount: number;
  readonly namespaces: readonly string[];
  /** Files that hold rules. */
  readonly files: readonly string[];
  /** External variables that some condition asks for. */
  readonly externals: readonly string[];
  /** Sets of modules that rules may use. */
  readonly moduleSets: readonly (readonly string[])[];
  readonly problems: readonly RuleProblem[];
  /** Rules that are not exact by reason, most frequent first. */
  readonly reasons: readonly (readonly [reason: string, count: number])[];
}

/** Flags of a rule. */
export const FLAG = { private: 1, global: 2, filtered: 4, opaque: 8, always: 16, rejected: 32 } as const;

/** Statuses of patterns by their number. */
export const STATUSES: readonly PatternStatus[] = ["exact", "existence", "candidate", "unknown"];

/** Rules by kind, each list in ascending order. */
interface RuleLists {
  readonly always: readonly number[];
  readonly global: readonly number[];
  readonly governing: ReadonlySet<number>;
}

/** A rule and its location. */
export interface ProgramRule extends RuleRecord {
  readonly file: string;
  /** Line of the rule's name, from 1. */
  readonly line: number;
  /** Why it isn't exact. */
  readonly reason?: string;
}

/** A compiled rule set. */
export class Program {
  readonly summary: ProgramSummary;
  readonly patternOfForm: Uint32Array;
  /** Bytes of each form. */
  readonly formLengths: Uint32Array;
  readonly patternCount: number;
  /** Rules to evaluate when a pattern has a hit. */
  readonly rulesOfPattern: NumberLists;
  /** Rules to which a rule refers, directly. */
  readonly references: NumberLists;
  /** Patterns of a rule, in its order. */
  readonly patternsOfRule: NumberLists;
  /** Computed at first use, and again after rules were taken out of use. */
  #ruleLists: RuleLists | undefined;
  /** Rule → rules that refer to it; computed when a rule is taken out of use. */
  #referrers: readonly (readonly number[])[] | undefined;
  readonly #flags: Uint8Array;
  readonly #locations: Uint32Array;
  readonly #statuses: Uint8Array;
  readonly #patternTexts: TextTable;
  readonly #conditionTexts: TextTable;
  readonly #ruleTexts: TextTable;
  readonly #patterns = new Map<number, CompiledPattern | undefined>();
  readonly #conditions: (BooleanNode | undefined)[];
  readonly #rules: (ProgramRule | undefined)[];

  /**
   * Opens a rule set; the sections stay in use.
   *
   * @throws {RangeError} for sections that don't fit each other
   */
  constructor(sections: readonly Uint8Array[]) {
    if (sections.length !== SECTION_COUNT) throw misfit(`it has ${sections.length} sections`);
    const section = (name: keyof typeof SECTION) => sections[SECTION[name]]!;
    this.summary = JSON.parse(new TextDecoder().decode(section("summary")));
    if (this.summary.version !== PROGRAM_VERSION) throw misfit(`its version is ${this.summary.version}`);
    const { placeCount } = this.summary;
    this.patternOfForm = words(section("patternOfForm"));
    this.formLengths = words(section("formLengths"));
    this.#statuses = section("patternStatus");
    this.patternCount = this.#statuses.length;
    this.#patternTexts = unpackTexts(section("patterns"));
    this.rulesOfPattern = unpackLists(words(section("rulesOfPattern")), placeCount);
    // A copy: rules may be taken out of use, and the sections may be opened again.
    this.#flags = section("ruleFlags").slice();
    this.#locations = words(section("ruleLocations"));
    this.references = unpackLists(words(section("ruleReferences")), placeCount);
    this.patternsOfRule = unpackLists(words(section("rulePatterns")), this.patternCount);
    this.#conditionTexts = unpackTexts(section("conditions"));
    this.#ruleTexts = unpackTexts(section("ruleTexts"));
    this.#check();
    this.#conditions = new Array(placeCount);
    this.#rules = new Array(placeCount);
  }

  get #lists(): RuleLists {
    if (!this.#ruleLists) {
      const usable = this.usableRules;
      const global = usable.filter((rule) => this.has(rule, "global"));
      this.#ruleLists = {
        always: usable.filter((rule) => this.has(rule, "always")),
        global,
        governing: this.#withReferences(global),
      };
    }
    return this.#ruleLists;
  }

  #check(): void {
    const { patternCount, summary: { placeCount } } = this;
    const { references, patternsOfRule } = this;
    const tables = [this.#flags, references, patternsOfRule, this.#conditionTexts, this.#ruleTexts];
    if (tables.some(({ length }) => length !== placeCount)) {
      throw misfit("its tables of rules differ in length");
    }
    if ([this.#patternTexts, this.rulesOfPattern].some(({ length }) => length !== patternCount)) {
      throw misfit("its tables of patterns differ in length");
    }
    if (this.formLengths.length !== this.patternOfForm.length) {
      throw misfit("its tables of forms differ in length");
    }
    if (isAnyFrom(patternCount, this.patternOfForm)) throw misfit("a form has no pattern");
    if (isAnyFrom(STATUSES.length, this.#statuses)) throw misfit("a pattern has no status");
    this.#checkLocations();
  }

  #checkLocations(): void {
    const { placeCount, namespaces, files, moduleSets, reasons } = this.summary;
    if (this.#locations.length !== placeCount * LOCATION.words) {
      throw misfit("its table of locations has the wrong length");
    }
    for (let at = 0; at < this.#locations.length; at += LOCATION.words) {
      const isInside = this.#locations[at + LOCATION.namespace]! < namespaces.length &&
        this.#locations[at + LOCATION.file]! < files.length &&
        this.#locations[at + LOCATION.moduleSet]! < moduleSets.length &&
        this.#locations[at + LOCATION.reason]! <= reasons.length;
      if (!isInside) throw misfit("a rule has no location");
    }
  }

  /** Whether a rule has a flag. */
  has(rule: number, flag: keyof typeof FLAG): boolean {
    return (this.#flags[rule]! & FLAG[flag]) !== 0;
  }

  /** Number of rules with a flag. */
  count(flag: keyof typeof FLAG): number {
    return this.#flags.reduce((count, flags) => count + ((flags & FLAG[flag]) !== 0 ? 1 : 0), 0);
  }

  /** Rules to evaluate whichever patterns have hits, in ascending order. */
  get alwaysRules(): readonly number[] {
    return this.#lists.always;
  }

  /** Global rules, in ascending order. */
  get globalRules(): readonly number[] {
    return this.#lists.global;
  }

  /** Global rules and all that they refer to. They decide whether the others are evaluated. */
  get governingRules(): ReadonlySet<number> {
    return this.#lists.governing;
  }

  /** Takes a rule and those that refer to it out of use, and returns all of them in ascending order. */
  reject(rule: number): number[] {
    this.#referrers ??= referrersOf(this.references);
    // A set is gone through in the order in which it grows.
    const rejected = new Set([rule]);
    for (const index of rejected) {
      for (const referrer of this.#referrers[index]!) {
        if (!this.has(referrer, "rejected")) rejected.add(referrer);
      }
    }
    for (const index of rejected) this.#flags[index] = FLAG.rejected;
    this.#ruleLists = undefined;
    return [...rejected].sort((a, b) => a - b);
  }

  /** Rules in use, in ascending order. */
  get usableRules(): number[] {
    return Array.from(this.#flags.keys()).filter((rule) => !this.has(rule, "rejected"));
  }

  /** Name of a rule's namespace. */
  namespaceNameOf(rule: number): string {
    return this.summary.namespaces[this.namespaceOf(rule)]!;
  }

  /** Index of a rule's namespace. */
  namespaceOf(rule: number): number {
    return this.#locationOf(rule, "namespace");
  }

  #locationOf(rule: number, word: Exclude<keyof typeof LOCATION, "words">): number {
    return this.#locations[rule * LOCATION.words + LOCATION[word]]!;
  }

  /** How much is known of the matches of a pattern. */
  statusOf(pattern: number): PatternStatus {
    return STATUSES[this.#statuses[pattern]!]!;
  }

  /** How matches follow from the hits of a pattern; `undefined`: every hit is a match. */
  pattern(index: number): CompiledPattern | undefined {
    if (!this.#patterns.has(index)) this.#patterns.set(index, readPattern(this.#patternTexts.get(index)));
    return this.#patterns.get(index);
  }

  /** The condition of a rule; has no meaning when the rule is opaque. */
  condition(index: number): BooleanNode {
    return this.#conditions[index] ??= readCondition(this.#conditionTexts.get(index));
  }

  /** The facts that are reported of a rule. */
  rule(index: number): ProgramRule {
    return this.#rules[index] ??= this.#readRule(index);
  }

  #readRule(index: number): ProgramRule {
    const { files, reasons } = this.summary;
    const reason = this.#locationOf(index, "reason");
    return {
      ...readRule(this.ruleText(index), this.patternsOfRule.at(index)),
      file: files[this.#locationOf(index, "file")]!,
      line: this.#locationOf(index, "line"),
      ...(reason > 0 && { reason: reasons[reason - 1]![0] }),
    };
  }

  /** Modules that are imported before a rule and whose names its text contains. */
  modulesOf(index: number): readonly string[] {
    const text = this.ruleText(index);
    return this.summary.moduleSets[this.#locationOf(index, "moduleSet")]!.filter((module) =>
      text.includes(module)
    );
  }

  /** The text of a rule alone, as yara-x gets it. */
  ruleText(index: number): string {
    return this.#ruleTexts.get(index);
  }

  /** Rules, the global rules of their namespaces, and all that they refer to, directly or not. */
  closureOf(rules: readonly number[]): Set<number> {
    const namespaces = new Set(rules.map((rule) => this.namespaceOf(rule)));
    const globals = this.globalRules.filter((rule) => namespaces.has(this.namespaceOf(rule)));
    return this.#withReferences([...rules, ...globals]);
  }

  #withReferences(rules: readonly number[]): Set<number> {
    const closure = new Set(rules);
    // A set is gone through in the order in which it grows.
    for (const rule of closure) {
      for (const reference of this.references.at(rule)) closure.add(reference);
    }
    return closure;
  }
}

function referrersOf(references: NumberLists): number[][] {
  const referrers: number[][] = Array.from({ length: references.length }, () => []);
  for (let rule = 0; rule < references.length; rule++) {
    for (const reference of references.at(rule)) referrers[reference]!.push(rule);
  }
  return referrers;
}

function words(section: Uint8Array): Uint32Array {
  if (section.byteOffset % 4 !== 0 || section.length % 4 !== 0) {
    throw misfit("a section is no table of numbers");
  }
  return new Uint32Array(section.buffer, section.byteOffset, section.length / 4);
}

function isAnyFrom(bound: number, numbers: ArrayLike<number>): boolean {
  for (let at = 0; at < numbers.length; at++) if (numbers[at]! >= bound) return true;
  return false;
}

function misfit(reason: string): RangeError {
  return new RangeError(`Cannot open a compiled rule set: ${reason}`);
}
