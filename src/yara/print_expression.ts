/**
 * Writes expressions as YARA text that reads as the same tree.
 *
 * @module
 */

import { bytesOf, printFloat, printRegexp, printText } from "./print_literal.ts";
import { operatorPower } from "./parse_value.ts";
import type { Expression, IterableSyntax, Quantifier, RangeSyntax, SetSyntax } from "./syntax.ts";

/**
 * Writes an expression, with brackets where the tree needs them.
 *
 * ```ts
 * import { printExpression } from "./print_expression.ts";
 *
 * const sum = { op: "+", left: { op: "filesize" }, right: { op: "integer", value: 1 } } as const;
 * console.assert(printExpression({ op: "minus", of: sum }) === "-(filesize + 1)");
 * ```
 */
export function printExpression(expression: Expression): string {
  switch (expression.op) {
    case "boolean":
    case "integer":
      return String(expression.value);
    case "float":
      return printFloat(expression.value);
    case "text":
      return printText(bytesOf(expression.value));
    case "regexp":
      return printRegexp(expression.regexp);
    case "filesize":
    case "entrypoint":
      return expression.op;
    case "name":
      return expression.name;
    case "member":
      return `${printExpression(expression.of)}.${expression.name}`;
    case "index":
      return `${printExpression(expression.of)}[${printExpression(expression.index)}]`;
    case "call":
      return `${printExpression(expression.of)}(${printList(expression.args)})`;
    case "pattern":
      return expression.id + printPlace(expression);
    case "count":
      return `#${expression.id.slice(1)}${printPlace(expression)}`;
    case "offset":
    case "length":
      return printIndexed(expression);
    case "not":
    case "defined":
      return `${expression.op} ${printOperand(expression.of)}`;
    case "minus":
      return `-${printTerm(expression.of)}`;
    case "complement":
      return `~${printTerm(expression.of)}`;
    case "and":
    case "or":
      return printChain(expression);
    case "of":
      return `${printQuantifier(expression.quantifier)} of ${printSet(expression.set)}${
        printPlace(expression)
      }`;
    case "for-of":
    case "for-in":
    case "with":
      return printLoop(expression);
    default:
      return printBinary(expression);
  }
}

/** The nodes that can have one of these operators. */
type Operation<Op, Node = Expression> = Node extends { readonly op: infer Own }
  ? [Extract<Own, Op>] extends [never] ? never : Node
  : never;

function printList(items: readonly Expression[]): string {
  return items.map(printExpression).join(", ");
}

function printIndexed({ op, id, index }: Operation<"offset">): string {
  const name = `${op === "offset" ? "@" : "!"}${id.slice(1)}`;
  return index ? `${name}[${printExpression(index)}]` : name;
}

function printPlace({ offset, range }: { offset?: Expression; range?: RangeSyntax }): string {
  if (offset) return ` at ${printExpression(offset)}`;
  return range ? ` in ${printRange(range)}` : "";
}

function printRange({ from, to }: RangeSyntax): string {
  return `(${printExpression(from)}..${printExpression(to)})`;
}

function printChain({ op, operands }: Operation<"and">): string {
  const isTight = op === "and";
  return operands.map((operand) =>
    operand.op === op || (isTight && operand.op === "or")
      ? `(${printExpression(operand)})`
      : printExpression(operand)
  ).join(` ${op} `);
}

/** What stands behind `not`. */
function printOperand(operand: Expression): string {
  return operand.op === "and" || operand.op === "or"
    ? `(${printExpression(operand)})`
    : printExpression(operand);
}

/** What binds tighter than all operators with two sides. */
function printTerm(term: Expression): string {
  return powerOf(term) > 0 ? `(${printExpression(term)})` : printExpression(term);
}

function printBinary(
  expression: Expression & { readonly left: Expression; readonly right: Expression },
): string {
  const { op, left, right } = expression;
  const power = powerOf(expression);
  return `${printSide(left, power)} ${op} ${printSide(right, power + 1)}`;
}

function printSide(side: Expression, power: number): string {
  const own = powerOf(side);
  return own > 0 && own < power ? `(${printExpression(side)})` : printExpression(side);
}

function powerOf(expression: Expression): number {
  return "left" in expression ? operatorPower(expression.op) : 0;
}

function printQuantifier(quantifier: Quantifier): string {
  if (quantifier.kind === "count") return printTerm(quantifier.value);
  return quantifier.kind === "percentage" ? `${printTerm(quantifier.value)}%` : quantifier.kind;
}

/** A list of nothing but patterns would be read as a set of patterns: brackets make the first one a condition. */
function printSet(set: SetSyntax): string {
  if (set.kind === "them") return "them";
  if (set.kind !== "conditions") return `(${set.items.join(", ")})`;
  const [first, ...others] = set.items.map(printExpression);
  const isPattern = set.items[0]?.op === "pattern";
  return `(${[isPattern ? `(${first})` : first, ...others].join(", ")})`;
}

function printLoop(loop: Operation<"for-of" | "for-in" | "with">): string {
  const body = `(${printExpression(loop.body)})`;
  if (loop.op === "with") {
    const declarations = loop.declarations.map(({ name, value }) => `${name} = ${printExpression(value)}`);
    return `with ${declarations.join(", ")} : ${body}`;
  }
  const quantifier = printQuantifier(loop.quantifier);
  if (loop.op === "for-of") return `for ${quantifier} of ${printSet(loop.set)} : ${body}`;
  return `for ${quantifier} ${loop.variables.join(", ")} in ${printIterable(loop.iterable)} : ${body}`;
}

function printIterable(iterable: IterableSyntax): string {
  if (iterable.kind === "range") return printRange(iterable);
  return iterable.kind === "values" ? `(${printList(iterable.items)})` : printExpression(iterable.of);
}
