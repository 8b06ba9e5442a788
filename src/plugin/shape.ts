/**
 * Parts of the schemas of manifests, cases and the lock, and the words for what does not fit them.
 *
 * The message of a part is a noun phrase that follows `must be`; messages of fields, and of checks that call
 * {@linkcode refuse}, are whole predicates.
 *
 * @module
 */

import { nearestName } from "../core/contract/nearest.ts";
import { isRecord } from "../core/contract/plain.ts";
import { printable } from "../core/contract/printable.ts";
import { v } from "../deps/valibot.ts";
import { brief } from "./option_value.ts";

/** What a schema reads, read-only to its leaves. */
export type Shape<T extends v.GenericSchema> = DeepReadonly<v.InferOutput<T>>;

type DeepReadonly<T> = T extends readonly (infer Item)[] ? readonly DeepReadonly<Item>[]
  : T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
  : T;

/** Text of any kind. */
export const TEXT = v.string("text");

/** A list of text. */
export const TEXTS = v.array(TEXT, "a list of text");

/** Text of one line. */
export const LINE = text(/^[^\n]+$/, "one line of text");

/** Text that matches a pattern. */
export function text(pattern: RegExp, phrase: string) {
  return v.pipe(v.string(phrase), v.regex(pattern, phrase));
}

/** One of some words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return v.picklist(words, `one of ${words.join(", ")}`);
}

/** A field with its documentation. */
export function field<const T extends v.GenericSchema>(doc: string, schema: T) {
  return v.pipe(schema, v.description<v.InferOutput<T>, string>(doc));
}

/** A field that may be absent, with its documentation. */
export function optional<const T extends v.GenericSchema>(doc: string, schema: T) {
  return field(doc, v.optional(schema));
}

/** An object with these fields and no others. */
export function object<const T extends v.ObjectEntries>(entries: T) {
  const known = Object.keys(entries);
  const schema = v.strictObject(entries, ({ expected, path }) => {
    if (expected === "Object") return "an object";
    const name = String(path![0].key);
    if (expected !== "never") return `is missing, must be ${phraseOf(entries[name]!)}`;
    const nearest = nearestName(name, known);
    return `is not a field, ${nearest ? `did you mean "${nearest}"?` : `known are ${known.join(", ")}`}`;
  });
  return recordsOnly(schema, schema["~run"].bind(schema));
}

/** An object with any keys of one form and values of one form. valibot itself passes over the key `constructor`. */
export function recordOf<const T extends v.GenericSchema>(key: v.GenericSchema<string, string>, value: T) {
  const run: Run = ({ value: input }, config) => {
    let typed = true;
    const issues: v.BaseIssue<unknown>[] = [];
    const entries = Object.entries(input as Record<string, unknown>).map(([name, item]) => {
      const path = pathItem(input, name);
      const reading = value["~run"]({ value: item }, config);
      for (const found of [key["~run"]({ value: name }, config), reading]) {
        typed &&= found.typed === true;
        for (const issue of found.issues ?? []) {
          issues.push({ ...issue, path: [path, ...(issue.path ?? [])] });
        }
      }
      return [name, reading.value] as const;
    });
    return { typed, value: Object.fromEntries(entries), issues: issues.length > 0 ? issues : undefined };
  };
  return recordsOnly(v.record(key, value, "an object"), run);
}

type Run = (
  dataset: v.UnknownDataset,
  config: v.Config<v.BaseIssue<unknown>>,
) => { readonly typed?: boolean; readonly value: unknown; readonly issues?: v.BaseIssue<unknown>[] };

/** The schema with a guard: to valibot a list is an object, too. */
function recordsOnly<T extends v.GenericSchema>(schema: T, run: Run): T {
  return {
    ...schema,
    "~run"(dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) {
      if (isRecord(dataset.value)) return run(dataset, config);
      v._addIssue(schema, "type", dataset, config);
      return dataset;
    },
  };
}

/** A check that gives a value's problems as predicates, each with the path of its field below the value. */
export function check<T>(
  problemsOf: (value: T) => Iterable<readonly [path: readonly (string | number)[], predicate: string]>,
) {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [path, message] of problemsOf(dataset.value)) {
      const items = path.map((key) => pathItem(dataset.value, key));
      addIssue({ message, path: items.length > 0 ? items as [v.IssuePathItem] : undefined });
    }
  });
}

function pathItem(input: unknown, key: string | number): v.IssuePathItem {
  return { type: "unknown", origin: "value", input, key, value: undefined };
}

/** What reading found: a value that fits its schema, or everything that is wrong with it. */
export type Reading<T> =
  | { readonly value: T; readonly problems?: undefined }
  | {
    readonly value?: undefined;
    /** Fit for a terminal. */
    readonly problems: readonly string[];
  };

/** Parses JSON text. */
export function parseJson(json: string): Reading<unknown> {
  try {
    return { value: JSON.parse(json) };
  } catch (error) {
    return { problems: [printable(`not JSON: ${(error as SyntaxError).message}`)] };
  }
}

/** Reads JSON text as a schema describes it. */
export function readJson<T extends v.GenericSchema>(schema: T, json: string): Reading<v.InferOutput<T>> {
  const { value, problems } = parseJson(json);
  return problems ? { problems } : readShape(schema, value);
}

/** Reads data as a schema describes it. */
export function readShape<T extends v.GenericSchema>(schema: T, value: unknown): Reading<v.InferOutput<T>> {
  const { success, output, issues } = v.safeParse(schema, value);
  return success ? { value: output } : { problems: issues.map((issue) => printable(problemOf(issue))) };
}

/** Longest part of a name in a problem. */
const MAX_NAME_LENGTH = 80;

function problemOf({ type, expected, message, input, path }: v.BaseIssue<unknown>): string {
  const isPredicate = type === "raw_check" || (type === "strict_object" && expected !== "Object");
  const predicate = isPredicate ? message : `must be ${message}, got ${brief(input)}`;
  if (path === undefined) return predicate;
  const name = path.map(({ key }) =>
    typeof key === "number" ? `[${key}]` : `.${String(key).slice(0, MAX_NAME_LENGTH)}`
  );
  return `"${name.join("").replace(/^\./, "")}" ${predicate}`;
}

/** What a value of a schema must be: the phrase of its last part. */
function phraseOf(schema: object): string {
  const parts: readonly object[] = "pipe" in schema ? (schema.pipe as object[]).toReversed() : [schema];
  for (const part of parts) {
    if (part !== schema && "pipe" in part) return phraseOf(part);
    if ("message" in part && typeof part.message === "string") return part.message;
  }
  return "an object";
}
