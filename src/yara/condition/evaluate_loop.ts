/**
 * Loops, tuples of conditions, and `with`.
 *
 * @module
 */

import type { Evaluation, Value } from "./evaluation.ts";
import { evaluateBoolean } from "./evaluate_boolean.ts";
import { evaluateFloat } from "./evaluate_float.ts";
import { evaluateInteger } from "./evaluate_integer.ts";
import { evaluateModule, isList, isMap } from "./evaluate_module.ts";
import { requiredOf } from "./evaluate_quantifier.ts";
import { evaluateText } from "./evaluate_text.ts";
import { isKnown, wrapped } from "./integer.ts";
import { ANYTHING, FALSE, type Possible, UNDEFINED } from "./possible.ts";
import { Tally, tallyStrictly } from "./tally.ts";
import type { BooleanNode, ValueNode } from "./tree.ts";

type Loop<Op extends string> = Extract<BooleanNode, { op: Op }>;

/** `for any of ($a*) : ( … )`. */
export function evaluateForOf(node: Loop<"for-of">, on: Evaluation): Possible {
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
    if (tally.add(evaluateBoolean(node.body, on))) break;
  }
  on.pattern = outer;
  return tally.result;
}

/** `for any i in (0..10) : ( … )`. A range that is empty or undefined makes it false, whatever is required. */
export function evaluateForRange(node: Loop<"for-range">, on: Evaluation): Possible {
  const from = evaluateInteger(node.range.from, on);
  const to = evaluateInteger(node.range.to, on);
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
    if (tally.add(evaluateBoolean(node.body, on))) break;
  }
  return tally.result;
}

/** `for any i in (1, 2, 3) : ( … )`. */
export function evaluateForValues(node: Loop<"for-values">, on: Evaluation): Possible {
  const required = requiredOf(node.q, node.of.length, on);
  if (required === null) return UNDEFINED;
  if (required === undefined) return ANYTHING;
  const tally = new Tally(required);
  for (const value of node.of) {
    if (!on.spend(node.weight)) return ANYTHING;
    on.slots[node.slot] = evaluateValue(value, on);
    if (tally.add(evaluateBoolean(node.body, on))) break;
  }
  return tally.result;
}

/** A loop over an array or a map of a module: over nothing it is false, whatever is required. */
export function evaluateForModule(node: Loop<"for-module">, on: Evaluation): Possible {
  const list = evaluateModule(node.of, on);
  if (list === null) return UNDEFINED;
  // What an array is where the module has nothing to say.
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
    if (tally.add(evaluateBoolean(node.body, on))) break;
  }
  return tally.result;
}

/** `any of (filesize > 1, $a)`. */
export function evaluateOfConditions(node: Loop<"of-conditions">, on: Evaluation): Possible {
  const required = requiredOf(node.q, node.of.length, on);
  if (required === null) return UNDEFINED;
  if (required === undefined) return ANYTHING;
  return tallyStrictly(required, node.of.length, (i) => evaluateBoolean(node.of[i]!, on));
}

/** `with a = 1 : ( … )`. */
export function evaluateWith(node: Loop<"with">, on: Evaluation): Possible {
  node.slots.forEach((slot, i) => on.slots[slot] = evaluateValue(node.of[i]!, on));
  return evaluateBoolean(node.body, on);
}

/** A value of any type. */
export function evaluateValue(value: ValueNode, on: Evaluation): Value {
  switch (value.t) {
    case "b":
      return evaluateBoolean(value.of, on);
    case "i":
      return evaluateInteger(value.of, on);
    case "f":
      return evaluateFloat(value.of, on);
    case "s":
      return evaluateText(value.of, on);
  }
}
