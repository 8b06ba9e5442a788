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
import { readPattern, readRule, type RuleRecord } from "./records.ts";

/** Version of what the sections mean. */
export const PROGRAM_VERSION = 2;

/** Numbers of the sections. */
export const SECTION = {
  summary: 0,
  /** The scanning core's, which are none of this module's business. */
  tables: 1,
  patternOfForm: 2,
  patternStatus: 3,
  patterns: 4,
  rulesOfPattern: 5,
  ruleFlags: 6,
  ruleNamespaces: 7,
  ruleReferences: 8,
  rules: 9,
  ruleTexts: 10,
} as const;
const SECTION_COUNT = Object.keys(SECTION).length;

/** What is said of a rule set as a whole. */
export interface ProgramSummary {
  readonly version: number;
  /** Rules, those that can't be used included: they keep their numbers. */
  readonly placeCount: number;
  /** Rules in use. */
  readonly ruleCount: number;
  readonly namespaces: readonly string[];
  /** External variables that some condition asks for. */
  readonly externals: readonly string[];
  /** Modules that are imported. */
  readonly modules: readonly string[];
  readonly problems: readonly RuleProblem[];
  /** Rules that are not exact by reason, most frequent first. */
  readonly reasons: readonly (readonly [reason: string, count: number])[];
}

/** Flags of a rule. */
export const FLAG = { private: 1, global: 2, filtered: 4, opaque: 8, always: 16, rejected: 32 } as const;

/** Statuses of patterns by their number. */
export const STATUSES: readonly PatternStatus[] = ["exact", "existence", "candidate", "unknown"];

/** A rule with its condition. */
export type ProgramRule = RuleRecord<BooleanNode>;

/** A compiled rule set. */
export class Program {
  readonly summary: ProgramSummary;
  readonly patternOfForm: Uint32Array;
  readonly patternCount: number;
  /** Rules that must be looked at when a pattern has a hit. */
  readonly rulesOfPattern: NumberLists;
  /** Rules to which a rule refers, directly. */
  readonly references: NumberLists;
  #alwaysRules: readonly number[] = [];
  #globalRules: readonly number[] = [];
  #governingRules: ReadonlySet<number> = new Set();
  readonly #flags: Uint8Array;
  readonly #namespaces: Uint32Array;
  readonly #statuses: Uint8Array;
  readonly #patternTexts: TextTable;
  readonly #ruleRecords: TextTable;
  readonly #ruleTexts: TextTable;
  readonly #patterns: (CompiledPattern | undefined)[];
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
    this.#statuses = section("patternStatus");
    this.patternCount = this.#statuses.length;
    this.#patternTexts = unpackTexts(section("patterns"));
    this.rulesOfPattern = unpackLists(words(section("rulesOfPattern")), placeCount);
    // A copy: rules may be taken out of use, and the sections may be opened again.
    this.#flags = section("ruleFlags").slice();
    this.#namespaces = words(section("ruleNamespaces"));
    this.references = unpackLists(words(section("ruleReferences")), placeCount);
    this.#ruleRecords = unpackTexts(section("rules"));
    this.#ruleTexts = unpackTexts(section("ruleTexts"));
    this.#check();
    this.#patterns = new Array(this.patternCount);
    this.#rules = new Array(placeCount);
    this.#listRules();
  }

  #listRules(): void {
    this.#alwaysRules = this.usableRules.filter((rule) => this.has(rule, "always"));
    this.#globalRules = this.usableRules.filter((rule) => this.has(rule, "global"));
    this.#governingRules = this.#withReferences(this.#globalRules);
  }

  #check(): void {
    const { patternCount, summary: { placeCount, namespaces } } = this;
    const tables = [this.#flags, this.#namespaces, this.references, this.#ruleRecords, this.#ruleTexts];
    if (tables.some(({ length }) => length !== placeCount)) {
      throw misfit("its tables of rules differ in length");
    }
    if ([this.#patternTexts, this.rulesOfPattern].some(({ length }) => length !== patternCount)) {
      throw misfit("its tables of patterns differ in length");
    }
    if (this.patternOfForm.some((pattern) => pattern >= patternCount)) throw misfit("a form has no pattern");
    if (this.#statuses.some((status) => status >= STATUSES.length)) throw misfit("a pattern has no status");
    if (this.#namespaces.some((namespace) => namespace >= namespaces.length)) {
      throw misfit("a rule has no namespace");
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

  /** Rules that must be looked at whatever has a hit, rising. */
  get alwaysRules(): readonly number[] {
    return this.#alwaysRules;
  }

  /** Global rules, rising. */
  get globalRules(): readonly number[] {
    return this.#globalRules;
  }

  /** Global rules and all that they refer to: they decide whether the others are looked at. */
  get governingRules(): ReadonlySet<number> {
    return this.#governingRules;
  }

  /** Takes a rule out of use, and those that refer to it, as if they had never been there; answers all of them, rising. */
  reject(rule: number): number[] {
    const rejected = [];
    for (let index = rule; index < this.#flags.length; index++) {
      const isConcerned = index === rule ||
        this.references.at(index).some((other) => this.has(other, "rejected"));
      if (!isConcerned || this.has(index, "rejected")) continue;
      this.#flags[index] = FLAG.rejected;
      rejected.push(index);
    }
    this.#listRules();
    return rejected;
  }

  /** Rules that can be used, rising. */
  get usableRules(): number[] {
    return Array.from(this.#flags.keys()).filter((rule) => !this.has(rule, "rejected"));
  }

  /** Name of a rule's namespace. */
  namespaceNameOf(rule: number): string {
    return this.summary.namespaces[this.namespaceOf(rule)]!;
  }

  /** Index of a rule's namespace. */
  namespaceOf(rule: number): number {
    return this.#namespaces[rule]!;
  }

  /** What the matches of a pattern are worth. */
  statusOf(pattern: number): PatternStatus {
    return STATUSES[this.#statuses[pattern]!]!;
  }

  /** A pattern. */
  pattern(index: number): CompiledPattern {
    return this.#patterns[index] ??= readPattern(this.#patternTexts.get(index));
  }

  /** A rule. */
  rule(index: number): ProgramRule {
    return this.#rules[index] ??= readRule<BooleanNode>(this.#ruleRecords.get(index));
  }

  /** The text of a rule alone, as yara-x is asked about it. */
  ruleText(index: number): string {
    return this.#ruleTexts.get(index);
  }

  /** Rules and all that decide with them: those they refer to, those they refer to, and the global ones of their namespaces. */
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

function words(section: Uint8Array): Uint32Array {
  if (section.byteOffset % 4 !== 0 || section.length % 4 !== 0) {
    throw misfit("a section is no table of numbers");
  }
  return new Uint32Array(section.buffer, section.byteOffset, section.length / 4);
}

function misfit(reason: string): RangeError {
  return new RangeError(`Cannot open a compiled rule set: ${reason}`);
}
