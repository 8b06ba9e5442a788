/**
 * Integers that YARA-X knows when it compiles a condition.
 *
 * @module
 */

import type { Expression } from "../syntax.ts";

/** Variables of `with` whose values are known. */
export type Constants = ReadonlyMap<string, bigint>;

/** Operators inside of operators that are folded; deeper ones have no value. */
export const MAX_CONSTANT_DEPTH = 200;

const SIZE_BITS = 64;

/** The value of an integer expression. YARA-X folds all operators of integers but `\` and `%`. */
export function constantOf(node: Expression, constants: Constants, depth = 0): bigint | undefined {
  if (depth > MAX_CONSTANT_DEPTH) return undefined;
  switch (node.op) {
    case "integer":
      return BigInt(node.value);
    case "name":
      return constants.get(node.name);
    case "minus":
    case "complement": {
      const value = constantOf(node.of, constants, depth + 1);
      if (value === undefined) return undefined;
      return inRange(node.op === "minus" ? -value : ~value);
    }
    default:
      if (!("left" in node)) return undefined;
  }
  const left = constantOf(node.left, constants, depth + 1);
  const right = left === undefined ? undefined : constantOf(node.right, constants, depth + 1);
  return left === undefined || right === undefined ? undefined : inRange(fold(node.op, left, right));
}

function fold(op: string, left: bigint, right: bigint): bigint | undefined {
  if (op === "+") return left + right;
  if (op === "-") return left - right;
  if (op === "*") return left * right;
  if (op === "&") return left & right;
  if (op === "|") return left | right;
  if (op === "^") return left ^ right;
  if (right < 0n || right >= SIZE_BITS) return undefined;
  if (op === "<<") return BigInt.asIntN(SIZE_BITS, left << right);
  if (op === ">>") return left >> right;
  return undefined;
}

function inRange(value: bigint | undefined): bigint | undefined {
  return value !== undefined && BigInt.asIntN(SIZE_BITS, value) === value ? value : undefined;
}
