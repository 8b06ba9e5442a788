/**
 * Reads the strings of a rule.
 *
 * @module
 */

import { readHexTokens } from "./parse_hex.ts";
import { readPlainText, readRegexp, readSmallInteger, readTextBytes } from "./parse_literal.ts";
import type { Parser } from "./parser.ts";
import type { Modifiers, PatternSyntax } from "./syntax.ts";
import {
  ASCII,
  BASE64,
  BASE64WIDE,
  BRACE_OPEN,
  EQUALS,
  FULLWORD,
  INTEGER,
  MINUS,
  NOCASE,
  PAREN_CLOSE,
  PAREN_OPEN,
  PATTERN,
  PRIVATE,
  REGEXP,
  TEXT,
  WIDE,
  XOR,
} from "./token_kind.ts";

/** The largest key of `xor`. */
const MAX_XOR_KEY = 255;
const NO_MODIFIERS: Modifiers = Object.freeze({});
/** Modifiers without arguments. */
const FLAGS = new Map<number, keyof Modifiers>([
  [ASCII, "isAscii"],
  [WIDE, "isWide"],
  [NOCASE, "isNocase"],
  [FULLWORD, "isFullword"],
  [PRIVATE, "isPrivate"],
]);

/** Reads patterns up to what is none; there must be one. */
export function readPatterns(parser: Parser): PatternSyntax[] {
  if (parser.kind !== PATTERN) parser.refuse('a pattern such as $a = "text"');
  const patterns: PatternSyntax[] = [];
  while (parser.kind === PATTERN) patterns.push(readPattern(parser));
  return patterns;
}

function readPattern(parser: Parser): PatternSyntax {
  const at = parser.start;
  const identifier = parser.text();
  parser.next();
  parser.expect(EQUALS, '"="');
  switch (parser.kind) {
    case TEXT: {
      const bytes = readTextBytes(parser);
      return { kind: "text", identifier, bytes, modifiers: readModifiers(parser), at };
    }
    case BRACE_OPEN: {
      const tokens = readHexTokens(parser);
      return { kind: "hex", identifier, tokens, modifiers: readModifiers(parser), at };
    }
    case REGEXP: {
      const regexp = readRegexp(parser);
      return { kind: "regexp", identifier, regexp, modifiers: readModifiers(parser), at };
    }
    default:
      parser.refuse("a text, a regular expression or a hex string");
  }
}

type MutableModifiers = { -readonly [key in keyof Modifiers]: Modifiers[key] };

function readModifiers(parser: Parser): Modifiers {
  if (!isModifier(parser.kind)) return NO_MODIFIERS;
  const modifiers: MutableModifiers = {};
  do {
    readModifier(parser, modifiers);
  } while (isModifier(parser.kind));
  return modifiers;
}

function isModifier(kind: number): boolean {
  return FLAGS.has(kind) || kind === XOR || kind === BASE64 || kind === BASE64WIDE;
}

function readModifier(parser: Parser, modifiers: MutableModifiers): void {
  const { kind, start } = parser;
  const name = parser.text();
  const flag = FLAGS.get(kind);
  const key = flag ?? name as keyof Modifiers;
  if (modifiers[key] !== undefined) parser.fail(`the modifier "${name}" is repeated`, start);
  parser.next();
  if (kind === XOR) modifiers.xor = readKeys(parser);
  else if (kind === BASE64 || kind === BASE64WIDE) modifiers[name as "base64"] = readAlphabet(parser);
  else Object.assign(modifiers, { [key]: true });
}

function readKeys(parser: Parser): { from: number; to: number } {
  if (!parser.takeIf(PAREN_OPEN)) return { from: 0, to: MAX_XOR_KEY };
  const from = readKey(parser);
  const to = parser.takeIf(MINUS) ? readKey(parser) : from;
  parser.expect(PAREN_CLOSE, '"-" or ")"');
  return { from, to };
}

function readKey(parser: Parser): number {
  if (parser.kind !== INTEGER) parser.refuse("a key");
  return readSmallInteger(parser, "key of xor", MAX_XOR_KEY);
}

function readAlphabet(parser: Parser): string {
  if (!parser.takeIf(PAREN_OPEN)) return "";
  const { start } = parser;
  const alphabet = readPlainText(parser, "an alphabet");
  // In the tree an empty one stands for the standard alphabet.
  if (alphabet === "") parser.fail("the alphabet is empty, should have 64 characters", start);
  parser.expect(PAREN_CLOSE, '")"');
  return alphabet;
}
