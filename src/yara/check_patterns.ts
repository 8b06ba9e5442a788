/**
 * What YARA-X refuses about the patterns of a rule although the grammar allows it.
 *
 * @module
 */

import { modifierProblems } from "./check_modifiers.ts";
import { namesOf } from "./pattern_names.ts";
import { type PatternProblem, useProblems, usesAll } from "./pattern_use.ts";
import type { HexToken, PatternSyntax, RuleSyntax, SyntaxProblem } from "./syntax.ts";
import { LineFinder } from "./syntax_failure.ts";

/** YARA-X fails at a fixed jump of more bytes. */
const MAX_FIXED_JUMP_BYTES = 2 ** 32 - 2;

/**
 * Finds patterns that are declared twice, not used or not there, modifiers that don't go together, texts that are too
 * short, and impossible bytes and jumps of hex strings.
 *
 * ```ts
 * import { parseRuleFile } from "./parse_rule_file.ts";
 * import { patternProblems } from "./check_patterns.ts";
 *
 * const source = 'rule a { strings: $a = "x" condition: true }';
 * const [problem] = patternProblems(parseRuleFile(source).rules[0]!, source);
 * console.assert(problem!.message === "pattern $a is not used, should be, or begin with $_");
 * ```
 *
 * @param source the text from which the rule was read
 * @param lines finds lines and columns; one for all rules of a text saves a pass over it for each
 * @returns problems in the order of the text; none when YARA-X takes the patterns as they are
 */
export function patternProblems(
  rule: RuleSyntax,
  source: string,
  lines: LineFinder = new LineFinder(source),
): SyntaxProblem[] {
  if (isFlawless(rule)) return [];
  const found = [
    ...repetitions(rule.patterns),
    ...rule.patterns.flatMap(problemsOf),
    ...useProblems(rule),
  ];
  if (found.length === 0) return [];
  return found.sort((a, b) => a.at - b.at).map(({ message, at }) => ({
    message,
    at,
    line: lines.line(at),
    column: lines.column(at),
    rule: rule.name,
  }));
}

/** Whether nothing is wrong, as with nearly all rules, which is found out at a fraction of what naming problems costs. */
function isFlawless({ patterns, condition }: RuleSyntax): boolean {
  return namesOf(patterns).duplicate === undefined && patterns.every(isPlain) && usesAll(patterns, condition);
}

/** Whether a pattern has nothing that could be wrong. */
function isPlain(pattern: PatternSyntax): boolean {
  const { xor, base64, base64wide } = pattern.modifiers;
  if (xor || base64 !== undefined || base64wide !== undefined) return false;
  if (pattern.kind === "text") return pattern.bytes.length > 0;
  if (pattern.kind === "regexp") return true;
  const { isAscii, isWide, isNocase, isFullword } = pattern.modifiers;
  return !isAscii && !isWide && !isNocase && !isFullword && arePlainBytes(pattern.tokens);
}

function arePlainBytes(tokens: readonly HexToken[]): boolean {
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.kind !== "byte" || token.isNegated) return false;
  }
  return true;
}

function repetitions(patterns: readonly PatternSyntax[]): PatternProblem[] {
  const seen = new Set<string>();
  const found: PatternProblem[] = [];
  for (const { identifier, at } of patterns) {
    if (identifier !== "$" && seen.has(identifier)) {
      found.push({ message: `pattern ${identifier} is declared twice, should have a name of its own`, at });
    }
    seen.add(identifier);
  }
  return found;
}

function problemsOf(pattern: PatternSyntax): PatternProblem[] {
  const messages = modifierProblems(pattern);
  if (pattern.kind === "hex") addTokenProblems(pattern.tokens, messages);
  const { identifier, at } = pattern;
  return messages.map((message) => ({ message: `pattern ${identifier} ${message}`, at }));
}

function addTokenProblems(tokens: readonly HexToken[], messages: string[]): void {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind === "byte") {
      if (token.isNegated && token.mask === 0) messages.push("has ~??, should have ?? or a byte behind ~");
    } else if (token.kind === "alternatives") {
      for (const branch of token.branches) addTokenProblems(branch, messages);
    } else if (tokens[i - 1]?.kind !== "jump") {
      const message = jumpProblem(tokens, i);
      if (message !== undefined) messages.push(message);
    }
  }
}

/** Jumps that follow each other are one, for YARA-X too. */
function jumpProblem(tokens: readonly HexToken[], first: number): string | undefined {
  let from = 0;
  let to = 0;
  for (let i = first; tokens[i]?.kind === "jump"; i++) {
    const jump = tokens[i] as HexToken & { readonly kind: "jump" };
    from += jump.from;
    to += jump.to ?? Infinity;
  }
  if (to === 0) return "has a jump over no bytes, should have none";
  if (from > to) return `has a jump from ${from} to ${to} bytes, should not end before it begins`;
  if (from <= MAX_FIXED_JUMP_BYTES) return undefined;
  return `has a jump over ${from} bytes, should have at most ${MAX_FIXED_JUMP_BYTES}`;
}
