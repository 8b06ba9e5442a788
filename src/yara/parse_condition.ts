/**
 * Reads conditions: `and`, `or`, `not`, comparisons and patterns.
 *
 * YARA-X separates values from conditions by grammar: only values can be compared, and a condition in brackets is none.
 *
 * @module
 */

import { readFor, readOf, readSetBehind, readWith } from "./parse_loop.ts";
import { COMPARISON_POWER, powerOf, readOperators, readPlace, readTerm, VALUE_POWER } from "./parse_value.ts";
import type { Parser } from "./parser.ts";
import type { Expression } from "./syntax.ts";
import {
  ALL,
  AND,
  ANY,
  DEFINED,
  FALSE,
  FOR,
  NONE,
  NOT,
  OF,
  OR,
  PAREN_CLOSE,
  PAREN_OPEN,
  PATTERN,
  PERCENT,
  TRUE,
  WITH,
} from "./token_kind.ts";

/** Reads a condition. */
export function readCondition(parser: Parser): Expression {
  return readChain(parser, OR, "or", readConjunction);
}

function readConjunction(parser: Parser): Expression {
  return readChain(parser, AND, "and", readPart);
}

/** Reads operands that a keyword separates. */
function readChain(
  parser: Parser,
  keyword: number,
  op: "and" | "or",
  readOperand: (parser: Parser) => Expression,
): Expression {
  const first = readOperand(parser);
  if (parser.kind !== keyword) return first;
  const operands = [first];
  let highest = parser.height;
  while (parser.takeIf(keyword)) {
    operands.push(readOperand(parser));
    highest = Math.max(highest, parser.height);
  }
  parser.raise(highest);
  parser.isValue = false;
  return { op, operands };
}

function readPart(parser: Parser): Expression {
  switch (parser.kind) {
    case PATTERN:
      return asCondition(parser, readPattern(parser));
    case ALL:
    case ANY:
    case NONE:
      return asCondition(parser, readOf(parser));
    case TRUE:
    case FALSE: {
      const value = parser.kind === TRUE;
      parser.next();
      parser.height = 0;
      return asCondition(parser, { op: "boolean", value });
    }
    case NOT:
    case DEFINED:
      return asCondition(parser, readNot(parser, parser.kind === NOT ? "not" : "defined"));
    case FOR:
      return asCondition(parser, readFor(parser));
    case WITH:
      return asCondition(parser, readWith(parser));
    case PAREN_OPEN:
      return readBrackets(parser);
    default:
      return readComparison(parser, readTerm(parser));
  }
}

function asCondition(parser: Parser, condition: Expression): Expression {
  parser.isValue = false;
  return condition;
}

function readNot(parser: Parser, op: "not" | "defined"): Expression {
  parser.enter();
  parser.next();
  const of = readPart(parser);
  parser.leave();
  parser.raise(parser.height);
  return { op, of };
}

/** What is in brackets may be a condition, or a value with which a comparison begins. */
function readBrackets(parser: Parser): Expression {
  parser.enter();
  parser.next();
  const inner = readCondition(parser);
  parser.expectBehind(PAREN_CLOSE, ' or ")"');
  parser.leave();
  return parser.isValue ? readComparison(parser, inner) : inner;
}

/** Reads on behind a value: operators, comparisons, or `of` if the value is a quantifier. */
function readComparison(parser: Parser, first: Expression): Expression {
  const isFollowedByPercent = parser.kind === PERCENT;
  if (isFollowedByPercent && isPercentage(parser)) return readPercentageOf(parser, first);
  const value = readOperators(parser, first, VALUE_POWER);
  // `50 % 3 of them` is refused by YARA-X, since `50 %` would be a quantifier.
  if (parser.kind === OF && !isFollowedByPercent) {
    const { height } = parser;
    return asCondition(parser, readSetBehind(parser, { kind: "count", value }, height));
  }
  parser.isValue = powerOf(parser.kind) < COMPARISON_POWER;
  return parser.isValue ? value : asCondition(parser, readOperators(parser, value, COMPARISON_POWER));
}

/** Whether `of` follows the percent sign. */
function isPercentage(parser: Parser): boolean {
  const { start } = parser;
  parser.next();
  const isOf = parser.kind === OF;
  parser.readAt(start);
  return isOf;
}

function readPercentageOf(parser: Parser, value: Expression): Expression {
  const { height } = parser;
  parser.next();
  return asCondition(parser, readSetBehind(parser, { kind: "percentage", value }, height));
}

function readPattern(parser: Parser): Expression {
  const at = parser.start;
  const id = parser.text();
  parser.next();
  parser.height = 0;
  return { op: "pattern", id, ...readPlace(parser), at };
}
