/**
 * Integers of 64 bits that may be partly known.
 *
 * A known value is a number, or a bigint where a number would round; `null` is undefined; all else is an interval.
 *
 * @module
 */

import { EITHER, FALSE, only, type Possible, TRUE, UNDEFINED } from "./possible.ts";
import type { Comparison } from "./tree.ts";

/** Smallest integer. */
export const MIN_INTEGER = -(2n ** 63n);
/** Largest integer. */
export const MAX_INTEGER = 2n ** 63n - 1n;

/** Longer than any content and any list of matches. */
export const MANY = 2n ** 40n;

/** All integers between two, both included. */
export class Interval {
  constructor(readonly lo: bigint, readonly hi: bigint, readonly canBeUndefined: boolean) {}
}

/** Knowledge about an integer. */
export type IntegerValue = number | bigint | null | Interval;

/** An integer of which nothing is known, not even whether it is defined. */
export const UNKNOWN_INTEGER = new Interval(MIN_INTEGER, MAX_INTEGER, true);
/** An integer that is certainly defined, and otherwise unknown. */
export const SOME_INTEGER = new Interval(MIN_INTEGER, MAX_INTEGER, false);

/** A known integer from an exact result, wrapped to 64 bits. */
export function wrapped(value: bigint): number | bigint {
  const integer = BigInt.asIntN(64, value);
  return integer >= BigInt(Number.MIN_SAFE_INTEGER) && integer <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(integer)
    : integer;
}

/** Whether the value is known, and defined. */
export function isKnown(value: IntegerValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** The interval around a value; `null` has none. */
export function intervalOf(value: IntegerValue): Interval | undefined {
  if (value === null) return undefined;
  if (value instanceof Interval) return value;
  const known = BigInt(value);
  return new Interval(known, known, false);
}

/** Truth of an integer: zero is false. */
export function truthOfInteger(value: IntegerValue): Possible {
  return compareIntegers("!=", value, 0);
}

/** The result of a comparison. */
export function compareIntegers(how: Comparison, left: IntegerValue, right: IntegerValue): Possible {
  if (isKnown(left) && isKnown(right)) return only(compareKnown(how, left, right));
  const l = intervalOf(left);
  const r = intervalOf(right);
  if (!l || !r) return UNDEFINED;
  return compareIntervals(how, l, r) | (l.canBeUndefined || r.canBeUndefined ? UNDEFINED : 0);
}

/** Compares two known values of one type. */
export function compareKnown<T extends number | bigint | string>(
  how: Comparison,
  left: T,
  right: T,
): boolean {
  switch (how) {
    // deno-lint-ignore eqeqeq
    case "==":
      // A number and a bigint may be equal.
      return left == right;
    case "!=":
      return left != right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}

function compareIntervals(how: Comparison, l: Interval, r: Interval): Possible {
  switch (how) {
    case "==":
      if (l.hi < r.lo || r.hi < l.lo) return FALSE;
      return l.lo === l.hi && r.lo === r.hi ? TRUE : EITHER;
    case "!=":
      if (l.hi < r.lo || r.hi < l.lo) return TRUE;
      return l.lo === l.hi && r.lo === r.hi ? FALSE : EITHER;
    case "<":
      return l.hi < r.lo ? TRUE : l.lo >= r.hi ? FALSE : EITHER;
    case "<=":
      return l.hi <= r.lo ? TRUE : l.lo > r.hi ? FALSE : EITHER;
    case ">":
      return compareIntervals("<", r, l);
    case ">=":
      return compareIntervals("<=", r, l);
  }
}

/** True is one, false is zero. */
export function integerOfBoolean(value: Possible): IntegerValue {
  if (value === TRUE) return 1;
  if (value === FALSE) return 0;
  if (value === UNDEFINED) return null;
  return new Interval(0n, 1n, (value & UNDEFINED) !== 0);
}
