/**
 * The patterns of all rules, equal ones shared.
 *
 * @module
 */

import { anchorsOf, type CompiledPattern, compilePattern, patternKey } from "../forms/mod.ts";
import type { SearchForm } from "../search_form.ts";
import type { RuleSyntax } from "../syntax.ts";

/** Collects patterns and numbers them. */
export class PatternPool {
  /** In the order of their numbers. */
  readonly patterns: CompiledPattern[] = [];
  readonly #numbers = new Map<string, number>();

  /** Numbers of a rule's patterns, in the order of the rule. */
  add(rule: RuleSyntax): number[] {
    const anchors = anchorsOf(rule);
    return rule.patterns.map((pattern, index) => {
      const anchoredAt = anchors.get(index);
      // What is looked for at one place alone must not be shared with what is looked for everywhere.
      const key = `${anchoredAt ?? ""}@${patternKey(pattern)}`;
      const known = this.#numbers.get(key);
      if (known !== undefined) return known;
      this.#numbers.set(key, this.patterns.length);
      return this.patterns.push(compilePattern(pattern, anchoredAt === undefined ? {} : { anchoredAt })) - 1;
    });
  }

  /** The forms of all patterns; those of a pattern follow each other. */
  forms(): SearchForm[] {
    return this.patterns.flatMap(({ forms }, pattern) => forms.map((form) => ({ ...form, pattern })));
  }
}
