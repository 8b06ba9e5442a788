/**
 * Arithmetic on integers of 64 bits that may be partly known.
 *
 * @module
 */

import {
  type IntegerValue,
  Interval,
  intervalOf,
  isKnown,
  MAX_INTEGER,
  MIN_INTEGER,
  SOME_INTEGER,
  UNKNOWN_INTEGER,
  wrapped,
} from "./integer.ts";

/** Operators with two sides. */
export type IntegerOperator = "+" | "-" | "*" | "\\" | "%" | "&" | "|" | "^" | "<<" | ">>";

/** The result of an operator. It is undefined where a side is, and where a divisor is zero. */
export function combineIntegers(op: IntegerOperator, left: IntegerValue, right: IntegerValue): IntegerValue {
  if (typeof left === "number" && typeof right === "number") {
    const quick = combineSmall(op, left, right);
    if (quick !== undefined) return quick;
  }
  if (left === null || right === null) return null;
  if (isKnown(left) && isKnown(right)) return combineKnown(op, BigInt(left), BigInt(right));
  return combineIntervals(op, intervalOf(left)!, intervalOf(right)!);
}

/** The result where it is exact in a number. */
function combineSmall(op: IntegerOperator, left: number, right: number): number | undefined {
  let result: number;
  switch (op) {
    case "+":
      result = left + right;
      break;
    case "-":
      result = left - right;
      break;
    case "*":
      result = left * right;
      break;
    case "&":
      if (left < 0 || right < 0 || left > 0x7fffffff || right > 0x7fffffff) return undefined;
      return left & right;
    default:
      return undefined;
  }
  // `+ 0` makes zero of minus zero.
  return Number.isSafeInteger(result) ? result + 0 : undefined;
}

function combineKnown(op: IntegerOperator, left: bigint, right: bigint): IntegerValue {
  switch (op) {
    case "+":
      return wrapped(left + right);
    case "-":
      return wrapped(left - right);
    case "*":
      return wrapped(left * right);
    case "\\":
      if (right === 0n) return null;
      // The engine traps here, and its scan fails.
      if (right === -1n && left === MIN_INTEGER) return UNKNOWN_INTEGER;
      return wrapped(left / right);
    case "%":
      return right === 0n ? null : wrapped(left % right);
    case "&":
      return wrapped(left & right);
    case "|":
      return wrapped(left | right);
    case "^":
      return wrapped(left ^ right);
    case "<<":
      return right >= 64n ? 0 : wrapped(left << BigInt.asUintN(6, right));
    case ">>":
      return right >= 64n ? 0 : wrapped(left >> BigInt.asUintN(6, right));
  }
}

function combineIntervals(op: IntegerOperator, l: Interval, r: Interval): IntegerValue {
  const canBeUndefined = l.canBeUndefined || r.canBeUndefined;
  switch (op) {
    case "+":
      return within(l.lo + r.lo, l.hi + r.hi, canBeUndefined);
    case "-":
      return within(l.lo - r.hi, l.hi - r.lo, canBeUndefined);
    case "*": {
      const products = [l.lo * r.lo, l.lo * r.hi, l.hi * r.lo, l.hi * r.hi];
      return within(least(products), greatest(products), canBeUndefined);
    }
    case "&":
      if (l.lo >= 0n) return new Interval(0n, l.hi, canBeUndefined);
      return r.lo >= 0n ? new Interval(0n, r.hi, canBeUndefined) : anything(canBeUndefined);
    case "\\":
    case "%":
      return UNKNOWN_INTEGER;
    default:
      return anything(canBeUndefined);
  }
}

/** Where the bounds leave the 64 bits, the results in between may wrap to anything. */
function within(lo: bigint, hi: bigint, canBeUndefined: boolean): Interval {
  return lo < MIN_INTEGER || hi > MAX_INTEGER
    ? anything(canBeUndefined)
    : new Interval(lo, hi, canBeUndefined);
}

function anything(canBeUndefined: boolean): Interval {
  return canBeUndefined ? UNKNOWN_INTEGER : SOME_INTEGER;
}

function least(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a < b ? a : b);
}

function greatest(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a > b ? a : b);
}

/** `-value`. */
export function minusInteger(value: IntegerValue): IntegerValue {
  return combineIntegers("-", 0, value);
}

/** `~value`. */
export function complementInteger(value: IntegerValue): IntegerValue {
  // In two's complement, ~x is -1 - x.
  return combineIntegers("-", -1, value);
}
