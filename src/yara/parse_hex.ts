/**
 * Reads hex strings: bytes with wildcards, jumps and alternatives, in which other tokens count than elsewhere.
 *
 * @module
 */

import { isBlank, isDigit, nibbleOf } from "./character.ts";
import type { Parser } from "./parser.ts";
import { quoteCulprit } from "./syntax_failure.ts";
import type { HexToken } from "./syntax.ts";
import {
  BRACE_CLOSE,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  MINUS,
  PAREN_CLOSE,
  PAREN_OPEN,
  PIPE,
} from "./token_kind.ts";

const BLANK = 0x20;
const TILDE = 0x7e;
const ZERO = 0x30;
const WILDCARD = 16;
/** Bounds of jumps have 32 bits. */
const MAX_JUMP_BYTES = 2 ** 32 - 1;
/** One object for each way to write a byte: high nibble times 17 plus low nibble, then the same ones negated. */
const BYTES = [...byteTokens(false), ...byteTokens(true)];
const NEGATED = 17 * 17;

/** Reads the hex string whose opening brace is the current token, and goes on behind it. */
export function readHexTokens(parser: Parser): HexToken[] {
  const reader = new HexReader(parser, parser.end);
  const tokens = reader.sequence();
  if (!reader.is(BRACE_CLOSE)) reader.refuse('a byte, "[", "(" or "}"');
  parser.previousEnd = reader.at + 1;
  parser.readAt(reader.at + 1);
  return tokens;
}

class HexReader {
  /** The character that is looked at. */
  #code = 0;

  constructor(readonly parser: Parser, public at: number) {
    this.moveTo(at);
  }

  is(code: number): boolean {
    return this.#code === code;
  }

  moveTo(at: number): void {
    const { parser } = this;
    const next = parser.skipBlanks(at);
    if (next < 0) parser.fail("a comment has no end", ~next);
    this.at = next;
    this.#code = parser.source.charCodeAt(next);
  }

  /** Up to what can't go on: the end of the hex string or of an alternative. */
  sequence(): HexToken[] {
    const tokens: HexToken[] = [];
    this.#plainBytes(tokens);
    let hasOpenJump = false;
    for (;;) {
      if (this.is(BRACKET_OPEN) && tokens.length > 0) {
        const jump = this.#jump();
        if (jump) tokens.push(jump);
        hasOpenJump = true;
        continue;
      }
      const token = this.#byte() ?? this.#alternatives();
      if (!token) break;
      tokens.push(token);
      this.#plainBytes(tokens);
      hasOpenJump = false;
    }
    if (hasOpenJump || tokens.length === 0) this.refuse('a byte or "("');
    return tokens;
  }

  /** Bytes with both digits and blanks between them: what most hex strings are made of. */
  #plainBytes(tokens: HexToken[]): void {
    const { source } = this.parser;
    let { at } = this;
    for (;;) {
      const high = nibbleOf(source.charCodeAt(at));
      const low = nibbleOf(source.charCodeAt(at + 1));
      if (high >= WILDCARD || low >= WILDCARD) break;
      tokens.push(BYTES[high * 17 + low]!);
      at += 2;
      while (source.charCodeAt(at) === BLANK) at++;
    }
    if (at !== this.at) this.moveTo(at);
  }

  refuse(wanted: string): never {
    const { source } = this.parser;
    if (this.at >= source.length) this.parser.fail("a hex string has no closing brace");
    const found = String.fromCodePoint(source.codePointAt(this.at)!);
    this.parser.fail(`a hex string has ${quoteCulprit(found)}, should have ${wanted}`, this.at);
  }

  #byte(): HexToken | undefined {
    const { source } = this.parser;
    const isNegated = this.is(TILDE);
    const start = isNegated ? this.at + 1 : this.at;
    const high = nibbleOf(source.charCodeAt(start));
    if (high > WILDCARD) {
      if (isNegated) this.refuse("two hex digits behind it");
      return undefined;
    }
    const low = nibbleOf(source.charCodeAt(start + 1));
    if (low > WILDCARD) {
      this.parser.fail(`a hex string has "${source[start]}" alone, should be two digits`, start);
    }
    this.moveTo(start + 2);
    return BYTES[high * 17 + low + (isNegated ? NEGATED : 0)]!;
  }

  #alternatives(): HexToken | undefined {
    if (!this.is(PAREN_OPEN)) return undefined;
    this.parser.enter();
    const branches: HexToken[][] = [];
    do {
      this.moveTo(this.at + 1);
      branches.push(this.sequence());
    } while (this.is(PIPE));
    if (!this.is(PAREN_CLOSE)) this.refuse('a byte, "[", "|" or ")"');
    this.parser.leave();
    this.moveTo(this.at + 1);
    return { kind: "alternatives", branches };
  }

  /** `[-0]` is none; `[0]` is one, which YARA-X refuses. */
  #jump(): HexToken | undefined {
    this.#moveInJump(this.at + 1);
    const from = this.#bound();
    let to = from;
    if (this.is(MINUS)) {
      this.#moveInJump(this.at + 1);
      to = this.#bound();
    } else if (from === undefined) {
      this.refuse('a number or "-" in a jump');
    }
    if (!this.is(BRACKET_CLOSE)) this.refuse('"]" behind a jump');
    this.moveTo(this.at + 1);
    if (from === undefined && to === 0) return undefined;
    return to === undefined ? { kind: "jump", from: from ?? 0 } : { kind: "jump", from: from ?? 0, to };
  }

  #bound(): number | undefined {
    const { source } = this.parser;
    const start = this.at;
    let value = 0;
    let end = start;
    for (let code = this.#code; isDigit(code); code = source.charCodeAt(++end)) {
      value = value * 10 + code - ZERO;
    }
    if (end === start) return undefined;
    const next = source.charCodeAt(end);
    if (next !== MINUS && next !== BRACKET_CLOSE) {
      const text = oddBound(source, start);
      value = Number(text);
      end = start + text.length;
    }
    if (value > MAX_JUMP_BYTES) {
      this.parser.fail(`a jump is longer than ${MAX_JUMP_BYTES} bytes`, start);
    }
    this.#moveInJump(end);
    return value;
  }

  /** YARA-X allows no comments in jumps. */
  #moveInJump(at: number): void {
    const { source } = this.parser;
    while (isBlank(source.charCodeAt(at))) at++;
    this.at = at;
    this.#code = source.charCodeAt(at);
  }
}

/** With a base; unlike other integers, bounds have no underscores. */
function oddBound(source: string, start: number): string {
  const number = /0x[0-9A-Fa-f]+|0o[0-7]+|[0-9]+/y;
  number.lastIndex = start;
  return number.exec(source)?.[0] ?? "";
}

function byteTokens(isNegated: boolean): HexToken[] {
  const tokens: HexToken[] = [];
  for (let high = 0; high <= WILDCARD; high++) {
    for (let low = 0; low <= WILDCARD; low++) {
      const mask = (high < WILDCARD ? 0xf0 : 0) | (low < WILDCARD ? 0x0f : 0);
      const value = (high << 4 | low & 0x0f) & mask;
      tokens.push(isNegated ? { kind: "byte", value, mask, isNegated } : { kind: "byte", value, mask });
    }
  }
  return tokens;
}
