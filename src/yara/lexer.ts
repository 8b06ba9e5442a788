/**
 * Splits YARA text into tokens. Division is `\` in YARA, so a slash always begins a comment or a regular expression;
 * a brace begins a hex string exactly where it follows `=`.
 *
 * @module
 */

import type { LexProblem, Token, TokenKind, Tokens } from "./token.ts";

/**
 * Splits a text into tokens; it never throws. At a string, regular expression, hex string or comment without an end
 * it stops, with the problem and the tokens before it.
 *
 * ```ts
 * import { tokenize } from "./lexer.ts";
 *
 * const { tokens, problem } = tokenize("rule a { condition: true }");
 * console.assert(tokens.length === 7 && problem === undefined);
 * ```
 */
export function tokenize(source: string): Tokens {
  const tokens: Token[] = [];
  const cursor: Cursor = { source, at: 0, line: 1, lineStart: 0 };
  for (;;) {
    const problem = skipBlanks(cursor);
    if (problem) return { source, tokens, problem };
    if (cursor.at >= source.length) return { source, tokens };
    const { at: start, line } = cursor;
    const column = start - cursor.lineStart + 1;
    const scanned = scanToken(cursor, tokens.at(-1));
    if (scanned.end < 0) {
      return { source, tokens, problem: { message: scanned.message, start, line, column } };
    }
    advance(cursor, scanned.end);
    tokens.push({ kind: scanned.kind, start, end: scanned.end, line, column });
  }
}

interface Cursor {
  readonly source: string;
  at: number;
  line: number;
  lineStart: number;
}

/** `end` below zero: there is none. */
type Scanned = { readonly kind: TokenKind; readonly end: number; readonly message: string };

const NO_END = -1;
const LINE_FEED = 0x0a;
const BLANKS = /\s*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /0x[0-9A-Fa-f]+|0o[0-7]+|[0-9]+(?:\.[0-9]+|KB|MB)?/y;
const PATTERN = /\$[A-Za-z0-9_]*\*?|[#@][A-Za-z0-9_]*|!(?!=)[A-Za-z0-9_]*/y;
const SIGN = /\.\.|[=!<>]=|<<|>>|[-+*\\%&|^~<>=:,.(){}[\]]/y;
const REGEXP_FLAGS = /[is]*/y;

function scanToken(cursor: Cursor, previous: Token | undefined): Scanned {
  const { source, at } = cursor;
  const first = source[at];
  if (first === '"') return scanned("text", quotedEnd(source, at, '"'), "unterminated text string");
  if (first === "/") return scanned("regexp", regexpEnd(source, at), "unterminated regular expression");
  if (first === "{" && isSign(source, previous, "=")) {
    return scanned("hex", hexEnd(source, at), "unterminated hex string");
  }
  return scanned("word", endOf(WORD, source, at)) ?? scanned("number", endOf(NUMBER, source, at)) ??
    scanned("pattern", endOf(PATTERN, source, at)) ?? scanned("sign", endOf(SIGN, source, at)) ??
    { kind: "unknown", end: at + (source.codePointAt(at)! > 0xffff ? 2 : 1), message: "" };
}

function scanned(kind: TokenKind, end: number, message: string): Scanned;
function scanned(kind: TokenKind, end: number): Scanned | undefined;
function scanned(kind: TokenKind, end: number, message?: string): Scanned | undefined {
  if (end < 0 && message === undefined) return undefined;
  return { kind, end, message: message ?? "" };
}

function isSign(source: string, token: Token | undefined, sign: string): boolean {
  return token?.kind === "sign" && token.end - token.start === sign.length &&
    source.startsWith(sign, token.start);
}

function endOf(form: RegExp, source: string, at: number): number {
  form.lastIndex = at;
  return form.test(source) ? form.lastIndex : NO_END;
}

/** Where a one-line string with escapes ends, behind its closing character. */
function quotedEnd(source: string, at: number, close: string): number {
  for (let i = at + 1; i < source.length; i++) {
    const character = source[i];
    if (character === close) return i + 1;
    if (character === "\\") i++;
    if (source[i] === "\n" || source[i] === "\r") return NO_END;
  }
  return NO_END;
}

/** YARA's lexer knows no character classes: `/[/]/` ends at its second slash. */
function regexpEnd(source: string, at: number): number {
  const end = quotedEnd(source, at, "/");
  return end < 0 ? end : endOf(REGEXP_FLAGS, source, end);
}

/** A closing brace inside a comment does not close a hex string. */
function hexEnd(source: string, at: number): number {
  for (let i = at + 1; i < source.length; i++) {
    if (source[i] === "}") return i + 1;
    if (source[i] !== "/") continue;
    const end = commentEnd(source, i);
    if (end === NO_END) return NO_END;
    if (end > i) i = end - 1;
  }
  return NO_END;
}

/** Where a comment that begins at `at` ends: `at` itself when none begins there, below zero when it has no end. */
function commentEnd(source: string, at: number): number {
  if (source.startsWith("//", at)) {
    const end = source.indexOf("\n", at);
    return end < 0 ? source.length : end;
  }
  if (!source.startsWith("/*", at)) return at;
  const end = source.indexOf("*/", at + 2);
  return end < 0 ? NO_END : end + 2;
}

function skipBlanks(cursor: Cursor): LexProblem | undefined {
  const { source } = cursor;
  for (;;) {
    const blankEnd = endOf(BLANKS, source, cursor.at);
    if (blankEnd > cursor.at) advance(cursor, blankEnd);
    const end = commentEnd(source, cursor.at);
    if (end === NO_END) return problemAt(cursor, "unterminated comment");
    if (end === cursor.at) return undefined;
    advance(cursor, end);
  }
}

function problemAt(cursor: Cursor, message: string): LexProblem {
  return {
    message,
    start: cursor.at,
    line: cursor.line,
    column: cursor.at - cursor.lineStart + 1,
  };
}

/** Moves on and counts the lines on the way: hex strings and comments have several. */
function advance(cursor: Cursor, end: number): void {
  for (let i = cursor.at; i < end; i++) {
    if (cursor.source.charCodeAt(i) !== LINE_FEED) continue;
    cursor.line++;
    cursor.lineStart = i + 1;
  }
  cursor.at = end;
}
