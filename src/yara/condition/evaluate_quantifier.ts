/**
 * The number of elements of a set that a quantifier requires.
 *
 * @module
 */

import type { EvaluationContext } from "./evaluation_context.ts";
import { isKnown } from "./integer.ts";
import type { Required } from "./tally.ts";
import type { QuantifierNode } from "./tree.ts";

/** Returns how many of `count` are required; `null`: undefined in YARA; undefined: not known. */
export function requiredOf(
  q: QuantifierNode,
  count: number,
  on: EvaluationContext,
): Required | null | undefined {
  if (typeof q === "string") return q;
  const isPercentage = "percent" in q;
  const value = on.integer(isPercentage ? q.percent : q.n);
  if (value === null) return null;
  if (!isKnown(value)) return undefined;
  if (!isPercentage) return Number(value);
  const required = Math.ceil(count * Number(value) / 100);
  // The engine traps where a float is no integer of 64 bits.
  return Math.abs(required) < 2 ** 63 ? required : undefined;
}
