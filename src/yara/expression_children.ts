/**
 * The parts of an expression that are expressions, for walks over whole conditions.
 *
 * @module
 */

import type { Expression, IterableSyntax, Quantifier, RangeSyntax, SetSyntax } from "./syntax.ts";

/** The expressions directly below one, in the order of the text. Trees are at most `MAX_SYNTAX_DEPTH` deep. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.op) {
    case "and":
    case "or":
      return expression.operands;
    case "member":
    case "not":
    case "defined":
    case "minus":
    case "complement":
      return [expression.of];
    case "index":
      return [expression.of, expression.index];
    case "call":
      return [expression.of, ...expression.args];
    case "pattern":
    case "count":
      return placeOf(expression);
    case "offset":
    case "length":
      return expression.index ? [expression.index] : [];
    case "of":
      return [...quantifierOf(expression.quantifier), ...itemsOf(expression.set), ...placeOf(expression)];
    case "for-of":
      return [...quantifierOf(expression.quantifier), ...itemsOf(expression.set), expression.body];
    case "for-in":
      return [...quantifierOf(expression.quantifier), ...valuesOf(expression.iterable), expression.body];
    case "with":
      return [...expression.declarations.map(({ value }) => value), expression.body];
    default:
      return "left" in expression ? [expression.left, expression.right] : [];
  }
}

function quantifierOf(quantifier: Quantifier): readonly Expression[] {
  return "value" in quantifier ? [quantifier.value] : [];
}

function itemsOf(set: SetSyntax): readonly Expression[] {
  return set.kind === "conditions" ? set.items : [];
}

function placeOf({ offset, range }: { offset?: Expression; range?: RangeSyntax }): readonly Expression[] {
  if (offset) return [offset];
  return range ? [range.from, range.to] : [];
}

function valuesOf(iterable: IterableSyntax): readonly Expression[] {
  if (iterable.kind === "range") return [iterable.from, iterable.to];
  return iterable.kind === "values" ? iterable.items : [iterable.of];
}
