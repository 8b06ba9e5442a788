/**
 * Functions of the module `math`.
 *
 * @module
 */

import type { EvaluationContext, Value } from "./evaluation_context.ts";
import { about, compareFloats, type FloatValue, UNKNOWN_FLOAT } from "./float.ts";
import { compareIntegers, integerOfBoolean, type IntegerValue, isKnown, UNKNOWN_INTEGER } from "./integer.ts";
import { minusInteger } from "./integer_arithmetic.ts";
import { ANYTHING, FALSE, type Possible, TRUE, UNDEFINED } from "./possible.ts";
import type { BooleanNode, FloatNode, IntegerNode, MathNode } from "./tree.ts";

/** The functions that are computed here, with the types of arguments and result. */
export const MATH_FUNCTIONS: Readonly<Record<string, "b" | "i" | "f">> = {
  "min(ii)": "i",
  "max(ii)": "i",
  "abs(i)": "i",
  "in_range(iii)": "b",
  "in_range(fff)": "b",
  "to_number(b)": "i",
  "entropy(ii)": "f",
  "mean(ii)": "f",
  "deviation(iif)": "f",
  "count(i)": "i",
  "count(iii)": "i",
  "percentage(i)": "f",
  "percentage(iii)": "f",
};

/** Bytes that are read for the price of a step. */
const BYTES_PER_STEP = 16;

/** Returns the possible values of a call, of the function's type. */
export function evaluateMath(node: MathNode, on: EvaluationContext): Value {
  const integer = (i: number) => on.integer(node.args[i]!.of as IntegerNode);
  const float = (i: number) => on.float(node.args[i]!.of as FloatNode);
  switch (node.name) {
    case "min(ii)":
      return chosen("<=", integer(0), integer(1));
    case "max(ii)":
      return chosen(">=", integer(0), integer(1));
    case "abs(i)":
      return absolute(integer(0));
    case "to_number(b)":
      return integerOfBoolean(on.boolean(node.args[0]!.of as BooleanNode));
    case "in_range(iii)": {
      const x = integer(0);
      return bothHold(compareIntegers("<=", integer(1), x), compareIntegers("<=", x, integer(2)));
    }
    case "in_range(fff)": {
      const x = float(0);
      return bothHold(compareFloats("<=", float(1), x), compareFloats("<=", x, float(2)));
    }
    case "entropy(ii)":
      return statistic(node, on, integer(0), integer(1), entropyOf);
    case "mean(ii)":
      return statistic(node, on, integer(0), integer(1), meanOf);
    case "deviation(iif)": {
      const mean = float(2);
      if (typeof mean !== "number") return mean === null ? null : UNKNOWN_FLOAT;
      return statistic(
        node,
        on,
        integer(0),
        integer(1),
        (counts, total) => deviationOf(counts, total, mean),
        mean,
      );
    }
    default:
      return countOrShare(node.name, on, node.args.map((_, i) => integer(i)));
  }
}

function chosen(how: "<=" | ">=", left: IntegerValue, right: IntegerValue): IntegerValue {
  if (left === null || right === null) return null;
  if (!isKnown(left) || !isKnown(right)) return UNKNOWN_INTEGER;
  return compareIntegers(how, left, right) === TRUE ? left : right;
}

function absolute(value: IntegerValue): IntegerValue {
  if (value === null) return null;
  if (!isKnown(value)) return UNKNOWN_INTEGER;
  const result = value < 0 ? minusInteger(value) : value;
  // The engine's result for the smallest integer depends on how it was built.
  return isKnown(result) && result >= 0 ? result : UNKNOWN_INTEGER;
}

/** Conjunction of results: undefined where a side is, as arguments are evaluated first. */
function bothHold(left: Possible, right: Possible): Possible {
  if (left === UNDEFINED || right === UNDEFINED) return UNDEFINED;
  if ((left | right) & UNDEFINED) return ANYTHING;
  return (left & right & TRUE) | ((left | right) & FALSE);
}

/** Returns the part of the content that a function reads, cut as the engine cuts it; `null`: undefined. */
function partOf(
  from: IntegerValue,
  length: IntegerValue,
  content: Uint8Array | undefined,
): Uint8Array | null | undefined {
  if (from === null || length === null) return null;
  if (!content || typeof from !== "number" || typeof length !== "number") return undefined;
  // Numbers that don't fit the engine's 32 bits are undefined there.
  if (from < 0 || length < 0 || from >= 2 ** 32 || length >= 2 ** 32) return null;
  const end = Math.min(content.length, from + length);
  return from > end ? null : content.subarray(from, end);
}

function histogram(part: Uint8Array): Float64Array {
  const counts = new Float64Array(256);
  for (let i = 0; i < part.length; i++) counts[part[i]!]!++;
  return counts;
}

/** Returns a number that is computed from the counts of bytes. */
function statistic(
  node: MathNode,
  on: EvaluationContext,
  from: IntegerValue,
  length: IntegerValue,
  compute: (counts: Float64Array, total: number) => FloatValue,
  parameter = 0,
): FloatValue {
  const part = partOf(from, length, on.facts.content);
  if (part === null) return null;
  if (!part || !on.spend(1 + part.length / BYTES_PER_STEP)) return UNKNOWN_FLOAT;
  return on.once(
    `${node.name} ${from} ${length} ${parameter}`,
    () => compute(histogram(part), part.length),
  );
}

function entropyOf(counts: Float64Array, total: number): FloatValue {
  if (total === 0) return 0;
  let entropy = 0;
  for (const count of counts) {
    if (count > 0) entropy -= count / total * Math.log2(count / total);
  }
  return about(entropy);
}

function meanOf(counts: Float64Array, total: number): FloatValue {
  return total === 0 ? null : about(counts.reduce((sum, count, byte) => sum + count * byte, 0) / total);
}

function deviationOf(counts: Float64Array, total: number, mean: number): FloatValue {
  if (total === 0) return null;
  const deviation = counts.reduce((sum, count, byte) => sum + Math.abs(byte - mean) * count, 0) / total;
  return Number.isFinite(deviation) ? about(deviation) : UNKNOWN_FLOAT;
}

/** `count` and `percentage` of a byte. */
function countOrShare(
  name: string,
  on: EvaluationContext,
  args: readonly IntegerValue[],
): IntegerValue | FloatValue {
  const isCount = name.startsWith("count");
  const unknown = isCount ? UNKNOWN_INTEGER : UNKNOWN_FLOAT;
  if (args.includes(null)) return null;
  const byte = args[0]!;
  const part = args.length === 1 ? on.facts.content : partOf(args[1]!, args[2]!, on.facts.content);
  if (part === null) return null;
  if (!part || !isKnown(byte)) return unknown;
  if (byte < 0 || byte > 255) return null;
  if (!on.spend(1 + part.length / BYTES_PER_STEP)) return unknown;
  const count = histogram(part)[Number(byte)]!;
  if (isCount) return count;
  return part.length === 0 ? null : count / part.length;
}
