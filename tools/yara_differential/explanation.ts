/**
 * The form of an explained difference between YARA-X and YARA 4.
 *
 * @module
 */

import type { Externals } from "../../plugins/yara/engine.ts";
import type { Finding } from "./comparison.ts";
import type { PatternSyntax } from "../../src/yara/mod.ts";
import { closureOf } from "./rule_pool.ts";

/** A verdict of an example: rule → hits such as `$a@0+3`; or a rule that is not taken, or a failed scan. */
export type ExampleVerdict =
  | Readonly<Record<string, readonly string[]>>
  | { readonly refused: string }
  | { readonly failed: string };

/** One way in which the two engines differ, with an example that shows it. */
export interface ExplainedDifference {
  /** A few words. */
  readonly name: string;
  /** What YARA-X does, what YARA 4 does, and why. */
  readonly explanation: string;
  /** Rules, bytes as a character each, and what both say. */
  readonly example: {
    readonly rules: readonly string[];
    readonly content: string;
    readonly externals?: Externals;
    readonly yaraX: ExampleVerdict;
    readonly yara4: ExampleVerdict;
  };
  /** Whether a rule that has this construct may differ in the way that was found. */
  explains(suspect: Suspect): boolean;
}

/** A difference that waits for an explanation. */
export interface Suspect {
  readonly finding: Finding;
  /** The patterns of the rule that differ, all of them where the rule as a whole does. */
  readonly patterns: readonly PatternSyntax[];
  /** The condition's text. */
  readonly condition: string;
}

/** The rule that differs; where it matches for one engine alone, also the rules that decide with it. */
export function* suspectsOf(finding: Finding): Generator<Suspect> {
  yield suspectOf(finding);
  if (finding.difference.kind === "hits") return;
  const { rules } = finding.batch;
  const globals = rules.filter(({ isGlobal }) => isGlobal);
  for (const rule of closureOf(rules, [finding.rule, ...globals])) {
    if (rule === finding.rule) continue;
    // A rule behind "not" differs in the other direction.
    for (const isInFirst of [true, false]) {
      yield suspectOf({
        ...finding,
        rule,
        difference: { ...finding.difference, rule: rule.name, isInFirst },
      });
    }
  }
}

function suspectOf(finding: Finding): Suspect {
  const { rule, difference } = finding;
  const differing = new Set([...difference.onlyFirst, ...difference.onlySecond].map((hit) => hit.identifier));
  const patterns = rule.patterns.filter(({ identifier }) =>
    difference.kind === "rule" || differing.has(identifier)
  );
  const condition = rule.text.slice(rule.text.lastIndexOf("condition"));
  return { finding, patterns, condition };
}
