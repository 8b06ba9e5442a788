/**
 * Rules that come before all others in a set of yara-x, so that the result of a rule does not depend on its neighbours.
 *
 * The engine looks for strings when a condition asks for one, and in some conditions it forgets to: then it depends on
 * the rules before. And equal patterns of several rules are one for it, together with what the first of these rules asks of
 * the payload besides (`uint16(0) == 0x5A4D and $a`, `filesize < 5KB and $a`): the others miss matches in payloads for
 * which that does not hold. Seen in 1.20. So the first rules have all patterns of the set, and ask for nothing else.
 *
 * @module
 */

import { parseRuleFile, printPattern } from "../../src/yara/mod.ts";
import type { RuleSource } from "../../wasm/yara_x/mod.ts";

/** Patterns of one such rule. */
const PATTERNS_PER_RULE = 1_000;

/** A namespace in which no rule of a user is. */
const NAMESPACE = "stoq search first";

/** The rules that must come first in a set of rules with these texts. */
export function searchFirst(ruleTexts: readonly string[]): RuleSource[] {
  const patterns = new Set<string>();
  for (const text of ruleTexts) {
    for (const rule of parseRuleFile(text).rules) {
      for (const pattern of rule.patterns) patterns.add(printPattern({ ...pattern, identifier: "" }));
    }
  }
  // A text that is surely there, for sets without patterns.
  const all = [' = "search first"', ...patterns];
  const count = Math.ceil(all.length / PATTERNS_PER_RULE);
  return Array.from({ length: count }, (_, index) => {
    const own = all.slice(index * PATTERNS_PER_RULE, (index + 1) * PATTERNS_PER_RULE);
    const strings = own.map((pattern, at) => `$p${at}${pattern}`).join("\n");
    const name = `search_first_${index}`;
    const text = `private rule ${name} { strings: ${strings}\ncondition: #p0 >= 0 and any of them }`;
    return { unit: name, namespace: NAMESPACE, text, rules: [{ name, start: 0 }] };
  });
}
