/**
 * What compiled templates call instead of nunjucks' own functions: metered, and without surprises from data.
 *
 * @module
 */

import { harmless } from "../../src/plugin/kit/mod.ts";
import type { TemplateRuntime } from "./deps.ts";
import type { OutputMeter } from "./output_meter.ts";
import { textOf } from "./outline.ts";

/** Makes the functions over nunjucks' own. */
export function createRuntime(base: TemplateRuntime, meter: OutputMeter): TemplateRuntime {
  return {
    ...base,
    suppressValue(value, autoescape) {
      const text = harmless(String(base.suppressValue(printedForm(value, base), autoescape)));
      meter.write(text.length);
      return text;
    },
    writeText(text) {
      meter.write(text.length);
      return text;
    },
    fromIterator(items) {
      const list = base.fromIterator(items);
      meter.loop(turnsOf(list));
      return list;
    },
    memberLookup(object, key) {
      if (isRecord(object)) return lookUp(object, String(key));
      // The way from any value to code: `"".constructor.constructor("…")()`.
      if (key === "constructor" || key === "__proto__") return undefined;
      return base.memberLookup(object, key);
    },
  };
}

/** Records have no `toString` of their own that could be trusted, and `[object Object]` tells nobody anything. */
function printedForm(value: unknown, { SafeString }: TemplateRuntime): unknown {
  const hasParts = typeof value === "object" && value !== null && !(value instanceof SafeString);
  return hasParts ? textOf(value) : value;
}

function turnsOf(list: unknown): number {
  if (typeof list === "string" || Array.isArray(list)) return list.length;
  return typeof list === "object" && list !== null ? Object.keys(list).length : 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A record's own keys alone, so that a missing one is no function of JavaScript's; then Python's methods of a dict. */
function lookUp(record: Record<string, unknown>, key: string): unknown {
  if (Object.hasOwn(record, key)) {
    const value = record[key];
    return typeof value === "function" ? (...values: unknown[]) => value.apply(record, values) : value;
  }
  switch (key) {
    case "items":
      return () => Object.entries(record);
    case "keys":
      return () => Object.keys(record);
    case "values":
      return () => Object.values(record);
    case "get":
      return (name: unknown, other?: unknown) =>
        Object.hasOwn(record, String(name)) ? record[String(name)] : other;
    default:
      return undefined;
  }
}
