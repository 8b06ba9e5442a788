/**
 * Walks through YARA text token by token. The kind and offsets of the current token are fields; no object is created
 * for a token.
 *
 * Division is `\` in YARA, so a slash always begins a comment or a regular expression. What is inside of braces of a
 * hex string is read by `parse_hex.ts`.
 *
 * @module
 */

import {
  isBlank,
  isDigit,
  isLonelySign,
  isOctalDigit,
  isWordPart,
  isWordStart,
  nibbleOf,
} from "./character.ts";
import { hashWord, wordKind } from "./keywords.ts";
import {
  AT_LEAST,
  AT_MOST,
  COUNT,
  DOT,
  END,
  EQUALS,
  FLOAT,
  GREATER,
  INTEGER,
  IS_EQUAL,
  IS_UNEQUAL,
  LENGTH,
  LESS,
  OFFSET,
  PATTERN,
  REGEXP,
  SHIFT_LEFT,
  SHIFT_RIGHT,
  TEXT,
  UNKNOWN,
} from "./token_kind.ts";

const LINE_FEED = 0x0a;
const EXCLAMATION = 0x21;
const QUOTE = 0x22;
const HASH = 0x23;
const DOLLAR = 0x24;
const AT_SIGN = 0x40;
const ZERO = 0x30;
const UPPER_B = 0x42;
const UPPER_K = 0x4b;
const UPPER_M = 0x4d;
const LOWER_O = 0x6f;
const LOWER_X = 0x78;
const SLASH = 0x2f;
const ASTERISK = 0x2a;
const BACKSLASH = 0x5c;
const UNDERSCORE = 0x5f;

/** Where the reader is in a text. */
export class Scanner {
  /** What the current token is, of `token_kind.ts`. */
  kind = END;
  /** Offset of its first character. */
  start = 0;
  /** Offset behind it. */
  end = 0;
  /** Offset behind the token before. */
  previousEnd = 0;
  /** Why the current token is unknown, where that is more than a strange character. */
  defect: string | undefined;
  /** Whether the current text or regular expression has a backslash. */
  hasEscape = false;
  /** Whether all characters of the current text or regular expression are ASCII. */
  isAscii = true;

  /** Stands on the first token at or behind an offset. */
  constructor(readonly source: string, offset = 0) {
    this.readAt(offset);
  }

  /** Goes to the next token. */
  next(): void {
    this.previousEnd = this.end;
    this.readAt(this.end);
  }

  /** Goes to the token that begins at an offset or behind the blanks there. */
  readAt(offset: number): void {
    const start = this.skipBlanks(offset);
    this.start = start;
    if (start < 0) this.#refuse(~start, this.source.length, "a comment has no end");
    else if (start >= this.source.length) this.#found(END, start);
    else this.#read(start, this.source.charCodeAt(start));
  }

  /** The current token's characters. */
  text(): string {
    return this.source.slice(this.start, this.end);
  }

  /** Where blanks and comments end that begin at an offset; `~start` of a comment that has no end. */
  skipBlanks(offset: number): number {
    const { source } = this;
    for (let at = offset;;) {
      const code = source.charCodeAt(at);
      if (isBlank(code)) {
        at++;
      } else if (code !== SLASH) {
        return at;
      } else {
        const end = commentEnd(source, at);
        if (end <= at) return end;
        at = end;
      }
    }
  }

  #read(start: number, code: number): void {
    if (isWordStart(code)) this.#readWord(start);
    else if (code === QUOTE) this.#readText(start);
    else if (isDigit(code)) this.#readNumber(start);
    else if (isLonelySign(code)) this.#found(code, start + 1);
    else this.#readOther(start, code);
  }

  #readOther(start: number, code: number): void {
    const next = this.source.charCodeAt(start + 1);
    if (code === DOLLAR) this.#found(PATTERN, this.#wordEnd(start + 1));
    else if (code === HASH) this.#found(COUNT, this.#wordEnd(start + 1));
    else if (code === AT_SIGN) this.#found(OFFSET, this.#wordEnd(start + 1));
    else if (code === EQUALS) this.#readSign(start, EQUALS, next === EQUALS, IS_EQUAL);
    else if (code === EXCLAMATION && next === EQUALS) this.#found(IS_UNEQUAL, start + 2);
    else if (code === EXCLAMATION) this.#found(LENGTH, this.#wordEnd(start + 1));
    else if (code === LESS && next === LESS) this.#found(SHIFT_LEFT, start + 2);
    else if (code === LESS) this.#readSign(start, LESS, next === EQUALS, AT_MOST);
    else if (code === GREATER && next === GREATER) this.#found(SHIFT_RIGHT, start + 2);
    else if (code === GREATER) this.#readSign(start, GREATER, next === EQUALS, AT_LEAST);
    else if (code === SLASH) this.#readRegexp(start);
    else this.#refuse(start, start + (this.source.codePointAt(start)! > 0xffff ? 2 : 1), undefined);
  }

  #found(kind: number, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  #refuse(start: number, end: number, defect: string | undefined): void {
    this.start = start;
    this.defect = defect;
    this.#found(UNKNOWN, end);
  }

  #readSign(start: number, short: number, isLong: boolean, long: number): void {
    if (isLong) this.#found(long, start + 2);
    else this.#found(short, start + 1);
  }

  #readWord(start: number): void {
    const { source } = this;
    let hash = 0;
    let at = start;
    for (let code = source.charCodeAt(at); isWordPart(code); code = source.charCodeAt(++at)) {
      hash = hashWord(hash, code);
    }
    this.#found(wordKind(source, start, at, hash), at);
  }

  #wordEnd(start: number): number {
    let at = start;
    while (isWordPart(this.source.charCodeAt(at))) at++;
    return at;
  }

  /** Digits may have underscores between them, and behind. */
  #readNumber(start: number): void {
    const { source } = this;
    if (source.charCodeAt(start) === ZERO) {
      const mark = source.charCodeAt(start + 1);
      const first = source.charCodeAt(start + 2);
      if (mark === LOWER_X && nibbleOf(first) < 16) return this.#found(INTEGER, this.#hexEnd(start + 2));
      if (mark === LOWER_O && isOctalDigit(first)) return this.#found(INTEGER, this.#octalEnd(start + 2));
    }
    const end = this.#digitsEnd(start);
    const following = source.charCodeAt(end);
    if (following === DOT && this.#digitsEnd(end + 1) > end + 1) {
      return this.#found(FLOAT, this.#digitsEnd(end + 1));
    }
    const hasUnit = (following === UPPER_K || following === UPPER_M) &&
      source.charCodeAt(end + 1) === UPPER_B;
    this.#found(INTEGER, hasUnit ? end + 2 : end);
  }

  #digitsEnd(start: number): number {
    let at = start;
    for (let code = this.source.charCodeAt(at); isDigit(code) || code === UNDERSCORE;) {
      code = this.source.charCodeAt(++at);
    }
    return at;
  }

  #hexEnd(start: number): number {
    let at = start;
    for (let code = this.source.charCodeAt(at); nibbleOf(code) < 16 || code === UNDERSCORE;) {
      code = this.source.charCodeAt(++at);
    }
    return at;
  }

  #octalEnd(start: number): number {
    let at = start;
    for (let code = this.source.charCodeAt(at); isOctalDigit(code) || code === UNDERSCORE;) {
      code = this.source.charCodeAt(++at);
    }
    return at;
  }

  #readText(start: number): void {
    const { source } = this;
    if (source.charCodeAt(start + 1) === QUOTE && source.charCodeAt(start + 2) === QUOTE) {
      const end = this.#quotedEnd(start + 3, QUOTE, true);
      if (end >= 0 && source.startsWith('""', end + 1)) return this.#found(TEXT, end + 3);
    }
    const end = this.#quotedEnd(start + 1, QUOTE, false);
    if (end >= 0) this.#found(TEXT, end + 1);
    else this.#refuse(start, ~end, "a text has no closing quote");
  }

  /** YARA knows no character classes here: `/[/]/` ends at its second slash. */
  #readRegexp(start: number): void {
    const end = this.#quotedEnd(start + 1, SLASH, false);
    if (end < 0) return this.#refuse(start, ~end, "a regular expression has no closing slash");
    let flagsEnd = end + 1;
    while (flagsEnd < end + 3 && isLetter(this.source.charCodeAt(flagsEnd))) flagsEnd++;
    this.#found(REGEXP, flagsEnd);
  }

  /** Offset of the closing character; `~end` of the line or text where there is none. */
  #quotedEnd(start: number, close: number, hasLines: boolean): number {
    const { source } = this;
    let all = 0;
    this.hasEscape = false;
    for (let at = start; at < source.length; at++) {
      let code = source.charCodeAt(at);
      if (code === close) {
        this.isAscii = all < 128;
        return at;
      }
      if (code === BACKSLASH) {
        this.hasEscape = true;
        code = source.charCodeAt(++at);
        if (code === LINE_FEED) return ~at;
      } else if (code === LINE_FEED && !hasLines) {
        return ~at;
      }
      all |= code;
    }
    return ~source.length;
  }
}

function isLetter(code: number): boolean {
  return isWordStart(code) && code !== UNDERSCORE;
}

/** Where a comment ends that begins at a slash: the slash itself when none begins there, `~at` when it has no end. */
function commentEnd(source: string, at: number): number {
  const second = source.charCodeAt(at + 1);
  if (second === SLASH) {
    const end = source.indexOf("\n", at);
    return end < 0 ? source.length : end;
  }
  if (second !== ASTERISK) return at;
  const end = source.indexOf("*/", at + 2);
  return end < 0 ? ~at : end + 2;
}
