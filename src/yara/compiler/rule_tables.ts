/**
 * The sections of a compiled rule set that are about rules, while they are made.
 *
 * @module
 */

import type { AnalysedRule } from "../condition/mod.ts";
import { TextTableWriter } from "../text_table.ts";
import { bytesOf, packLists } from "../program/lists.ts";
import { FLAG, LOCATION, type ProgramSummary, SECTION } from "../program/program.ts";
import type { LocatedRule } from "./read_rules.ts";
import { writeCondition } from "../program/records.ts";

/** The facts about a rule that are needed after all rules were read. */
export interface TabledRule {
  readonly namespace: number;
  readonly file: number;
  readonly line: number;
  readonly moduleSet: number;
  readonly class: AnalysedRule["class"];
  /** Why it isn't exact. */
  readonly reason?: string;
  readonly isRejected: boolean;
  readonly isPrivate: boolean;
  readonly isGlobal: boolean;
  readonly references: readonly number[];
  readonly patterns: readonly number[];
  /** Patterns of which one must match for the rule to match. */
  readonly triggers: readonly number[] | "always";
}

/** Collects rules in their order. */
export class RuleTables {
  readonly rules: TabledRule[] = [];
  readonly #files = new Numbering<string>((file) => file);
  readonly #moduleSets = new Numbering<ReadonlySet<string>>((modules) => [...modules].join("\0"));
  readonly #conditions = new TextTableWriter();
  readonly #texts = new TextTableWriter();

  /** Files that hold rules. */
  get files(): readonly string[] {
    return this.#files.items;
  }

  /** Sets of modules, equal ones shared. */
  get moduleSets(): readonly (readonly string[])[] {
    return this.#moduleSets.items.map((modules) => [...modules]);
  }

  /** Adds the next rule. */
  add(
    { syntax, namespace, file, line, modules, text }: LocatedRule,
    { class: ruleClass, reason, problem, references, condition }: AnalysedRule,
    patterns: readonly number[],
    triggers: readonly number[] | "always",
  ): void {
    this.rules.push({
      namespace,
      file: this.#files.numberOf(file),
      line,
      moduleSet: this.#moduleSets.numberOf(modules),
      class: ruleClass,
      ...(reason !== undefined && { reason }),
      isRejected: problem !== undefined,
      isPrivate: syntax.isPrivate,
      isGlobal: syntax.isGlobal,
      references,
      patterns,
      triggers,
    });
    this.#conditions.add(writeCondition(condition));
    this.#texts.add(text);
  }

  /** Writes the sections; `rules` are those that were added, with what was found at the end. */
  writeSections(
    sections: Uint8Array[],
    rules: readonly TabledRule[],
    reasons: ProgramSummary["reasons"],
    patternCount: number,
  ): void {
    sections[SECTION.rulesOfPattern] = bytesOf(packLists(rulesByPattern(rules, patternCount)));
    sections[SECTION.ruleFlags] = Uint8Array.from(rules, flagsOf);
    sections[SECTION.ruleLocations] = bytesOf(locationsOf(rules, reasons));
    sections[SECTION.ruleReferences] = bytesOf(packLists(rules.map(({ references }) => references)));
    sections[SECTION.rulePatterns] = bytesOf(packLists(rules.map(({ patterns }) => patterns)));
    sections[SECTION.conditions] = this.#conditions.finish();
    sections[SECTION.ruleTexts] = this.#texts.finish();
  }
}

/** Numbers items in the order of their arrival; equal items get one number. */
class Numbering<Item> {
  readonly items: Item[] = [];
  readonly #numbers = new Map<string, number>();
  #last: { readonly item: Item; readonly number: number } | undefined;

  constructor(readonly keyOf: (item: Item) => string) {}

  numberOf(item: Item): number {
    // Rules of a file follow each other.
    if (this.#last?.item === item) return this.#last.number;
    const key = this.keyOf(item);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.items.push(item) - 1;
      this.#numbers.set(key, number);
    }
    this.#last = { item, number };
    return number;
  }
}

function rulesByPattern(rules: readonly TabledRule[], patternCount: number): number[][] {
  const lists: number[][] = Array.from({ length: patternCount }, () => []);
  for (const [index, { triggers }] of rules.entries()) {
    if (triggers !== "always") { for (const pattern of triggers) lists[pattern]!.push(index); }
  }
  return lists;
}

function locationsOf(
  rules: readonly TabledRule[],
  reasons: ProgramSummary["reasons"],
): Uint32Array<ArrayBuffer> {
  const numbers = new Map(reasons.map(([reason], index) => [reason, index + 1]));
  const locations = new Uint32Array(rules.length * LOCATION.words);
  for (const [index, { namespace, file, line, moduleSet, reason = "" }] of rules.entries()) {
    const at = index * LOCATION.words;
    locations[at + LOCATION.namespace] = namespace;
    locations[at + LOCATION.file] = file;
    locations[at + LOCATION.line] = line;
    locations[at + LOCATION.moduleSet] = moduleSet;
    locations[at + LOCATION.reason] = numbers.get(reason) ?? 0;
  }
  return locations;
}

function flagsOf({ isRejected, isPrivate, isGlobal, class: ruleClass, triggers }: TabledRule): number {
  if (isRejected) return FLAG.rejected;
  return (isPrivate ? FLAG.private : 0) | (isGlobal ? FLAG.global : 0) |
    (ruleClass === "filtered" ? FLAG.filtered : 0) | (ruleClass === "opaque" ? FLAG.opaque : 0) |
    (triggers === "always" ? FLAG.always : 0);
}
