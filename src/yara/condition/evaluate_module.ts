/**
 * Values of modules.
 *
 * @module
 */

import type { EvaluationContext, Value } from "./evaluation_context.ts";
import { isKnown } from "./integer.ts";
import type { ModuleArgument, ModuleRecord, ModuleValue } from "./module_value.ts";
import { FALSE, TRUE, UNDEFINED } from "./possible.ts";
import type { ArgumentNode, ModuleNode, ModuleStep } from "./tree.ts";

/** Whether a value is an array. */
export function isList(value: ModuleValue): value is readonly ModuleValue[] {
  return Array.isArray(value);
}

/** Whether a value is a map. */
export function isMap(value: ModuleValue): value is ReadonlyMap<string, ModuleValue> {
  return value instanceof Map;
}

/**
 * Returns a value of a module: `null` is undefined, `undefined` is not known, and 0 stands for all that is zero, false or
 * empty because the module has no values for the content.
 */
export function evaluateModule(node: ModuleNode, on: EvaluationContext): ModuleValue {
  if (node.absent && on.isAbsent(node.module)) return absentValue(node, on);
  if (node.call === undefined || node.call === "len") {
    const value = valueAtPath(node, on);
    return node.call === undefined || value === null ? value : lengthOf(value);
  }
  return call(node.call, node, on);
}

function absentValue({ absent, args = [] }: ModuleNode, on: EvaluationContext): ModuleValue {
  if (absent === "undefined") return null;
  let isCertain = true;
  for (const argument of args) {
    const possible = argument.t === "r" ? TRUE : on.truth(argument);
    if (possible === UNDEFINED) return null;
    if (possible & UNDEFINED) isCertain = false;
  }
  return isCertain ? 0 : undefined;
}

function valueAtPath({ module, slot, path }: ModuleNode, on: EvaluationContext): ModuleValue {
  const start = slot === undefined ? on.reader(module)?.members : on.slots[slot] as ModuleValue;
  let value: ModuleValue = start;
  for (const step of path) {
    if (value === undefined || value === null) return value;
    value = valueAtStep(value, step, on);
  }
  return value;
}

function valueAtStep(value: ModuleValue, step: ModuleStep, on: EvaluationContext): ModuleValue {
  if (typeof step === "string") return isRecord(value) ? value[step] : undefined;
  if ("i" in step) {
    const index = on.integer(step.i);
    if (index === null) return null;
    if (!isList(value) || !isKnown(index)) return undefined;
    return index >= 0 && index < value.length ? value[Number(index)] : null;
  }
  const key = on.text(step.k);
  if (key === null) return null;
  if (!isMap(value) || typeof key !== "string") return undefined;
  return value.has(key) ? value.get(key) : null;
}

function isRecord(value: ModuleValue): value is ModuleRecord {
  return typeof value === "object" && value !== null && !isList(value) && !isMap(value);
}

function lengthOf(value: ModuleValue): number | undefined {
  return isList(value) ? value.length : isMap(value) ? value.size : undefined;
}

/** A function is undefined where an argument is. */
function call(signature: string, { module, args = [] }: ModuleNode, on: EvaluationContext): ModuleValue {
  const values = args.map((argument) => argumentOf(argument, on));
  if (values.includes(null)) return null;
  return values.includes(undefined) ? undefined : on.reader(module)?.call(signature, values);
}

function argumentOf(argument: ArgumentNode, on: EvaluationContext): ModuleArgument {
  switch (argument.t) {
    case "r":
      return (text) => on.spend(text.length + 1) ? on.facts.regexpMatches?.(argument.of, text) : undefined;
    case "b": {
      const possible = on.boolean(argument.of);
      return possible === TRUE || possible === FALSE
        ? possible === TRUE
        : possible === UNDEFINED
        ? null
        : undefined;
    }
    case "i":
      return known(on.integer(argument.of));
    case "s":
      return known(on.text(argument.of));
    default:
      // No function of a module that is read here takes a float.
      return undefined;
  }
}

function known(value: Value): ModuleArgument {
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint" ||
      value === null
    ? value
    : undefined;
}
