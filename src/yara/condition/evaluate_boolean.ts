/**
 * Values of conditions.
 *
 * @module
 */

import type { Evaluation } from "./evaluation.ts";
import { evaluateFloat } from "./evaluate_float.ts";
import { evaluateInteger } from "./evaluate_integer.ts";
import {
  evaluateForModule,
  evaluateForOf,
  evaluateForRange,
  evaluateForValues,
  evaluateOfConditions,
  evaluateWith,
} from "./evaluate_loop.ts";
import { evaluateMath } from "./evaluate_math.ts";
import { evaluateModule } from "./evaluate_module.ts";
import { evaluateOf, evaluatePattern } from "./evaluate_pattern.ts";
import { evaluateText } from "./evaluate_text.ts";
import { compareFloats, truthOfFloat } from "./float.ts";
import { compareIntegers, truthOfInteger } from "./integer.ts";
import type { ModuleValue } from "./module_value.ts";
import {
  ANYTHING,
  definedness,
  EITHER,
  FALSE,
  negated,
  only,
  type Possible,
  settled,
  TRUE,
  UNDEFINED,
} from "./possible.ts";
import { applyTextOperator, compareTexts, type TextValue, truthOfText } from "./text_value.ts";
import type { BooleanNode, TextNode, ValueNode } from "./tree.ts";

/** What a condition may be. */
export function evaluateBoolean(node: BooleanNode, on: Evaluation): Possible {
  switch (node.op) {
    case "true":
      return TRUE;
    case "false":
      return FALSE;
    case "and":
      return evaluateAnd(node.of, on);
    case "or":
      return evaluateOr(node.of, on);
    case "not":
      return negated(evaluateBoolean(node.of, on));
    case "defined":
      return definedness(evaluateBoolean(node.of, on));
    case "pattern":
      return evaluatePattern(node, on);
    case "of":
      return evaluateOf(node, on);
    case "compare-i":
      return compareIntegers(node.how, evaluateInteger(node.l, on), evaluateInteger(node.r, on));
    case "compare-f":
      return compareFloats(node.how, evaluateFloat(node.l, on), evaluateFloat(node.r, on));
    case "compare-s":
      return withTexts(node, on, (left, right) => compareTexts(node.how, left, right));
    case "compare-b":
      return equality(evaluateBoolean(node.l, on), evaluateBoolean(node.r, on));
    case "truth":
      return truthOf(node.value, on);
    case "rule":
      return settled(on.facts.rule(node.rule));
    case "matches":
      return evaluateMatches(node, on);
    case "for-of":
      return evaluateForOf(node, on);
    case "for-range":
      return evaluateForRange(node, on);
    case "for-values":
      return evaluateForValues(node, on);
    case "for-module":
      return evaluateForModule(node, on);
    case "of-conditions":
      return evaluateOfConditions(node, on);
    case "with":
      return evaluateWith(node, on);
    case "external":
      return evaluateExternal(node.name, on);
    case "variable":
      return on.slots[node.slot] as Possible;
    case "math":
      return evaluateMath(node, on) as Possible;
    case "module":
      return possibleOf(evaluateModule(node, on));
    default:
      return withTexts(node, on, (left, right) => applyTextOperator(node.op, left, right));
  }
}

/** What two texts give; a payload's name may be as long as a payload. */
function withTexts(
  { l, r }: { readonly l: TextNode; readonly r: TextNode },
  on: Evaluation,
  compute: (left: TextValue, right: TextValue) => Possible,
): Possible {
  const left = evaluateText(l, on);
  const right = evaluateText(r, on);
  return on.spendOnTexts(left, right) ? compute(left, right) : ANYTHING;
}

function evaluateAnd(operands: readonly BooleanNode[], on: Evaluation): Possible {
  let result = TRUE;
  for (const operand of operands) {
    const value = evaluateBoolean(operand, on);
    if (!(value & TRUE)) return FALSE;
    if (value !== TRUE) result = EITHER;
  }
  return result;
}

function evaluateOr(operands: readonly BooleanNode[], on: Evaluation): Possible {
  let result = FALSE;
  for (const operand of operands) {
    const value = evaluateBoolean(operand, on);
    if (value === TRUE) return TRUE;
    if (value & TRUE) result = EITHER;
  }
  return result;
}

/** Equality of two booleans. */
function equality(left: Possible, right: Possible): Possible {
  const undefinedBit = (left | right) & UNDEFINED;
  const l = left & EITHER;
  const r = right & EITHER;
  if (l === 0 || r === 0) return UNDEFINED;
  return undefinedBit | (l === EITHER || r === EITHER ? EITHER : only(l === r));
}

/** A value of any type as a condition. */
export function truthOf(value: ValueNode, on: Evaluation): Possible {
  switch (value.t) {
    case "b":
      return evaluateBoolean(value.of, on);
    case "i":
      return truthOfInteger(evaluateInteger(value.of, on));
    case "f":
      return truthOfFloat(evaluateFloat(value.of, on));
    case "s":
      return truthOfText(evaluateText(value.of, on));
  }
}

function evaluateMatches(node: Extract<BooleanNode, { op: "matches" }>, on: Evaluation): Possible {
  const text = evaluateText(node.l, on);
  if (typeof text !== "string") return compareTexts("==", text, "");
  if (!on.spend(text.length)) return EITHER;
  const isMatch = on.facts.regexpMatches?.(node.regexp, text);
  return isMatch === undefined ? EITHER : only(isMatch);
}

function evaluateExternal(name: string, on: Evaluation): Possible {
  const value = on.external(name);
  return typeof value === "boolean" ? only(value) : EITHER;
}

/** Zero is what some functions give where the module has nothing to say. */
function possibleOf(value: ModuleValue): Possible {
  if (value === null) return UNDEFINED;
  return typeof value === "boolean" ? only(value) : value === 0 ? FALSE : ANYTHING;
}
