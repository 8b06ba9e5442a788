/**
 * Terms about a pattern's matches.
 *
 * @module
 */

import type { EvaluationContext } from "./evaluation_context.ts";
import { requiredOf } from "./evaluate_quantifier.ts";
import { lowerBound } from "../lower_bound.ts";
import { type IntegerValue, Interval, isKnown, MANY } from "./integer.ts";
import { ANYTHING, EITHER, FALSE, only, type Possible, TRUE, UNDEFINED } from "./possible.ts";
import { Tally } from "./tally.ts";
import type { BooleanNode, IntegerNode, PlaceNode, RangeNode } from "./tree.ts";

/** Offsets from here on make the engine, which is a program of 32 bits, fail. */
const OFFSET_LIMIT = 2 ** 32;

/** The engine fails where more of a set are required. */
const COUNT_LIMIT = 0x7fffffff;

/** Bounds of a range of offsets, both included; undefined: not known. */
type Bounds = { readonly from: number; readonly to: number } | undefined | null;

/** `$a`, `$a at 0`, `$a in (0..10)`. */
export function evaluatePattern(
  node: Extract<BooleanNode, { op: "pattern" }>,
  on: EvaluationContext,
): Possible {
  const pattern = on.patternIndex(node.p);
  if (node.at) return isMatchAt(pattern, on.integer(node.at), on);
  if (node.in) return isMatchIn(pattern, node.in, on);
  return on.facts.exists(pattern);
}

/**
 * `2 of ($a, $b*)`, `any of them in (0..10)`.
 *
 * `0 of` means none, and less than that any. But where the engine's numbers of the patterns happen to be consecutive,
 * it asks for that many or more, which is always true; that depends on all rules.
 */
export function evaluateOf(node: Extract<BooleanNode, { op: "of" }>, on: EvaluationContext): Possible {
  const required = requiredOf(node.q, node.ps.length, on);
  if (required === null) return UNDEFINED;
  if (required === undefined || !on.spend(node.ps.length)) return ANYTHING;
  const isCountAlone = !node.at && !node.in && typeof node.q === "object" && "n" in node.q;
  if (isCountAlone && Math.abs(required as number) > COUNT_LIMIT) return ANYTHING;
  const valueOf = placeTest(node, on);
  const tally = new Tally(required);
  for (const pattern of node.ps) {
    if (tally.add(valueOf(pattern))) break;
  }
  return isCountAlone && required as number <= 0 ? tally.result | TRUE : tally.result;
}

function placeTest(node: PlaceNode, on: EvaluationContext): (pattern: number) => Possible {
  if (node.at) {
    const at = on.integer(node.at);
    return (pattern) => isMatchAt(pattern, at, on);
  }
  if (node.in) {
    const range = node.in;
    return (pattern) => isMatchIn(pattern, range, on);
  }
  return (pattern) => on.facts.exists(pattern);
}

function isMatchAt(pattern: number, at: IntegerValue, on: EvaluationContext): Possible {
  if (at === null) return UNDEFINED;
  const canBeUndefined = !isKnown(at) && at.canBeUndefined ? UNDEFINED : 0;
  if (on.facts.exists(pattern) === FALSE) return FALSE | canBeUndefined;
  if (!isKnown(at)) return EITHER | canBeUndefined;
  if (at < 0) return FALSE;
  if (at >= OFFSET_LIMIT) return ANYTHING;
  const matches = on.facts.matches(pattern);
  if (matches.status !== "exact") return EITHER;
  const { offsets } = matches;
  const i = lowerBound(offsets, Number(at));
  return only(i < offsets.length && offsets[i] === Number(at));
}

function isMatchIn(pattern: number, range: RangeNode, on: EvaluationContext): Possible {
  const bounds = boundsOf(range, on);
  if (bounds === null) return UNDEFINED;
  if (bounds === undefined) return ANYTHING;
  if (on.facts.exists(pattern) === FALSE || isEmpty(bounds)) return FALSE;
  const matches = on.facts.matches(pattern);
  return matches.status === "exact" ? only(countWithin(matches.offsets, bounds) > 0) : EITHER;
}

/** The engine cuts the bounds to 32 bits. */
function boundsOf(range: RangeNode, on: EvaluationContext): Bounds {
  const from = on.integer(range.from);
  const to = on.integer(range.to);
  if (from === null || to === null) return null;
  if (!isKnown(from) || !isKnown(to)) return undefined;
  return { from: low32(from), to: low32(to) };
}

function low32(value: number | bigint): number {
  const number = Number(value);
  return number >= -0x80000000 && number <= 0x7fffffff ? number : Number(BigInt.asIntN(32, BigInt(value)));
}

function isEmpty(bounds: { readonly from: number; readonly to: number }): boolean {
  return bounds.to < 0 || bounds.from > bounds.to;
}

function countWithin(
  offsets: ArrayLike<number>,
  bounds: { readonly from: number; readonly to: number },
): number {
  if (isEmpty(bounds)) return 0;
  return lowerBound(offsets, bounds.to + 1) - lowerBound(offsets, bounds.from);
}

/** `#a`, `#a in (0..10)`. */
export function evaluateCount(
  node: Extract<IntegerNode, { op: "count" }>,
  on: EvaluationContext,
): IntegerValue {
  const pattern = on.patternIndex(node.p);
  const bounds = node.in ? boundsOf(node.in, on) : { from: 0, to: Infinity };
  if (bounds === null) return null;
  if (bounds === undefined) return new Interval(0n, MANY, true);
  if (on.facts.exists(pattern) === FALSE) return 0;
  const matches = on.facts.matches(pattern);
  if (matches.status === "exact") {
    return node.in ? countWithin(matches.offsets, bounds) : matches.offsets.length;
  }
  if (node.in || matches.status === "unknown") return new Interval(0n, MANY, false);
  return new Interval(BigInt(matches.atLeast ?? 1), MANY, false);
}

/** `@a`, `@a[2]`; undefined where there are fewer matches. */
export function evaluateOffset(
  node: Extract<IntegerNode, { op: "offset" }>,
  on: EvaluationContext,
): IntegerValue {
  return evaluateMatchValue(node, on, (matches) => matches.offsets);
}

/** `!a`, `!a[2]`; undefined where there are fewer matches. */
export function evaluateLength(
  node: Extract<IntegerNode, { op: "length" }>,
  on: EvaluationContext,
): IntegerValue {
  return evaluateMatchValue(node, on, (matches) => matches.lengths);
}

interface ExactMatches {
  readonly offsets: ArrayLike<number>;
  readonly lengths?: ArrayLike<number>;
}

function evaluateMatchValue(
  node: Extract<IntegerNode, { op: "offset" } | { op: "length" }>,
  on: EvaluationContext,
  valuesOf: (matches: ExactMatches) => ArrayLike<number> | undefined,
): IntegerValue {
  const pattern = on.patternIndex(node.p);
  const index = node.i ? on.integer(node.i) : 1;
  if (index === null || on.facts.exists(pattern) === FALSE) return null;
  if (!isKnown(index)) return new Interval(0n, MANY, true);
  if (index < 1) return null;
  const matches = on.facts.matches(pattern);
  if (matches.status !== "exact") {
    const isThere = matches.status === "exists" && index <= (matches.atLeast ?? 1);
    return new Interval(0n, MANY, !isThere);
  }
  if (index > matches.offsets.length) return null;
  return valuesOf(matches)?.[Number(index) - 1] ?? new Interval(0n, MANY, false);
}

/** Returns whether a pattern matches, from what is known of its matches. */
export function existenceOf(matches: { status: string; offsets?: ArrayLike<number> }): Possible {
  if (matches.status === "exact") return only(matches.offsets!.length > 0);
  return matches.status === "exists" ? TRUE : EITHER;
}
