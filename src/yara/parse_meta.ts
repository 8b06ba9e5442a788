/**
 * Reads the metadata of a rule.
 *
 * @module
 */

import { readFloat, readInteger, readTextBytes } from "./parse_literal.ts";
import type { Parser } from "./parser.ts";
import type { MetaEntry, MetaValue } from "./syntax.ts";
import { EQUALS, FALSE, FLOAT, INTEGER, MINUS, TEXT, TRUE, WORD } from "./token_kind.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads entries up to what is none; there must be one. */
export function readMeta(parser: Parser): MetaEntry[] {
  if (parser.kind !== WORD) parser.refuse("the name of an entry");
  const entries: MetaEntry[] = [];
  while (parser.kind === WORD) {
    const name = parser.text();
    parser.next();
    parser.expect(EQUALS, '"="');
    const { start } = parser;
    const value = readMetaValue(parser);
    entries.push({ name, value, start, end: parser.previousEnd });
  }
  return entries;
}

function readMetaValue(parser: Parser): MetaValue {
  switch (parser.kind) {
    case TEXT:
      return readMetaText(parser);
    case TRUE:
    case FALSE: {
      const value = parser.kind === TRUE;
      parser.next();
      return value;
    }
    default: {
      const isNegative = parser.takeIf(MINUS);
      const value = readNumber(parser, isNegative);
      if (!isNegative) return value;
      return typeof value === "string" ? `-${value}` : -value;
    }
  }
}

function readNumber(parser: Parser, isNegative: boolean): number | string {
  if (parser.kind === INTEGER) return readInteger(parser);
  if (parser.kind === FLOAT) return readFloat(parser);
  parser.refuse(isNegative ? "a number" : "a text, a number, true or false");
}

function readMetaText(parser: Parser): string | Uint8Array {
  const { source, start, end, hasEscape } = parser;
  if (hasEscape || source.startsWith('"""', start)) return textOrBytes(readTextBytes(parser));
  parser.next();
  return source.slice(start + 1, end - 1);
}

/** Bytes as text where they are valid UTF-8, else as they are. */
function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return bytes;
  }
}
