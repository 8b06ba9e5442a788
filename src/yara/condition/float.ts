/**
 * Floats that may be partly known.
 *
 * A known value is a number, NaN included; `null` is undefined; all else is a range.
 *
 * @module
 */

import { compareKnown, type IntegerValue, isKnown } from "./integer.ts";
import { EITHER, FALSE, only, type Possible, TRUE, UNDEFINED } from "./possible.ts";
import type { Comparison } from "./tree.ts";

/** All floats between two, both included. */
export class FloatRange {
  constructor(
    readonly lo: number,
    readonly hi: number,
    readonly canBeUndefined: boolean,
    readonly canBeNaN: boolean,
  ) {}
}

/** Knowledge about a float. */
export type FloatValue = number | null | FloatRange;

/** A float of which nothing is known, not even whether it is defined. */
export const UNKNOWN_FLOAT = new FloatRange(-Infinity, Infinity, true, true);
const SOME_FLOAT = new FloatRange(-Infinity, Infinity, false, true);

/** Largest relative difference between a result with a logarithm and the engine's. */
const TOLERANCE = 1e-9;

/** A calculated value, whose last bits may differ from the engine's. */
export function about(value: number): FloatRange {
  const tolerance = TOLERANCE * (1 + Math.abs(value));
  return new FloatRange(value - tolerance, value + tolerance, false, false);
}

/** The conversion of an integer, which rounds as the engine does. */
export function floatOf(value: IntegerValue): FloatValue {
  if (value === null) return null;
  if (isKnown(value)) return Number(value);
  return new FloatRange(Number(value.lo), Number(value.hi), value.canBeUndefined, false);
}

/** Truth of a float: zero is false. */
export function truthOfFloat(value: FloatValue): Possible {
  return compareFloats("!=", value, 0);
}

/** The result of a comparison. */
export function compareFloats(how: Comparison, left: FloatValue, right: FloatValue): Possible {
  if (typeof left === "number" && typeof right === "number") return only(compareKnown(how, left, right));
  if (left === null || right === null) return UNDEFINED;
  const l = rangeOf(left);
  const r = rangeOf(right);
  const undefinedBit = l.canBeUndefined || r.canBeUndefined ? UNDEFINED : 0;
  return compareRanges(how, l, r) | undefinedBit;
}

function rangeOf(value: number | FloatRange): FloatRange {
  if (typeof value !== "number") return value;
  return Number.isNaN(value) ? SOME_FLOAT : new FloatRange(value, value, false, false);
}

function compareRanges(how: Comparison, l: FloatRange, r: FloatRange): Possible {
  if (l.canBeNaN || r.canBeNaN) return EITHER;
  switch (how) {
    case "==":
      return l.hi < r.lo || r.hi < l.lo ? FALSE : EITHER;
    case "!=":
      return l.hi < r.lo || r.hi < l.lo ? TRUE : EITHER;
    case "<":
      return l.hi < r.lo ? TRUE : l.lo >= r.hi ? FALSE : EITHER;
    case "<=":
      return l.hi <= r.lo ? TRUE : l.lo > r.hi ? FALSE : EITHER;
    case ">":
      return compareRanges("<", r, l);
    case ">=":
      return compareRanges("<=", r, l);
  }
}

/** The result of an operator; a division by zero is infinite. */
export function combineFloats(op: "+" | "-" | "*" | "\\", left: FloatValue, right: FloatValue): FloatValue {
  if (left === null || right === null) return null;
  if (typeof left === "number" && typeof right === "number") return combineKnownFloats(op, left, right);
  const canBeUndefined = [left, right].some((side) => typeof side !== "number" && side.canBeUndefined);
  return canBeUndefined ? UNKNOWN_FLOAT : SOME_FLOAT;
}

/** The result of an operator on known values. */
export function combineKnownFloats(op: "+" | "-" | "*" | "\\", left: number, right: number): number {
  switch (op) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "\\":
      return left / right;
  }
}

/** `-value`. */
export function minusFloat(value: FloatValue): FloatValue {
  if (value === null || typeof value === "number") return value === null ? null : -value;
  return new FloatRange(-value.hi, -value.lo, value.canBeUndefined, value.canBeNaN);
}
