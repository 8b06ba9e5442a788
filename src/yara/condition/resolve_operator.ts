/**
 * Resolves operators: arithmetic, comparisons, and those on texts.
 *
 * @module
 */

import type { BinaryOperator, Expression } from "../syntax.ts";
import { combineIntegers, complementInteger, minusInteger } from "./integer_arithmetic.ts";
import type { ResolverContext } from "./resolver_context.ts";
import type { Comparison, FloatNode, IntegerNode } from "./tree.ts";
import {
  isScalar,
  type Typed,
  typedBoolean,
  typedConstant,
  typedFloat,
  typedInteger,
  typeName,
  UNKNOWN,
} from "./typed.ts";

type Unary = Extract<Expression, { op: "not" | "defined" | "minus" | "complement" }>;
type Binary = Extract<Expression, { left: Expression }>;
type Scalar = Extract<Typed, { t: "b" | "i" | "f" | "s" }>;

/** `not`, `defined`, `-` and `~`. */
export function resolveUnary(resolver: ResolverContext, expression: Unary): Typed {
  if (expression.op === "not" || expression.op === "defined") {
    return typedBoolean({ op: expression.op, of: resolver.resolveScalarCondition(expression.of) });
  }
  const operand = resolver.resolve(expression.of);
  if (operand.t === "unknown") return UNKNOWN;
  if (operand.t === "i") {
    if (operand.constant !== undefined) {
      const value = expression.op === "minus"
        ? minusInteger(operand.constant)
        : complementInteger(operand.constant);
      return typedConstant(value as number | bigint);
    }
    return typedInteger({ op: expression.op, of: operand.of });
  }
  if (operand.t !== "f" || expression.op === "complement") {
    const wanted = expression.op === "minus" ? "an integer or a float" : "an integer";
    resolver.reject(`this is ${typeName(operand)}, should be ${wanted}`);
  }
  return typedFloat({ op: "minus", of: operand.of });
}

/** Operators with two sides. */
export function resolveOperator(resolver: ResolverContext, expression: Binary): Typed {
  const left = resolver.resolve(expression.left);
  const right = resolver.resolve(expression.right);
  if (left.t === "unknown" || right.t === "unknown") return UNKNOWN;
  switch (expression.op) {
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return resolveComparison(resolver, expression.op, left, right);
    case "+":
    case "-":
    case "*":
    case "\\":
      return resolveArithmetic(resolver, expression, left, right);
    case "%":
    case "&":
    case "|":
    case "^":
    case "<<":
    case ">>":
      return resolveIntegerOperator(resolver, expression.op, left, right);
    case "matches":
      return resolveMatches(resolver, left, right);
    default: {
      if (left.t === "s" && right.t === "s") {
        return typedBoolean({ op: expression.op, l: left.of, r: right.of });
      }
      resolver.reject(`this is ${typeName(left.t === "s" ? right : left)}, should be a text`);
    }
  }
}

function resolveMatches(resolver: ResolverContext, left: Typed, right: Typed): Typed {
  if (left.t !== "s") resolver.reject(`this is ${typeName(left)}, should be a text`);
  if (right.t !== "regexp") resolver.reject(`this is ${typeName(right)}, should be a regular expression`);
  if (!resolver.regexps.canMatch?.(right.regexp)) {
    resolver.uncomputed.add("a regular expression in the condition");
  }
  return typedBoolean({ op: "matches", l: left.of, regexp: right.regexp });
}

function resolveIntegerOperator(
  resolver: ResolverContext,
  op: Extract<BinaryOperator, "%" | "&" | "|" | "^" | "<<" | ">>">,
  left: Typed,
  right: Typed,
): Typed {
  if (left.t !== "i" || right.t !== "i") {
    resolver.reject(`this is ${typeName(left.t === "i" ? right : left)}, should be an integer`);
  }
  if ((op === "<<" || op === ">>") && right.constant !== undefined && right.constant < 0) {
    resolver.reject(`the shift by ${right.constant} is negative`);
  }
  // The compiler knows the results of these, but not those of "\\" and "%".
  if (op !== "%" && left.constant !== undefined && right.constant !== undefined) {
    return typedConstant(combineIntegers(op, left.constant, right.constant) as number | bigint);
  }
  return typedInteger({ op, l: left.of, r: right.of });
}

function resolveArithmetic(resolver: ResolverContext, expression: Binary, left: Typed, right: Typed): Typed {
  const op = expression.op as "+" | "-" | "*" | "\\";
  for (const side of [left, right]) {
    if (side.t !== "i" && side.t !== "f") {
      resolver.reject(`this is ${typeName(side)}, should be an integer or a float`);
    }
  }
  if (left.t === "i" && right.t === "i") {
    return foldIntegers(resolver, op, left, right) ?? typedInteger({ op, l: left.of, r: right.of });
  }
  // YARA-X makes floats of all operands of a chain first, and the tree no longer distinguishes brackets from chains.
  if (op !== "\\" && left.t === "i" && expression.left.op === op) {
    return resolver.giveUp("a chain of integers that ends in a float");
  }
  return typedFloat({ op, l: asFloat(left), r: asFloat(right) });
}

/** YARA-X computes constants in floats while it compiles, and refuses results beyond 64 bits. */
function foldIntegers(
  resolver: ResolverContext,
  op: "+" | "-" | "*" | "\\",
  left: Scalar,
  right: Scalar,
): Typed | undefined {
  if (op === "\\" || left.constant === undefined || right.constant === undefined) return undefined;
  const [l, r] = [Number(left.constant), Number(right.constant)];
  const folded = op === "+" ? l + r : op === "-" ? l - r : l * r;
  if (![l, r, folded].every(Number.isSafeInteger)) {
    return resolver.giveUp("a calculation with constants beyond 53 bits");
  }
  return typedConstant(folded + 0);
}

function asFloat(typed: Typed): FloatNode {
  return typed.t === "f" ? typed.of : { op: "from-integer", of: (typed as { of: IntegerNode }).of };
}

function resolveComparison(resolver: ResolverContext, how: Comparison, left: Typed, right: Typed): Typed {
  for (const side of [left, right]) {
    if (!isScalar(side) || (how !== "==" && side.t === "b")) {
      resolver.reject(`this is ${typeName(side)}, which "${how}" can't compare`);
    }
  }
  if (left.t === "s" && right.t === "s") {
    return typedBoolean({ op: "compare-s", how, l: left.of, r: right.of });
  }
  if (left.t === "b" && right.t === "b") return typedBoolean({ op: "compare-b", l: left.of, r: right.of });
  const isInteger = [left.t, right.t].every((t) => t === "i" || t === "b");
  if (isInteger) return typedBoolean({ op: "compare-i", how, l: asInteger(left), r: asInteger(right) });
  if ([left.t, right.t].every((t) => t === "i" || t === "f")) {
    return typedBoolean({ op: "compare-f", how, l: asFloat(left), r: asFloat(right) });
  }
  resolver.reject(`${typeName(left)} can't be compared with ${typeName(right)}`);
}

function asInteger(typed: Typed): IntegerNode {
  return typed.t === "b" ? { op: "from-boolean", of: typed.of } : (typed as { of: IntegerNode }).of;
}
