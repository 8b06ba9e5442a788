/**
 * Escapes, in classes and outside.
 *
 * @module
 */

import { type ByteSet, byteSet, complement } from "./byte_set.ts";
import type { Cursor } from "./cursor.ts";
import type { Assertion } from "./node.ts";

/** The meaning of an escape. A character is a code point; `byte` is `\xNN`, which is no character above 0x7f. */
export type Escape =
  | { readonly kind: "character" | "byte"; readonly value: number }
  | { readonly kind: "set"; readonly set: ByteSet }
  | { readonly kind: "assertion"; readonly assertion: Assertion };

const CONTROLS: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 };

const DIGIT = byteSet([0x30, 0x39]);
const SPACE = byteSet([9, 13], [32, 32]);
const WORD = byteSet([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);

const CLASSES: Readonly<Record<string, ByteSet>> = {
  d: DIGIT,
  D: complement(DIGIT),
  s: SPACE,
  S: complement(SPACE),
  w: WORD,
  W: complement(WORD),
};

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Reads an escape, from its backslash on. */
export function parseEscape(cursor: Cursor): Escape {
  const start = cursor.at;
  cursor.take();
  if (cursor.isAtEnd) cursor.fail("incomplete escape sequence", start);
  const letter = cursor.take();
  if (letter >= "0" && letter <= "9") cursor.fail("backreferences are not supported", start);
  if (letter in HEX_DIGITS) return parseHex(cursor, letter, start);
  if (letter === "p" || letter === "P") cursor.fail("Unicode classes are not allowed", start);
  if (letter in CLASSES) return { kind: "set", set: CLASSES[letter]! };
  if (letter in CONTROLS) return { kind: "character", value: CONTROLS[letter]! };
  if (letter === "A") return { kind: "assertion", assertion: "start" };
  if (letter === "z") return { kind: "assertion", assertion: "end" };
  if (letter === "B") return { kind: "assertion", assertion: "no-boundary" };
  if (letter === "b") return { kind: "assertion", assertion: parseBoundary(cursor) };
  // The engine's parser takes every other character of ASCII literally, but neither letters nor what lies beyond.
  if (letter > "\x7f" || /[A-Za-z]/.test(letter)) cursor.fail("unrecognized escape sequence", start);
  return { kind: "character", value: letter.codePointAt(0)! };
}

function parseHex(cursor: Cursor, letter: string, start: number): Escape {
  const isBraced = cursor.takeIf("{");
  let digits = "";
  while (isBraced ? !cursor.startsWith("}") : digits.length < HEX_DIGITS[letter]!) {
    if (cursor.isAtEnd) cursor.fail("incomplete escape sequence", start);
    if (!/^[0-9A-Fa-f]$/.test(cursor.char)) cursor.fail("invalid hexadecimal digit");
    digits += cursor.take();
  }
  cursor.takeIf(isBraced ? "}" : "");
  if (digits === "") cursor.fail("hexadecimal literal empty", start);
  const value = Number.parseInt(digits, 16);
  const isScalar = value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
  if (!isScalar) cursor.fail("hexadecimal literal is not a Unicode scalar value", start);
  return { kind: letter === "x" && !isBraced ? "byte" : "character", value };
}

/** A brace behind `\b` opens a name if a letter or a hyphen follows, else a repetition. */
function parseBoundary(cursor: Cursor): Assertion {
  if (!cursor.startsWith("{")) return "boundary";
  const brace = cursor.at;
  cursor.take();
  if (cursor.isAtEnd) cursor.fail("unclosed brace behind a word boundary", brace);
  if (!/^[-A-Za-z]/.test(cursor.char)) {
    cursor.at = brace;
    return "boundary";
  }
  let name = "";
  while (/^[-A-Za-z]$/.test(cursor.char)) name += cursor.take();
  if (!cursor.takeIf("}")) cursor.fail("unclosed special word boundary", brace);
  if (name === "start") return "word-start";
  if (name === "end") return "word-end";
  // `start-half` and `end-half` are known to the engine's parser, but its compiler breaks down over them.
  return cursor.fail("unrecognized special word boundary", brace);
}
