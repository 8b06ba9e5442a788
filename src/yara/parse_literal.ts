/**
 * Reads numbers, texts and regular expressions.
 *
 * @module
 */

import { nibbleOf } from "./character.ts";
import { latin1 } from "./latin1.ts";
import type { Parser } from "./parser.ts";
import { quoteCulprit } from "./syntax_failure.ts";
import type { RegexpSyntax } from "./syntax.ts";
import { TEXT } from "./token_kind.ts";

/** YARA's integers have 64 bits with a sign. */
const MAX_INTEGER = 2n ** 63n - 1n;
/** No integer of 64 bits has more octal digits. */
const MAX_DIGITS = 22;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const LETTER_X = 0x78;
/** Letter behind a backslash → byte. */
const ESCAPES = new Map([[0x74, 0x09], [0x6e, 0x0a], [0x72, 0x0d], [0x22, 0x22], [0x5c, 0x5c]]);
const ENCODER = new TextEncoder();

/** The value of the current integer; its decimal digits where JavaScript would round. */
export function readInteger(parser: Parser): number | string {
  const { source, start, end } = parser;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = source.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return readOddInteger(parser);
    value = value * 10 + digit;
  }
  if (value > Number.MAX_SAFE_INTEGER) return readOddInteger(parser);
  parser.next();
  return value;
}

/** With a base, a unit, underscores, or many digits. */
function readOddInteger(parser: Parser): number | string {
  const text = parser.text().replaceAll("_", "");
  const unit = text.endsWith("KB") ? 1024n : text.endsWith("MB") ? 1048576n : 1n;
  const digits = unit === 1n ? text : text.slice(0, -2);
  const prefix = /^0[xo]/.exec(digits)?.[0] ?? "";
  const significant = digits.slice(prefix.length).replace(/^0+/, "");
  const value = significant.length > MAX_DIGITS
    ? MAX_INTEGER + 1n
    : BigInt(`${prefix}${significant || "0"}`) * unit;
  if (value > MAX_INTEGER) {
    parser.fail(`the integer ${shorten(text)} does not fit into 64 bits, should be at most ${MAX_INTEGER}`);
  }
  parser.next();
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}

/** Reads an integer with a limit, such as a key of `xor`. */
export function readSmallInteger(parser: Parser, what: string, max: number): number {
  const { start } = parser;
  const text = parser.text();
  const value = readInteger(parser);
  if (typeof value === "number" && value <= max) return value;
  parser.fail(`the ${what} is ${shorten(text)}, should be at most ${max}`, start);
}

function shorten(text: string): string {
  return text.length > MAX_DIGITS + 2 ? `${text.slice(0, MAX_DIGITS)}…` : text;
}

/** The value of the current float. */
export function readFloat(parser: Parser): number {
  const value = Number(parser.text().replaceAll("_", ""));
  parser.next();
  return value;
}

/** The bytes of the current text, escapes resolved. */
export function readTextBytes(parser: Parser): Uint8Array {
  const { source, hasEscape, isAscii } = parser;
  const { start, end } = innerOf(parser);
  if (hasEscape) {
    const bytes = unescapeText(parser, start, end);
    parser.next();
    return bytes;
  }
  parser.next();
  if (!isAscii) return ENCODER.encode(source.slice(start, end));
  const bytes = new Uint8Array(end - start);
  for (let i = 0; i < bytes.length; i++) bytes[i] = source.charCodeAt(start + i);
  return bytes;
}

/** The current text as a string with one character for each byte, escapes resolved. */
export function readByteText(parser: Parser): string {
  const { source, hasEscape, isAscii } = parser;
  if (hasEscape || !isAscii) return latin1(readTextBytes(parser));
  const { start, end } = innerOf(parser);
  parser.next();
  return source.slice(start, end);
}

/** The characters of the current text, in which no backslash is allowed. */
export function readPlainText(parser: Parser, wanted: string): string {
  if (parser.kind === TEXT && parser.hasEscape) {
    parser.fail(`${wanted} has a backslash, should have no escapes`);
  }
  return readRawText(parser, wanted);
}

/** The characters of the current text, backslashes as they are. */
export function readRawText(parser: Parser, wanted: string): string {
  if (parser.kind !== TEXT) parser.refuse(wanted);
  const { source } = parser;
  const { start, end } = innerOf(parser);
  parser.next();
  return source.slice(start, end);
}

/** The current regular expression. */
export function readRegexp(parser: Parser): RegexpSyntax {
  const { source, start, end, isAscii } = parser;
  let close = end - 1;
  let flags = 0;
  for (; source.charCodeAt(close) !== SLASH; close--) {
    const flag = source[close]!;
    if (flag !== "i" && flag !== "s") {
      parser.fail(`a regular expression has the flag "${flag}", should have "i" or "s"`, close);
    }
    flags |= flag === "i" ? 1 : 2;
  }
  const written = source.slice(start + 1, close);
  parser.next();
  const text = isAscii ? written : latin1(ENCODER.encode(written));
  return {
    source: text,
    ...(flags & 1 ? { isCaseInsensitive: true } : undefined),
    ...(flags & 2 ? { isDotAll: true } : undefined),
  };
}

function innerOf({ source, start, end }: Parser): { start: number; end: number } {
  const quotes = end - start >= 6 && source.startsWith('"""', start) ? 3 : 1;
  return { start: start + quotes, end: end - quotes };
}

/** `\t`, `\n`, `\r`, `\"`, `\\` and `\xNN`; any other escape is refused. */
function unescapeText(parser: Parser, start: number, end: number): Uint8Array {
  const bytes = ENCODER.encode(parser.source.slice(start, end));
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i]!;
    if (byte === BACKSLASH) {
      byte = escapedByte(parser, bytes, ++i);
      if (bytes[i] === LETTER_X) i += 2;
    }
    bytes[length++] = byte;
  }
  return bytes.slice(0, length);
}

/** The byte of the escape whose letter is at `at`. */
function escapedByte(parser: Parser, bytes: Uint8Array, at: number): number {
  const letter = bytes[at]!;
  if (letter === LETTER_X) {
    const high = nibbleOf(bytes[at + 1] ?? 0);
    const low = nibbleOf(bytes[at + 2] ?? 0);
    if (high < 16 && low < 16) return high << 4 | low;
    parser.fail('a text has "\\x" without two hex digits');
  }
  const known = ESCAPES.get(letter);
  if (known !== undefined) return known;
  const escape = new TextDecoder().decode(bytes.subarray(at, at + 4)).slice(0, 1);
  parser.fail(
    `a text has the escape ${quoteCulprit(`\\${escape}`)}, should be one of \\t \\n \\r \\" \\\\ \\xNN`,
  );
}
