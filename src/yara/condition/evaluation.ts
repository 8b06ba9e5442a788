/**
 * Values of conditions, integers, floats and texts.
 *
 * @module
 */

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
import {
  evaluateCount,
  evaluateLength,
  evaluateOf,
  evaluateOffset,
  evaluatePattern,
} from "./evaluate_pattern.ts";
import { readFloat, readInteger } from "./evaluate_read.ts";
import { EvaluationContext } from "./evaluation_context.ts";
import {
  combineFloats,
  compareFloats,
  floatOf,
  type FloatValue,
  minusFloat,
  UNKNOWN_FLOAT,
} from "./float.ts";
import {
  compareIntegers,
  integerOfBoolean,
  type IntegerValue,
  Interval,
  isKnown,
  MANY,
  SOME_INTEGER,
  UNKNOWN_INTEGER,
  wrapped,
} from "./integer.ts";
import { combineIntegers, complementInteger, minusInteger } from "./integer_arithmetic.ts";
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
import { applyTextOperator, compareTexts, SOME_TEXT, type TextValue, UNKNOWN_TEXT } from "./text_value.ts";
import type { BooleanNode, FloatNode, IntegerNode, TextNode } from "./tree.ts";

/** Smallest cost of a digest; the function that computes it counts the bytes. */
const STEPS_OF_DIGEST = 50;

/** The evaluation of conditions over one content. */
export class Evaluation extends EvaluationContext {
  override boolean(node: BooleanNode): Possible {
    switch (node.op) {
      case "true":
        return TRUE;
      case "false":
        return FALSE;
      case "and":
        return evaluateAnd(node.of, this);
      case "or":
        return evaluateOr(node.of, this);
      case "not":
        return negated(this.boolean(node.of));
      case "defined":
        return definedness(this.boolean(node.of));
      case "pattern":
        return evaluatePattern(node, this);
      case "of":
        return evaluateOf(node, this);
      case "compare-i":
        return compareIntegers(node.how, this.integer(node.l), this.integer(node.r));
      case "compare-f":
        return compareFloats(node.how, this.float(node.l), this.float(node.r));
      case "compare-s":
        return withTexts(node, this, (left, right) => compareTexts(node.how, left, right));
      case "compare-b":
        return equality(this.boolean(node.l), this.boolean(node.r));
      case "truth":
        return this.truth(node.value);
      case "rule":
        return settled(this.facts.rule(node.rule));
      case "matches":
        return evaluateMatches(node, this);
      case "for-of":
        return evaluateForOf(node, this);
      case "for-range":
        return evaluateForRange(node, this);
      case "for-values":
        return evaluateForValues(node, this);
      case "for-module":
        return evaluateForModule(node, this);
      case "of-conditions":
        return evaluateOfConditions(node, this);
      case "with":
        return evaluateWith(node, this);
      case "external":
        return evaluateExternal(node.name, this);
      case "variable":
        return this.slots[node.slot] as Possible;
      case "math":
        return evaluateMath(node, this) as Possible;
      case "module":
        return possibleOf(evaluateModule(node, this));
      default:
        return withTexts(node, this, (left, right) => applyTextOperator(node.op, left, right));
    }
  }

  override integer(node: IntegerNode): IntegerValue {
    switch (node.op) {
      case "integer":
        return typeof node.v === "number" ? node.v : BigInt(node.v);
      case "filesize":
        return this.facts.content ? this.facts.content.length : new Interval(0n, MANY, false);
      case "read":
        return readInteger(node.name, this.integer(node.at), this.facts.content);
      case "count":
        return evaluateCount(node, this);
      case "offset":
        return evaluateOffset(node, this);
      case "length":
        return evaluateLength(node, this);
      case "minus":
        return minusInteger(this.integer(node.of));
      case "complement":
        return complementInteger(this.integer(node.of));
      case "from-boolean":
        return integerOfBoolean(this.boolean(node.of));
      case "text-length":
        return lengthOf(this.text(node.of));
      case "external":
        return externalInteger(node.name, this);
      case "variable":
        return this.slots[node.slot] as IntegerValue;
      case "math":
        return evaluateMath(node, this) as IntegerValue;
      case "module":
        return integerOf(evaluateModule(node, this));
      default:
        return combineIntegers(node.op, this.integer(node.l), this.integer(node.r));
    }
  }

  override float(node: FloatNode): FloatValue {
    switch (node.op) {
      case "float":
        return node.v;
      case "from-integer":
        return floatOf(this.integer(node.of));
      case "read":
        return readFloat(node.name, this.integer(node.at), this.facts.content);
      case "minus":
        return minusFloat(this.float(node.of));
      case "external": {
        const value = this.external(node.name);
        return typeof value === "number" ? value : UNKNOWN_FLOAT;
      }
      case "variable":
        return this.slots[node.slot] as FloatValue;
      case "math":
        return evaluateMath(node, this) as FloatValue;
      case "module":
        return moduleFloat(evaluateModule(node, this));
      default:
        return combineFloats(node.op, this.float(node.l), this.float(node.r));
    }
  }

  override text(node: TextNode): TextValue {
    switch (node.op) {
      case "text":
        return node.v;
      case "external":
        return this.externalText(node.name);
      case "variable":
        return this.slots[node.slot] as TextValue;
      case "digest":
        return evaluateDigest(node, this);
      case "module":
        return textOf(evaluateModule(node, this));
    }
  }
}

/** Evaluates an operator on two texts. A payload's name may be as long as a payload. */
function withTexts(
  { l, r }: { readonly l: TextNode; readonly r: TextNode },
  on: EvaluationContext,
  compute: (left: TextValue, right: TextValue) => Possible,
): Possible {
  const left = on.text(l);
  const right = on.text(r);
  return on.spendOnTexts(left, right) ? compute(left, right) : ANYTHING;
}

function evaluateAnd(operands: readonly BooleanNode[], on: EvaluationContext): Possible {
  let result = TRUE;
  for (const operand of operands) {
    const value = on.boolean(operand);
    if (!(value & TRUE)) return FALSE;
    if (value !== TRUE) result = EITHER;
  }
  return result;
}

function evaluateOr(operands: readonly BooleanNode[], on: EvaluationContext): Possible {
  let result = FALSE;
  for (const operand of operands) {
    const value = on.boolean(operand);
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

function evaluateMatches(node: Extract<BooleanNode, { op: "matches" }>, on: EvaluationContext): Possible {
  const text = on.text(node.l);
  if (typeof text !== "string") return compareTexts("==", text, "");
  if (!on.spend(text.length)) return EITHER;
  const isMatch = on.facts.regexpMatches?.(node.regexp, text);
  return isMatch === undefined ? EITHER : only(isMatch);
}

function evaluateExternal(name: string, on: EvaluationContext): Possible {
  const value = on.external(name);
  return typeof value === "boolean" ? only(value) : EITHER;
}

/** Zero is the result of some functions in a module without values. */
function possibleOf(value: ModuleValue): Possible {
  if (value === null) return UNDEFINED;
  return typeof value === "boolean" ? only(value) : value === 0 ? FALSE : ANYTHING;
}

function integerOf(value: ModuleValue): IntegerValue {
  return typeof value === "number" || typeof value === "bigint" || value === null ? value : UNKNOWN_INTEGER;
}

function lengthOf(text: TextValue): IntegerValue {
  if (text === null) return null;
  return typeof text === "string" ? text.length : new Interval(0n, MANY, text.canBeUndefined);
}

function externalInteger(name: string, on: EvaluationContext): IntegerValue {
  const value = on.external(name);
  if (typeof value === "bigint") return wrapped(value);
  return Number.isSafeInteger(value) ? value as number : SOME_INTEGER;
}

function moduleFloat(value: ModuleValue): FloatValue {
  return typeof value === "number" || value === null ? value : UNKNOWN_FLOAT;
}

function textOf(value: ModuleValue): TextValue {
  return typeof value === "string" || value === null ? value : UNKNOWN_TEXT;
}

/** The module `hash` requires a range within the content. */
function evaluateDigest(node: Extract<TextNode, { op: "digest" }>, on: EvaluationContext): TextValue {
  const from = on.integer(node.from);
  const size = on.integer(node.size);
  if (from === null || size === null) return null;
  if (!isKnown(from) || !isKnown(size) || !on.facts.content) return UNKNOWN_TEXT;
  if (typeof from !== "number" || typeof size !== "number") return UNKNOWN_TEXT;
  if (from < 0 || size < 0 || from + size > on.facts.content.length) {
    return Math.abs(from) + Math.abs(size) < 2 ** 31 ? null : UNKNOWN_TEXT;
  }
  if (!on.spend(STEPS_OF_DIGEST)) return SOME_TEXT;
  return on.facts.digest?.(node.algorithm, from, size) ?? SOME_TEXT;
}
