/**
 * The sections of a compiled rule set that are about rules, while they are made.
 *
 * @module
 */

import type { AnalysedRule } from "../condition/mod.ts";
import { TextTableWriter } from "../text_table.ts";
import { bytesOf, packLists } from "../program/lists.ts";
import { FLAG, PLACE, type ProgramSummary, SECTION } from "../program/program.ts";
import type { PlacedRule } from "./read_rules.ts";
import { writeCondition } from "../program/records.ts";

/** What is kept of a rule until all have been seen. */
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
  /** Patterns that wake it. */
  readonly wakers: readonly number[] | "always";
}

/** Takes in rules in their order. */
export class RuleTables {
  readonly rules: TabledRule[] = [];
  readonly #files = new Numbering<string>((file) => file);
  readonly #moduleSets = new Numbering<ReadonlySet<string>>((modules) => [...modules].join("\0"));
  readonly #conditions = new TextTableWriter();
  readonly #texts = new TextTableWriter();

  /** Files in which rules stand. */
  get files(): readonly string[] {
    return this.#files.items;
  }

  /** Sets of modules, equal ones shared. */
  get moduleSets(): readonly (readonly string[])[] {
    return this.#moduleSets.items.map((modules) => [...modules]);
  }

  /** Takes in the next rule. */
  add(
    { syntax, namespace, file, line, modules, text }: PlacedRule,
    { class: ruleClass, reason, problem, references, condition }: AnalysedRule,
    patterns: readonly number[],
    wakers: readonly number[] | "always",
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
      wakers,
    });
    this.#conditions.add(writeCondition(condition));
    this.#texts.add(text);
  }

  /** Puts the sections into their places; `rules` are those that were taken in, with what was found out at the end. */
  writeSections(
    sections: Uint8Array[],
    rules: readonly TabledRule[],
    reasons: ProgramSummary["reasons"],
    patternCount: number,
  ): void {
    sections[SECTION.rulesOfPattern] = bytesOf(packLists(rulesByPattern(rules, patternCount)));
    sections[SECTION.ruleFlags] = Uint8Array.from(rules, flagsOf);
    sections[SECTION.rulePlaces] = bytesOf(placesOf(rules, reasons));
    sections[SECTION.ruleReferences] = bytesOf(packLists(rules.map(({ references }) => references)));
    sections[SECTION.rulePatterns] = bytesOf(packLists(rules.map(({ patterns }) => patterns)));
    sections[SECTION.conditions] = this.#conditions.finish();
    sections[SECTION.ruleTexts] = this.#texts.finish();
  }
}

/** Numbers things as they come, equal ones alike. */
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
  for (const [index, { wakers }] of rules.entries()) {
    if (wakers !== "always") { for (const pattern of wakers) lists[pattern]!.push(index); }
  }
  return lists;
}

function placesOf(
  rules: readonly TabledRule[],
  reasons: ProgramSummary["reasons"],
): Uint32Array<ArrayBuffer> {
  const numbers = new Map(reasons.map(([reason], index) => [reason, index + 1]));
  const places = new Uint32Array(rules.length * PLACE.words);
  for (const [index, { namespace, file, line, moduleSet, reason = "" }] of rules.entries()) {
    const at = index * PLACE.words;
    places[at + PLACE.namespace] = namespace;
    places[at + PLACE.file] = file;
    places[at + PLACE.line] = line;
    places[at + PLACE.moduleSet] = moduleSet;
    places[at + PLACE.reason] = numbers.get(reason) ?? 0;
  }
  return places;
}

function flagsOf({ isRejected, isPrivate, isGlobal, class: ruleClass, wakers }: TabledRule): number {
  if (isRejected) return FLAG.rejected;
  return (isPrivate ? FLAG.private : 0) | (isGlobal ? FLAG.global : 0) |
    (ruleClass === "filtered" ? FLAG.filtered : 0) | (ruleClass === "opaque" ? FLAG.opaque : 0) |
    (wakers === "always" ? FLAG.always : 0);
}
