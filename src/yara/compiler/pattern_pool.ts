/**
 * The patterns of all rules, equal ones shared.
 *
 * @module
 */

import { anchorsOf, type CompiledPattern, compilePattern, type PatternStatus } from "../forms/mod.ts";
import type { SearchForm } from "../search_form.ts";
import type { PatternSyntax, RuleSyntax } from "../syntax.ts";
import { TextTableWriter } from "../text_table.ts";
import { bytesOf } from "../program/lists.ts";
import { PatternNumbers } from "./pattern_numbers.ts";
import { SECTION, STATUSES } from "../program/program.ts";
import { writePattern } from "../program/records.ts";

/** Cost of a pattern that can't be searched: its rule is evaluated for each payload. */
const UNSEARCHABLE = 1_000_000;
/** About how often a run of so many bytes is found by chance, relative to one of four bytes or more. */
const COST_BY_LENGTH = [UNSEARCHABLE, 10_000, 500, 20];

/** Collects patterns and numbers them. */
export class PatternPool {
  readonly #patternOfForm: number[] = [];
  readonly #formLengths: number[] = [];
  readonly #statuses: PatternStatus[] = [];
  readonly #costs: number[] = [];
  readonly #records = new TextTableWriter();
  readonly #numbers = new PatternNumbers();

  /** `onForm` gets the forms of all patterns; those of a pattern are adjacent. */
  constructor(readonly onForm: (form: SearchForm) => void) {}

  /** Number of different patterns. */
  get patternCount(): number {
    return this.#statuses.length;
  }

  /** How much is known of the matches of a pattern. */
  statusOf(pattern: number): PatternStatus {
    return this.#statuses[pattern]!;
  }

  /** How often a pattern is found by chance, relative to a long one. */
  costOf(pattern: number): number {
    return this.#costs[pattern]!;
  }

  /** Numbers of a rule's patterns, in the order of the rule. */
  add(rule: RuleSyntax): number[] {
    const anchors = rule.hasOffsets ? anchorsOf(rule) : undefined;
    return rule.patterns.map((pattern, index) => {
      const anchoredAt = anchors?.get(index);
      const number = this.#numbers.numberOf(pattern, anchoredAt);
      if (number === this.patternCount) this.#compile(pattern, anchoredAt);
      return number;
    });
  }

  #compile(pattern: PatternSyntax, anchoredAt: number | undefined): void {
    const compiled = compilePattern(pattern, anchoredAt === undefined ? {} : { anchoredAt });
    for (const form of compiled.forms) {
      this.onForm(form);
      this.#formLengths.push(form.bytes.length);
      this.#patternOfForm.push(this.patternCount);
    }
    this.#records.add(writePattern(compiled));
    this.#costs.push(costOf(compiled));
    this.#statuses.push(compiled.status);
  }

  /** Puts the sections about patterns and forms into their places. */
  writeSections(sections: Uint8Array[]): void {
    sections[SECTION.patternOfForm] = bytesOf(Uint32Array.from(this.#patternOfForm));
    sections[SECTION.formLengths] = bytesOf(Uint32Array.from(this.#formLengths));
    sections[SECTION.patternStatus] = Uint8Array.from(this.#statuses, (status) => STATUSES.indexOf(status));
    sections[SECTION.patterns] = this.#records.finish();
  }
}

function costOf({ status, forms }: CompiledPattern): number {
  if (status === "unknown") return UNSEARCHABLE;
  let cost = 0;
  for (const { bytes, anchoredAt } of forms) {
    cost += anchoredAt === undefined ? COST_BY_LENGTH[bytes.length] ?? 1 : 1;
  }
  return cost;
}
