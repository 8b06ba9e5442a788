/**
 * Differences in what conditions mean.
 *
 * @module
 */

import type { ExplainedDifference } from "./explanation.ts";

/** A rule with one string and a condition. */
function rule(condition: string): string[] {
  return [`rule r { strings: $a = "a" condition: ${condition} }`];
}

/** Words that may be undefined, in a place where YARA 4 does not mind. */
const UNDEFINED = /[@!]\w*|u?int\d+(?:be)?\(|[\\%]/;

/** What differs between YARA-X and YARA 4.2 in conditions. */
export const CONDITION_DIFFERENCES: readonly ExplainedDifference[] = [
  {
    name: "0 of",
    explanation:
      "`0 of` is true in YARA-X whatever matches, as any number is a least number. In YARA 4.2 it means " +
      "none.",
    example: { rules: rule("0 of them"), content: "a", yaraX: { r: ["$a@0+1"] }, yara4: {} },
    explains: ({ finding, condition }) =>
      finding.difference.kind === "rule" && finding.difference.isInFirst &&
      /\b0 of|[#@!|&^+*\\%~-].* of /.test(condition),
  },
  {
    name: "for none, and for 0",
    explanation:
      "`for none` is true in YARA-X when no item passes. YARA 4.2 reads it as `for 0`, which is true " +
      "whatever passes; `for 0 of` is false in YARA-X when a string passes.",
    example: { rules: rule("for none of them : ($)"), content: "a", yaraX: {}, yara4: { r: ["$a@0+1"] } },
    explains: ({ finding, condition }) =>
      finding.difference.kind === "rule" && !finding.difference.isInFirst &&
      /\bfor (?:none|0|[^:]*[#@!|&^+*\\%~-][^:]*) (?:of|\w+ in)\b/.test(condition),
  },
  {
    name: "a string that is named twice in a set",
    explanation: "YARA-X counts it once in `of`, YARA 4 as often as it is named.",
    example: { rules: rule("2 of ($a, $a)"), content: "a", yaraX: {}, yara4: { r: ["$a@0+1"] } },
    explains: ({ condition }) =>
      [...condition.matchAll(/\((\$[^()]*)\)/g)].some(([, items]) => {
        const names = items!.split(",").map((item) => item.trim());
        return new Set(names).size < names.length || items!.includes("*");
      }),
  },
  {
    name: "matches on an empty text",
    explanation:
      "In YARA 4.2 an empty text matches no regular expression, and an expression that matches nothing " +
      "but an empty place does not match either.",
    example: {
      rules: ["rule r { condition: filename matches /^$/ }"],
      content: "x",
      externals: { filename: "" },
      yaraX: { r: [] },
      yara4: {},
    },
    explains: ({ condition }) => /\bmatches\b/.test(condition),
  },
  {
    name: "undefined in at, in, of and for",
    explanation:
      "Undefined makes all of `$a at x`, `$a in (x..y)`, `x of` and `for x` undefined in YARA-X, and " +
      "`not` of it stays so. In YARA 4.2 they are false, and `not` of it is true.",
    example: { rules: rule("not $a at uint8(100)"), content: "a", yaraX: {}, yara4: { r: ["$a@0+1"] } },
    explains: ({ condition, finding }) => finding.difference.kind === "rule" && UNDEFINED.test(condition),
  },
  {
    name: "sets of rules with a wildcard alone",
    explanation: "YARA-X 1.20 does not take `1 of (rule*)`, YARA 4.2 does.",
    example: {
      rules: ["rule some { condition: true }", "rule r { condition: 1 of (some*) }"],
      content: "x",
      yaraX: { refused: "r" },
      yara4: { some: [], r: [] },
    },
    explains: () => false,
  },
  {
    name: "of with at",
    explanation: "`any of them at 0` is new in YARA 4.3; YARA 4.2 does not take it.",
    example: {
      rules: rule("any of them at 0"),
      content: "a",
      yaraX: { r: ["$a@0+1"] },
      yara4: { refused: "r" },
    },
    explains: () => false,
  },
  {
    name: "ranges that go downward",
    explanation:
      "YARA-X does not take them where both ends are constants, and finds nothing in others. YARA 4.2 " +
      "takes them, and some of them make its scan of the whole file fail.",
    example: {
      rules: rule("#a in (3..1) == 0"),
      content: "a",
      yaraX: { refused: "r" },
      yara4: { failed: "error: 31" },
    },
    explains: () => false,
  },
  {
    name: "negative numbers of strings",
    explanation:
      "YARA-X does not take them where they are constants. In YARA 4.2 any number of items is enough.",
    example: { rules: rule("-1 of them"), content: "x", yaraX: { refused: "r" }, yara4: { r: [] } },
    explains: () => false,
  },
];
