/**
 * The words of a YARA text: what the lexer hands to whoever reads rules.
 *
 * @module
 */

/**
 * What a token is. `word` is an identifier or keyword, `text` a quoted string, `regexp` with its flags, `hex` a whole
 * hex string with its braces, `pattern` a `$a`, `$a*`, `#a`, `@a` or `!a`, `sign` an operator or bracket; `unknown`
 * is one character that belongs to nothing, left for the compiler to refuse.
 */
export type TokenKind = "word" | "number" | "text" | "regexp" | "hex" | "pattern" | "sign" | "unknown";

/** One token; comments and blanks are none. */
export interface Token {
  /** What the token is. */
  readonly kind: TokenKind;
  /** Offset of the first character, in UTF-16 units. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** Something that a lexer can't get past. */
export interface LexProblem {
  /** A phrase such as `unterminated text string`. */
  readonly message: string;
  /** Where the thing begins that has no end. */
  readonly start: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** The tokens of a text, up to its end or to the first problem. */
export interface Tokens {
  /** The whole text. */
  readonly source: string;
  /** In the order of the text. */
  readonly tokens: readonly Token[];
  /** Absent when the text was read to its end. */
  readonly problem?: LexProblem;
}

/** The characters of a token. */
export function tokenText(source: string, token: Token): string {
  return source.slice(token.start, token.end);
}
