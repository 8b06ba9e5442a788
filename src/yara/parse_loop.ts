/**
 * Reads `of`, `for` and `with`.
 *
 * @module
 */

import { readOperators, readPlace, readRangeRest, readTerm, readValue, VALUE_POWER } from "./parse_value.ts";
import type { Parser } from "./parser.ts";
import type { Expression, IterableSyntax, Quantifier, SetSyntax } from "./syntax.ts";
import {
  ALL,
  ANY,
  AT,
  COLON,
  COMMA,
  DOT,
  EQUALS,
  IN,
  NONE,
  OF,
  PAREN_CLOSE,
  PAREN_OPEN,
  PATTERN,
  PERCENT,
  STAR,
  THEM,
  WORD,
} from "./token_kind.ts";

/** Reads `all of …`, `any of …` or `none of …`. */
export function readOf(parser: Parser): Expression {
  const quantifier = readWordQuantifier(parser)!;
  if (parser.kind !== OF) parser.refuse('"of"');
  return readSetBehind(parser, quantifier, 0);
}

/** Reads on at `of`; `height` is that of the quantifier. */
export function readSetBehind(parser: Parser, quantifier: Quantifier, height: number): Expression {
  const at = parser.start;
  parser.next();
  parser.height = 0;
  const set = readPatternSet(parser) ?? readConditions(parser);
  parser.height = Math.max(height, parser.height);
  if (set.kind === "conditions") {
    if (parser.kind === AT || parser.kind === IN) {
      parser.refuse('"and", "or" or the end: conditions have no offsets');
    }
    parser.raise(parser.height);
    return { op: "of", quantifier, set, at };
  }
  const place = readPlace(parser);
  parser.raise(parser.height);
  return { op: "of", quantifier, set, ...place, at };
}

function readWordQuantifier(parser: Parser): Quantifier | undefined {
  const { kind } = parser;
  if (kind !== ALL && kind !== ANY && kind !== NONE) return undefined;
  parser.next();
  return { kind: kind === ALL ? "all" : kind === ANY ? "any" : "none" };
}

/** `them` or a list of patterns; with anything else in the list nothing is read. */
function readPatternSet(parser: Parser): SetSyntax | undefined {
  if (parser.takeIf(THEM)) return { kind: "them" };
  if (parser.kind !== PAREN_OPEN) parser.refuse('"them" or "("');
  const { start } = parser;
  const items: string[] = [];
  do {
    parser.next();
    if (!parser.is(PATTERN)) return goBack(parser, start);
    const item = parser.text();
    parser.next();
    items.push(parser.takeIf(STAR) ? `${item}*` : item);
  } while (parser.is(COMMA));
  return parser.takeIf(PAREN_CLOSE) ? { kind: "patterns", items } : goBack(parser, start);
}

function goBack(parser: Parser, start: number): undefined {
  parser.readAt(start);
}

function readConditions(parser: Parser): SetSyntax {
  const items: Expression[] = [];
  let highest = 0;
  parser.enter();
  do {
    parser.next();
    items.push(parser.readCondition());
    highest = Math.max(highest, parser.height);
  } while (parser.is(COMMA));
  parser.expectBehind(PAREN_CLOSE, ', "," or ")"');
  parser.leave();
  parser.height = highest;
  return { kind: "conditions", items };
}

/** Reads a loop over patterns or values. */
export function readFor(parser: Parser): Expression {
  const at = parser.start;
  parser.next();
  parser.height = 0;
  const quantifier = readWordQuantifier(parser) ?? readNumberQuantifier(parser);
  const height = parser.height;
  if (parser.takeIf(OF)) {
    const set = readPatternSet(parser) ?? refuseConditions(parser);
    return { op: "for-of", quantifier, set, body: readBody(parser, height), at };
  }
  const variables = readVariables(parser);
  const iterable = readIterable(parser);
  const body = readBody(parser, Math.max(height, parser.height));
  return { op: "for-in", quantifier, variables, iterable, body, at };
}

function refuseConditions(parser: Parser): never {
  parser.next();
  while (parser.kind === PATTERN || parser.kind === COMMA || parser.kind === STAR) parser.next();
  parser.refuse('a pattern, "," or ")"');
}

function readNumberQuantifier(parser: Parser): Quantifier {
  const term = readTerm(parser);
  if (parser.takeIf(PERCENT)) return { kind: "percentage", value: term };
  return { kind: "count", value: readOperators(parser, term, VALUE_POWER) };
}

function readVariables(parser: Parser): string[] {
  const variables: string[] = [];
  do {
    if (parser.kind !== WORD) parser.refuse(variables.length === 0 ? '"of" or a variable' : "a variable");
    variables.push(parser.text());
    parser.next();
  } while (parser.takeIf(COMMA));
  parser.expect(IN, '"," or "in"');
  return variables;
}

/** Brackets hold a range or values, and nothing follows them. */
function readIterable(parser: Parser): IterableSyntax {
  if (parser.kind !== PAREN_OPEN) return { kind: "expression", of: readValue(parser) };
  parser.enter();
  parser.next();
  const first = readValue(parser);
  const iterable = parser.is(DOT) ? readRangeRest(parser, first) : readValues(parser, first);
  parser.leave();
  return iterable;
}

function readValues(parser: Parser, first: Expression): IterableSyntax {
  const items = [first];
  let highest = parser.height;
  while (parser.takeIf(COMMA)) {
    items.push(readValue(parser));
    highest = Math.max(highest, parser.height);
  }
  parser.expect(PAREN_CLOSE, 'an operator, "..", "," or ")"');
  parser.height = highest;
  return { kind: "values", items };
}

/** Reads `: ( … )`; `height` is that of the expressions before it. */
function readBody(parser: Parser, height: number): Expression {
  parser.expect(COLON, '":"');
  parser.enter();
  parser.expect(PAREN_OPEN, '"("');
  const body = parser.readCondition();
  parser.expectBehind(PAREN_CLOSE, ' or ")"');
  parser.leave();
  parser.raise(Math.max(height, parser.height));
  return body;
}

/** Reads `with a = 1, b = 2 : ( … )`. */
export function readWith(parser: Parser): Expression {
  const at = parser.start;
  const declarations: { name: string; value: Expression }[] = [];
  let highest = 0;
  do {
    parser.next();
    if (parser.kind !== WORD) parser.refuse("a name");
    const name = parser.text();
    parser.next();
    parser.expect(EQUALS, '"="');
    declarations.push({ name, value: readValue(parser) });
    highest = Math.max(highest, parser.height);
  } while (parser.is(COMMA));
  return { op: "with", declarations, body: readBody(parser, highest), at };
}
