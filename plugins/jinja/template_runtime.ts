/**
 * The functions that compiled templates call instead of nunjucks' own: metered, and safe for hostile data.
 *
 * @module
 */

import { harmless } from "../../src/plugin/kit/mod.ts";
import type { TemplateRuntime } from "./deps.ts";
import type { OutputMeter } from "./output_meter.ts";
import { textOf } from "./outline.ts";

/** Returns the functions, based on nunjucks' own. */
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
      meter.loop(iterationsOf(list));
      return list;
    },
    memberLookup(object, key) {
      if (isRecord(object)) return lookUp(object, String(key));
      // From any value this leads to code: `"".constructor.constructor("…")()`.
      if (key === "constructor" || key === "__proto__") return undefined;
      return base.memberLookup(object, key);
    },
  };
}

/** Returns records and lists as JSON: their own `toString` can't be trusted, and `[object Object]` says nothing. */
function printedForm(value: unknown, { SafeString }: TemplateRuntime): unknown {
  const hasParts = typeof value === "object" && value !== null && !(value instanceof SafeString);
  return hasParts ? textOf(value) : value;
}

function iterationsOf(list: unknown): number {
  if (typeof list === "string" || Array.isArray(list)) return list.length;
  return typeof list === "object" && list !== null ? Object.keys(list).length : 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Finds a record's own keys, then Python's methods of a dict; a missing key is never a method of JavaScript. */
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
