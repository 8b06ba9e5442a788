/**
 * Makes the pieces of a rule set ready for a compiler: checks what a compiler would misread without a word, and adds
 * the outline that engines without tags or externals need.
 *
 * @module
 */

import type { CollectedRules, RulePiece } from "./collect.ts";
import { tokenize } from "./lexer.ts";
import { type Outline, outlineOf, type RuleOutline } from "./outline.ts";
import type { RuleProblem } from "./rule_problem.ts";
import { type Tokens, tokenText } from "./token.ts";

/** A piece of a rule file that a compiler may see. */
export interface PreparedPiece extends RulePiece {
  /** The rules that begin in the piece. */
  readonly rules: readonly RuleOutline[];
  /** Names of the modules that the piece imports. */
  readonly imports: readonly string[];
}

/** A rule set, ready for a compiler. */
export interface PreparedRules {
  /** In the order in which a compiler must see them. */
  readonly pieces: readonly PreparedPiece[];
  /** The problems of collecting and those that were found now. */
  readonly problems: readonly RuleProblem[];
}

/** Checks and outlines every piece; a file with a problem is left out with all its pieces. */
export function prepareRules(collected: CollectedRules): PreparedRules {
  const problems = [...collected.problems];
  const pieces: PreparedPiece[] = [];
  const bad = new Set<string>();
  for (const piece of collected.pieces) {
    const prepared = preparePiece(piece);
    if ("message" in prepared) {
      bad.add(piece.file);
      problems.push(prepared);
    } else {
      pieces.push(prepared);
    }
  }
  return { pieces: pieces.filter((piece) => !bad.has(piece.file)), problems };
}

function preparePiece(piece: RulePiece): PreparedPiece | RuleProblem {
  const tokens = tokenize(piece.text);
  const problem = problemOf(tokens);
  if (problem) {
    return { file: piece.file, line: piece.firstLine + problem.line - 1, message: problem.message };
  }
  const outline = outlineOf(tokens);
  const text = quoteRoundedIntegers(piece.text, outline);
  const { imports } = outline;
  if (text === piece.text) return { ...piece, rules: outline.rules, imports };
  return { ...piece, text, rules: outlineOf(tokenize(text)).rules, imports };
}

/** What a compiler would not refuse but read differently from what the author wrote. */
function problemOf(tokens: Tokens): { readonly line: number; readonly message: string } | undefined {
  if (tokens.problem) return tokens.problem;
  if (tokens.source.includes("\0")) {
    return { line: 1, message: "the file holds a NUL character, should be text" };
  }
  if (!tokens.source.includes("\ufffd")) return undefined;
  const broken = tokens.tokens.find((token) =>
    (token.kind === "text" || token.kind === "regexp") && tokenText(tokens.source, token).includes("\ufffd")
  );
  return broken && { line: broken.line, message: "the text is not valid UTF-8, should be" };
}

/**
 * YARA's integers have 64 bits. One in the metadata that JavaScript can't hold would make an engine lose the whole
 * result of a scan, so it is handed over, and reported, as a string of its digits.
 */
function quoteRoundedIntegers(text: string, outline: Outline): string {
  const wide = outline.rules.flatMap((rule) => rule.meta).filter((entry) =>
    typeof entry.value === "string" && text[entry.start] !== '"'
  );
  let quoted = "";
  let at = 0;
  for (const entry of wide) {
    quoted += `${text.slice(at, entry.start)}"${entry.value}"`;
    at = entry.end;
  }
  return quoted + text.slice(at);
}
