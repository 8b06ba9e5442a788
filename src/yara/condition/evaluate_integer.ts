/**
 * Values of integers.
 *
 * @module
 */

import type { Evaluation } from "./evaluation.ts";
import { evaluateBoolean } from "./evaluate_boolean.ts";
import { evaluateMath } from "./evaluate_math.ts";
import { evaluateModule } from "./evaluate_module.ts";
import { evaluateCount, evaluateLength, evaluateOffset } from "./evaluate_pattern.ts";
import { readInteger } from "./evaluate_read.ts";
import { evaluateText } from "./evaluate_text.ts";
import { type IntegerValue, Interval, SOME_INTEGER, UNKNOWN_INTEGER, wrapped } from "./integer.ts";
import { combineIntegers, complementInteger, minusInteger } from "./integer_arithmetic.ts";
import type { ModuleValue } from "./module_value.ts";
import { FALSE, type Possible, TRUE, UNDEFINED } from "./possible.ts";
import type { IntegerNode } from "./tree.ts";

/** Longer than any content and any list of matches. */
export const MANY = 2n ** 40n;

/** What an integer may be. */
export function evaluateInteger(node: IntegerNode, on: Evaluation): IntegerValue {
  switch (node.op) {
    case "integer":
      return typeof node.v === "number" ? node.v : BigInt(node.v);
    case "filesize":
      return on.facts.content ? on.facts.content.length : new Interval(0n, MANY, false);
    case "read":
      return readInteger(node.name, evaluateInteger(node.at, on), on.facts.content);
    case "count":
      return evaluateCount(node, on);
    case "offset":
      return evaluateOffset(node, on);
    case "length":
      return evaluateLength(node, on);
    case "minus":
      return minusInteger(evaluateInteger(node.of, on));
    case "complement":
      return complementInteger(evaluateInteger(node.of, on));
    case "from-boolean":
      return fromBoolean(evaluateBoolean(node.of, on));
    case "text-length":
      return lengthOf(evaluateText(node.of, on));
    case "external":
      return externalInteger(node.name, on);
    case "variable":
      return on.slots[node.slot] as IntegerValue;
    case "math":
      return evaluateMath(node, on) as IntegerValue;
    case "module":
      return integerOf(evaluateModule(node, on));
    default:
      return combineIntegers(node.op, evaluateInteger(node.l, on), evaluateInteger(node.r, on));
  }
}

/** True is one, false is zero. */
export function fromBoolean(value: Possible): IntegerValue {
  if (value === TRUE) return 1;
  if (value === FALSE) return 0;
  if (value === UNDEFINED) return null;
  return new Interval(0n, 1n, (value & UNDEFINED) !== 0);
}

function integerOf(value: ModuleValue): IntegerValue {
  return typeof value === "number" || typeof value === "bigint" || value === null ? value : UNKNOWN_INTEGER;
}

function lengthOf(text: ReturnType<typeof evaluateText>): IntegerValue {
  if (text === null) return null;
  return typeof text === "string" ? text.length : new Interval(0n, MANY, text.canBeUndefined);
}

function externalInteger(name: string, on: Evaluation): IntegerValue {
  const value = on.external(name);
  if (typeof value === "bigint") return wrapped(value);
  return Number.isSafeInteger(value) ? value as number : SOME_INTEGER;
}
