/**
 * Which modifiers go with which patterns and with each other.
 *
 * @module
 */

import { quoteCulprit } from "./syntax_failure.ts";
import type { Modifiers, PatternSyntax, TextPattern } from "./syntax.ts";

type ModifierName = "ascii" | "wide" | "nocase" | "fullword" | "xor" | "base64" | "base64wide";

/** Pairs that YARA-X refuses on a text. */
const REFUSED_PAIRS: readonly (readonly [ModifierName, ModifierName])[] = [
  ["xor", "nocase"],
  ["base64", "nocase"],
  ["base64wide", "nocase"],
  ["base64", "fullword"],
  ["base64wide", "fullword"],
  ["base64", "xor"],
  ["base64wide", "xor"],
];
/** A shorter text has no byte of its own in base64. */
const MIN_BASE64_BYTES = 3;
const ALPHABET_CHARACTERS = 64;

/** What is wrong with a pattern's modifiers and with its text because of them, as phrases that follow its name. */
export function modifierProblems(pattern: PatternSyntax): string[] {
  if (pattern.kind === "text") return textProblems(pattern);
  const refused: readonly ModifierName[] = pattern.kind === "hex"
    ? ["ascii", "wide", "nocase", "fullword", "xor", "base64", "base64wide"]
    : ["xor", "base64", "base64wide"];
  const kind = pattern.kind === "hex" ? "a hex string" : "a regular expression";
  return refused.filter((name) => hasModifier(pattern.modifiers, name))
    .map((name) => `is ${kind} with ${name}, should be one without`);
}

function textProblems({ bytes, modifiers }: TextPattern): string[] {
  const { xor, base64, base64wide } = modifiers;
  const problems = REFUSED_PAIRS
    .filter(([first, second]) => hasModifier(modifiers, first) && hasModifier(modifiers, second))
    .map(([first, second]) => `has ${first} and ${second}, should have one of them`);
  if (xor && xor.from > xor.to) {
    problems.push(`has xor from ${xor.from} to ${xor.to}, should not end before it begins`);
  }
  if (bytes.length === 0) problems.push("is empty, should have a character");
  else if (bytes.length < MIN_BASE64_BYTES && (base64 ?? base64wide) !== undefined) {
    problems.push(`has ${bytes.length} bytes, should have ${MIN_BASE64_BYTES} for base64`);
  }
  for (const alphabet of [base64, base64wide]) {
    const problem = alphabet ? alphabetProblem(alphabet) : undefined;
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

function hasModifier(modifiers: Modifiers, name: ModifierName): boolean {
  switch (name) {
    case "ascii":
      return modifiers.isAscii === true;
    case "wide":
      return modifiers.isWide === true;
    case "nocase":
      return modifiers.isNocase === true;
    case "fullword":
      return modifiers.isFullword === true;
    default:
      return modifiers[name] !== undefined;
  }
}

/** Printable ASCII, each character once, and the padding `=` is none of them. */
function alphabetProblem(alphabet: string): string | undefined {
  const odd = /[^ -<>-~]/u.exec(alphabet)?.[0];
  if (odd !== undefined) {
    return `has an alphabet with ${quoteCulprit(odd)}, should be of printable ASCII without "="`;
  }
  if (alphabet.length !== ALPHABET_CHARACTERS) {
    return `has an alphabet of ${alphabet.length} characters, should have ${ALPHABET_CHARACTERS}`;
  }
  if (new Set(alphabet).size === ALPHABET_CHARACTERS) return undefined;
  return "has an alphabet with a character twice, should have each once";
}
