/**
 * Loops, tuples of conditions, and `with`.
 *
 * @module
 */

import type { EvaluationContext } from "./evaluation_context.ts";
import { evaluateModule, isList, isMap } from "./evaluate_module.ts";
import { requiredOf } from "./evaluate_quantifier.ts";
import { isKnown, wrapped } from "./integer.ts";
import { ANYTHING, FALSE, type Possible, UNDEFINED } from "./possible.ts";
import { Tally, tallyStrictly } from "./tally.ts";
import type { BooleanNode } from "./tree.ts";

type Loop<Op extends string> = Extract<BooleanNode, { op: Op }>;

/** `for any of ($a*) : ( … )`. */
export function evaluateForOf(node: Loop<"for-of">, on: EvaluationContext): Possible {
  const required = requiredOf(node.q, node.ps.length, on);
  if (required === null) return UNDEFINED;
  if (required === undefined) return ANYTHING;
  const outer = on.pattern;
  const tally = new Tally(required);
  for (const pattern of node.ps) {
    if (!on.spend(node.weight)) {
      on.pattern = outer;
      return ANYTHING;
    }
    on.pattern = pattern;
    if (tally.add(on.boolean(node.body))) break;
  }
  on.pattern = outer;
  return tally.result;
}

/** `for any i in (0..10) : ( … )`. A range that is empty or undefined makes it false, for every quantifier. */
export function evaluateForRange(node: Loop<"for-range">, on: EvaluationContext): Possible {
  const from = on.integer(node.range.from);
  const to = on.integer(node.range.to);
  if (from === null || to === null) return FALSE;
  if (!isKnown(from) || !isKnown(to)) return ANYTHING;
  const count = wrapped(BigInt(to) - BigInt(from) + 1n);
  if (count <= 0) return FALSE;
  const required = requiredOf(node.q, Number(count), on);
  if (required === null) return UNDEFINED;
  if (required === undefined || typeof count !== "number") return ANYTHING;
  const tally = new Tally(required);
  const isSmall = typeof from === "number" && typeof to === "number";
  for (let i = 0; i < count; i++) {
    if (!on.spend(node.weight)) return ANYTHING;
    on.slots[node.slot] = isSmall ? from + i : wrapped(BigInt(from) + BigInt(i));
    if (tally.add(on.boolean(node.body))) break;
  }
  return tally.result;
}

/** `for any i in (1, 2, 3) : ( … )`. */
export function evaluateForValues(node: Loop<"for-values">, on: EvaluationContext): Possible {
  const required = requiredOf(node.q, node.of.length, on);
  if (required === null) return UNDEFINED;
  if (required === undefined) return ANYTHING;
  const tally = new Tally(required);
  for (const value of node.of) {
    if (!on.spend(node.weight)) return ANYTHING;
    on.slots[node.slot] = on.value(value);
    if (tally.add(on.boolean(node.body))) break;
  }
  return tally.result;
}

/** A loop over an array or a map of a module: over nothing it is false, for every quantifier. */
export function evaluateForModule(node: Loop<"for-module">, on: EvaluationContext): Possible {
  const list = evaluateModule(node.of, on);
  if (list === null) return UNDEFINED;
  // The value of an array in a module without values.
  if (list === 0) return FALSE;
  if (!isList(list) && !isMap(list)) return ANYTHING;
  const items = isList(list) ? list.map((item) => [item]) : [...list];
  if (items.length === 0) return FALSE;
  const required = requiredOf(node.q, items.length, on);
  if (required === null) return UNDEFINED;
  if (required === undefined) return ANYTHING;
  const tally = new Tally(required);
  for (const item of items) {
    if (!on.spend(node.weight)) return ANYTHING;
    item.forEach((value, i) => on.slots[node.slot + i] = value);
    if (tally.add(on.boolean(node.body))) break;
  }
  return tally.result;
}

/** `any of (filesize > 1, $a)`. */
export function evaluateOfConditions(node: Loop<"of-conditions">, on: EvaluationContext): Possible {
  const required = requiredOf(node.q, node.of.length, on);
  if (required === null) return UNDEFINED;
  if (required === undefined) return ANYTHING;
  return tallyStrictly(required, node.of.length, (i) => on.boolean(node.of[i]!));
}

/** `with a = 1 : ( … )`. */
export function evaluateWith(node: Loop<"with">, on: EvaluationContext): Possible {
  node.slots.forEach((slot, i) => on.slots[slot] = on.value(node.of[i]!));
  return on.boolean(node.body);
}
