/**
 * What the texts of a rule set declare, for an engine that compiles texts and reports neither tags, metadata nor external
 * variables. The engine's grammar may be wider than ours: only the declarations in front of a condition are read, and a
 * file is left out where they can't be.
 *
 * @module
 */

import type { CollectedRules, RulePiece } from "./collect.ts";
import { parseRuleFile } from "./parse_rule_file.ts";
import type { RuleProblem } from "./rule_problem.ts";
import { Scanner } from "./scanner.ts";
import type { MetaEntry, RuleFileSyntax, RuleHead } from "./syntax.ts";
import { LineFinder } from "./syntax_failure.ts";
import { BRACE_CLOSE, BRACE_OPEN, DOT, END, REGEXP, TEXT, UNKNOWN, WORD } from "./token_kind.ts";
import { quoteWideIntegers } from "./wide_integers.ts";

/** A word of a condition. */
export interface ConditionWord {
  readonly text: string;
  /** Offset of the first character, in UTF-16 units. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
}

/** What is known of a rule from its text. */
export interface RuleDeclaration {
  /** The identifier. */
  readonly name: string;
  /** Whether all other rules depend on it. */
  readonly isGlobal: boolean;
  /** In the order of the text. */
  readonly tags: readonly string[];
  /** In the order of the text. */
  readonly meta: readonly MetaEntry[];
  /** Identifiers, `$` for an anonymous pattern, without those marked `private`. */
  readonly patterns: readonly string[];
  /** Words of the condition that may name an external variable: all but members behind a dot. */
  readonly conditionWords: readonly ConditionWord[];
}

/** A piece of a rule file that an engine may read. */
export interface DeclaredPiece extends RulePiece {
  /** In the order of the text. */
  readonly rules: readonly RuleDeclaration[];
  /** Names of the modules that the piece imports. */
  readonly imports: readonly string[];
}

/** A rule set that an engine may read. */
export interface DeclaredRules {
  /** In the order in which an engine must read them. */
  readonly pieces: readonly DeclaredPiece[];
  /** The problems of collecting, and those that were found here. */
  readonly problems: readonly RuleProblem[];
}

/** Reads the declarations of every piece; a file with a problem is left out with all its pieces. */
export function readDeclarations(collected: CollectedRules): DeclaredRules {
  const problems = [...collected.problems];
  const pieces: DeclaredPiece[] = [];
  const bad = new Set<string>();
  for (const piece of collected.pieces) {
    const declared = readPiece(piece);
    if ("message" in declared) {
      bad.add(piece.file);
      problems.push(declared);
    } else {
      pieces.push(declared);
    }
  }
  return { pieces: pieces.filter((piece) => !bad.has(piece.file)), problems };
}

function readPiece(piece: RulePiece): DeclaredPiece | RuleProblem {
  const { file, firstLine, text } = piece;
  const problem = textProblem(text);
  if (problem) {
    return { file, line: firstLine + new LineFinder(text).line(problem.at) - 1, message: problem.message };
  }
  const parsed = parseRuleFile(text);
  const headless = parsed.refused.find(({ head }) => head === undefined);
  if (headless) {
    const { message, line } = headless.problem;
    return { file, line: firstLine + line - 1, message };
  }
  const heads = headsOf(parsed);
  const quoted = quoteWideIntegers(text, 0, text.length, heads.flatMap(({ meta }) => meta));
  const rules = quoted === text ? heads : headsOf(parseRuleFile(quoted));
  return {
    ...piece,
    text: quoted,
    rules: rules.map((head) => declarationOf(head, quoted)),
    imports: parsed.imports.map(({ name }) => name),
  };
}

/** What an engine would not refuse but read differently from what the author wrote. */
function textProblem(text: string): { readonly at: number; readonly message: string } | undefined {
  if (text.includes("\0")) return { at: 0, message: "the file holds a NUL character, should be text" };
  const openBraces: number[] = [];
  for (const scanner = new Scanner(text); scanner.kind !== END; scanner.next()) {
    const { kind, start: at, defect } = scanner;
    if (kind === UNKNOWN && defect !== undefined) return { at, message: defect };
    if (isBrokenText(scanner)) return { at, message: "the text is not valid UTF-8, should be" };
    if (kind === BRACE_OPEN) openBraces.push(at);
    else if (kind === BRACE_CLOSE) openBraces.pop();
  }
  // The engine reads all texts as one: the next text would be part of the open rule.
  const [at] = openBraces;
  return at === undefined ? undefined : { at, message: "a rule has no closing brace" };
}

/** Whether a text or regular expression has bytes that are no UTF-8; in a comment they do no harm. */
export function hasBrokenText(text: string): boolean {
  for (const scanner = new Scanner(text); scanner.kind !== END; scanner.next()) {
    if (isBrokenText(scanner)) return true;
  }
  return false;
}

/** Bytes that were no UTF-8 are U+FFFD by now. */
function isBrokenText(scanner: Scanner): boolean {
  return (scanner.kind === TEXT || scanner.kind === REGEXP) && scanner.text().includes("\ufffd");
}

function headsOf({ rules, refused }: RuleFileSyntax): RuleHead[] {
  const heads = [...rules, ...refused.flatMap(({ head }) => head ?? [])];
  return refused.length === 0 ? heads : heads.sort((a, b) => a.start - b.start);
}

function declarationOf(head: RuleHead, text: string): RuleDeclaration {
  const { name, isGlobal, tags, meta, patterns, conditionAt } = head;
  const reported = patterns.filter(({ modifiers }) => !modifiers.isPrivate);
  return {
    name,
    isGlobal,
    tags,
    meta,
    patterns: reported.map(({ identifier }) => identifier),
    conditionWords: wordsOf(text, conditionAt),
  };
}

function wordsOf(text: string, conditionAt: number): ConditionWord[] {
  const words: ConditionWord[] = [];
  const scanner = new Scanner(text, conditionAt);
  let previous = END;
  while (scanner.kind !== BRACE_CLOSE && scanner.kind !== END) {
    const { kind, start, end } = scanner;
    if (kind === WORD && previous !== DOT) words.push({ text: scanner.text(), start, end });
    previous = kind;
    scanner.next();
  }
  return words;
}
