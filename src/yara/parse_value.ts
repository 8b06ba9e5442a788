/**
 * Reads values: numbers, texts, names with their members, and what operators make of them.
 *
 * @module
 */

import { readByteText, readFloat, readInteger, readRegexp } from "./parse_literal.ts";
import type { Parser } from "./parser.ts";
import type { BinaryOperator, Expression, RangeSyntax } from "./syntax.ts";
import {
  AMPERSAND,
  AT,
  AT_LEAST,
  AT_MOST,
  BACKSLASH,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  CARET,
  COMMA,
  CONTAINS,
  COUNT,
  DOT,
  ENDSWITH,
  ENTRYPOINT,
  FILESIZE,
  FLOAT,
  GREATER,
  ICONTAINS,
  IENDSWITH,
  IEQUALS,
  IN,
  INTEGER,
  IS_EQUAL,
  IS_UNEQUAL,
  ISTARTSWITH,
  LENGTH,
  LESS,
  MATCHES,
  MINUS,
  OFFSET,
  PAREN_CLOSE,
  PAREN_OPEN,
  PERCENT,
  PIPE,
  PLUS,
  REGEXP,
  SHIFT_LEFT,
  SHIFT_RIGHT,
  STAR,
  STARTSWITH,
  TEXT,
  TILDE,
  WORD,
} from "./token_kind.ts";

/** How tight each operator binds, by its kind; zero: it is none. */
const POWERS = new Uint8Array(256);
/** The name of each operator, by its kind. */
const OPERATORS: BinaryOperator[] = [];

const LEVELS: readonly (readonly (readonly [number, BinaryOperator])[])[] = [
  [
    [IS_EQUAL, "=="],
    [IS_UNEQUAL, "!="],
    [CONTAINS, "contains"],
    [ICONTAINS, "icontains"],
    [STARTSWITH, "startswith"],
    [ISTARTSWITH, "istartswith"],
    [ENDSWITH, "endswith"],
    [IENDSWITH, "iendswith"],
    [IEQUALS, "iequals"],
    [MATCHES, "matches"],
  ],
  [[LESS, "<"], [AT_MOST, "<="], [GREATER, ">"], [AT_LEAST, ">="]],
  [[PIPE, "|"]],
  [[CARET, "^"]],
  [[AMPERSAND, "&"]],
  [[SHIFT_LEFT, "<<"], [SHIFT_RIGHT, ">>"]],
  [[PLUS, "+"], [MINUS, "-"]],
  [[STAR, "*"], [BACKSLASH, "\\"], [PERCENT, "%"]],
];
LEVELS.forEach((level, index) => {
  for (const [kind, operator] of level) {
    POWERS[kind] = index + 1;
    OPERATORS[kind] = operator;
  }
});

/** The power of `==` and its like, the loosest. */
export const COMPARISON_POWER = 1;
/** The power of `|`, the loosest operator that makes values of values. */
export const VALUE_POWER = 3;

/** How tight the operator of a kind binds; zero: it is none. */
export function powerOf(kind: number): number {
  return POWERS[kind]!;
}

/** Reads a value such as `a + 1`. */
export function readValue(parser: Parser): Expression {
  return readOperators(parser, readTerm(parser), VALUE_POWER);
}

/** Reads on behind a value: all operators that bind at least as tight as `power`, and what is on their right. */
export function readOperators(parser: Parser, first: Expression, power: number): Expression {
  let left = first;
  let leftHeight = parser.height;
  for (let own = POWERS[parser.kind]!; own >= power && own > 0; own = POWERS[parser.kind]!) {
    const op = OPERATORS[parser.kind]!;
    parser.next();
    if (op === "*" && (parser.is(PAREN_CLOSE) || parser.is(COMMA))) refuseRuleSet(parser);
    const right = readOperators(parser, readTerm(parser), own + 1);
    left = { op, left, right };
    parser.raise(Math.max(leftHeight, parser.height));
    leftHeight = parser.height;
  }
  parser.height = leftHeight;
  return left;
}

function refuseRuleSet(parser: Parser): never {
  parser.fail('a set of rules with "*" is known to YARA 4 alone: name each rule, or choose engine = libyara');
}

/** Reads a value without operators between values. */
export function readTerm(parser: Parser): Expression {
  parser.height = 0;
  switch (parser.kind) {
    case INTEGER:
      return { op: "integer", value: readInteger(parser) };
    case WORD:
      return readMembers(parser);
    case COUNT:
      return readCount(parser);
    case OFFSET:
    case LENGTH:
      return readIndexed(parser, parser.kind === OFFSET ? "offset" : "length");
    case PAREN_OPEN:
      return readGroup(parser);
    case MINUS:
    case TILDE:
      return readUnary(parser, parser.kind === MINUS ? "minus" : "complement");
    default:
      return readLiteral(parser);
  }
}

function readLiteral(parser: Parser): Expression {
  switch (parser.kind) {
    case FILESIZE:
      parser.next();
      return { op: "filesize" };
    case ENTRYPOINT:
      parser.next();
      return { op: "entrypoint" };
    case TEXT:
      return { op: "text", value: readByteText(parser) };
    case FLOAT:
      return { op: "float", value: readFloat(parser) };
    case REGEXP:
      return { op: "regexp", regexp: readRegexp(parser) };
    default:
      parser.refuse("an expression");
  }
}

function readUnary(parser: Parser, op: "minus" | "complement"): Expression {
  parser.enter();
  parser.next();
  const of = readTerm(parser);
  parser.leave();
  parser.raise(parser.height);
  return { op, of };
}

function readGroup(parser: Parser): Expression {
  parser.enter();
  parser.next();
  const value = readValue(parser);
  parser.expect(PAREN_CLOSE, 'an operator or ")"');
  parser.leave();
  return value;
}

/** `a`, `a.b`, `a[0].b`, `a.b(c).d`. */
function readMembers(parser: Parser): Expression {
  const at = parser.start;
  let value = readSuffix(parser, { op: "name", name: readWord(parser), at });
  while (parser.kind === DOT && !isRange(parser)) {
    parser.next();
    if (!parser.is(WORD)) parser.refuse("the name of a member");
    const place = parser.start;
    parser.raise(parser.height);
    value = readSuffix(parser, { op: "member", of: value, name: readWord(parser), at: place });
  }
  return value;
}

/** Whether the dot is the first of two. */
function isRange(parser: Parser): boolean {
  const { start } = parser;
  parser.next();
  const hasSecond = parser.is(DOT);
  parser.readAt(start);
  return hasSecond;
}

function readWord(parser: Parser): string {
  const word = parser.text();
  parser.next();
  return word;
}

/** A name has one index or one list of arguments at most. */
function readSuffix(parser: Parser, of: Expression): Expression {
  const height = parser.height;
  if (parser.kind === BRACKET_OPEN) {
    const index = readIndex(parser);
    parser.raise(Math.max(height, parser.height));
    return { op: "index", of, index };
  }
  if (parser.kind !== PAREN_OPEN) return of;
  const args = readArguments(parser, height);
  return { op: "call", of, args };
}

function readArguments(parser: Parser, height: number): Expression[] {
  const args: Expression[] = [];
  let highest = height;
  parser.enter();
  parser.next();
  if (parser.kind !== PAREN_CLOSE) {
    do {
      args.push(parser.readCondition());
      highest = Math.max(highest, parser.height);
    } while (parser.takeIf(COMMA));
  }
  parser.expectBehind(PAREN_CLOSE, ', "," or ")"');
  parser.leave();
  parser.raise(highest);
  return args;
}

function readIndex(parser: Parser): Expression {
  parser.enter();
  parser.next();
  const index = readValue(parser);
  parser.expect(BRACKET_CLOSE, 'an operator or "]"');
  parser.leave();
  return index;
}

function readCount(parser: Parser): Expression {
  const at = parser.start;
  const id = `$${parser.text().slice(1)}`;
  parser.next();
  if (!parser.takeIf(IN)) return { op: "count", id, at };
  const range = readRange(parser);
  parser.raise(parser.height);
  return { op: "count", id, range, at };
}

function readIndexed(parser: Parser, op: "offset" | "length"): Expression {
  const at = parser.start;
  const id = `$${parser.text().slice(1)}`;
  parser.next();
  if (parser.kind !== BRACKET_OPEN) return { op, id, at };
  const index = readIndex(parser);
  parser.raise(parser.height);
  return { op, id, index, at };
}

/** Reads `(from..to)`. */
export function readRange(parser: Parser): RangeSyntax {
  parser.enter();
  parser.expect(PAREN_OPEN, 'a range "(from..to)"');
  const range = readRangeRest(parser, readValue(parser));
  parser.leave();
  return range;
}

/** Reads on where the first dot should be. */
export function readRangeRest(parser: Parser, from: Expression): RangeSyntax {
  const height = parser.height;
  parser.expect(DOT, 'an operator or ".."');
  parser.expect(DOT, '".."');
  const to = readValue(parser);
  parser.expect(PAREN_CLOSE, 'an operator or ")"');
  parser.height = Math.max(height, parser.height);
  return { kind: "range", from, to };
}

/** Reads `at 0`, `in (0..10)`, or nothing. */
export function readPlace(
  parser: Parser,
): { readonly offset?: Expression; readonly range?: RangeSyntax } | undefined {
  const { height } = parser;
  const hasOffset = parser.kind === AT;
  if (!hasOffset && parser.kind !== IN) return undefined;
  parser.next();
  if (hasOffset) parser.offsets++;
  const place = hasOffset ? { offset: readValue(parser) } : { range: readRange(parser) };
  parser.raise(Math.max(height, parser.height));
  return place;
}
