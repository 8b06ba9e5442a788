/**
 * The schema of `cases.json`, from which its type, its reader and the published JSON Schema come.
 *
 * @module
 */

import { type Role, ROLES } from "../core/contract/contract.ts";
import type { Plain } from "../core/contract/plain.ts";
import { v } from "../deps/valibot.ts";
import { EXPECTED_OF_ROLE, MATCHERS } from "./case.ts";
import { check, field, object, oneOf, optional, recordOf, TEXT, text, TEXTS } from "./shape.ts";

/** Most cases of a plugin. */
export const MAX_CASES = 1000;

/** Most deliveries that are taken from a provider. */
export const MAX_DELIVERIES = 1000;

const PATH_PHRASE = "a path below its folder, with / between names and without ..";
const PATH = v.pipe(
  // deno-lint-ignore no-control-regex
  text(/^(?!\.{0,2}(?:\/|$))(?!.*\/\.{0,2}(?:\/|$))[^\x00-\x1f\x7f-\x9f\\:]+$/, PATH_PHRASE),
  v.maxLength(200, PATH_PHRASE),
);
// deno-lint-ignore no-control-regex
const NAME = text(/^[^\x00-\x1f\x7f-\x9f]{1,120}$/, "one line of at most 120 characters");
const BASE64 = text(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "base64");
const RECORD = recordOf(TEXT, v.unknown() as v.GenericSchema<Plain>);
const SWITCH = v.boolean("true or false");
const COUNT = `an integer of at least 1 and at most ${MAX_DELIVERIES}`;

/** Bytes: as text, as base64, or in a file of the plugin's `testdata`, which may hold base64. */
const CONTENT = v.pipe(
  object({
    text: v.optional(TEXT),
    base64: v.optional(BASE64),
    file: v.optional(PATH),
    base64_file: v.optional(PATH),
  }),
  check(function* (content) {
    if (Object.keys(content).length !== 1) yield [[], "must have one of text, base64, file, base64_file"];
  }),
  v.metadata({ minProperties: 1, maxProperties: 1 }),
);

const EXPECTED: v.GenericSchema<Plain> = v.lazy((value) =>
  value === undefined ? ANY_EXPECTED : formOf(value)
);
const EXPECTED_LIST = v.array(EXPECTED);
const EXPECTED_RECORD = recordOf(text(/^(?!\$)/, "the name of a field"), EXPECTED);
const SCALAR = v.union([v.null(), v.boolean(), v.number(), v.string()]);
const COMPARISONS = {
  $contains: object({
    $contains: field(
      "A text that has all of these in it",
      v.union(
        [v.string(), v.pipe(v.array(v.string()), v.minLength(1, "text, or a list of text"))],
        "text, or a list of text",
      ),
    ),
  }),
  $includes: object({
    $includes: field("A list that has all of these in it, in any order", v.array(EXPECTED, "a list")),
  }),
  $absent: object({ $absent: field("Not there at all", v.literal(true, "true")) }),
};
const ANY_EXPECTED = v.union([
  SCALAR,
  EXPECTED_LIST,
  EXPECTED_RECORD,
  ...Object.values(COMPARISONS),
]) as v.GenericSchema<Plain>;

/** The form that a value was meant to have, so that a problem names the field that is wrong. */
function formOf(value: unknown): v.GenericSchema<Plain> {
  if (Array.isArray(value)) return EXPECTED_LIST;
  if (typeof value !== "object" || value === null) return SCALAR;
  const comparison = Object.keys(value).find((key) => key.startsWith("$"));
  if (comparison === undefined) return EXPECTED_RECORD;
  const known = MATCHERS.find((name) => name === comparison);
  return known === undefined ? v.never(`a comparison by ${MATCHERS.join(", ")}`) : COMPARISONS[known];
}

const ABOUT_PAYLOAD = ["input", "payload_meta", "results", "dispatch_meta", "request_meta"] as const;
const WITH_PAYLOAD = { needs: ["input"], takes: ABOUT_PAYLOAD } as const;

/** The fields of a case that some roles alone have. */
const FIELDS_OF_ROLE = {
  "worker": WITH_PAYLOAD,
  "dispatcher": WITH_PAYLOAD,
  "deep-dispatcher": WITH_PAYLOAD,
  "provider": { needs: [], takes: ["take"] },
  "source-archiver": { needs: ["task"], takes: ["task"] },
  "dest-archiver": WITH_PAYLOAD,
  "decorator": { needs: [], takes: ABOUT_PAYLOAD },
  "connector": { needs: [], takes: ABOUT_PAYLOAD },
} as const satisfies Readonly<Record<Role, unknown>>;

const SPECIAL_FIELDS = [...ABOUT_PAYLOAD, "task", "take"] as const;

function expectedOf(role: Role): readonly string[] {
  return [...EXPECTED_OF_ROLE[role], "errors"];
}

function missingFor(role: Role): readonly string[] {
  const takes: readonly string[] = FIELDS_OF_ROLE[role].takes;
  return SPECIAL_FIELDS.filter((name) => !takes.includes(name));
}

/** One case. */
const CASE = v.pipe(
  object({
    name: field("Says what the case shows; no two cases of a plugin share one", NAME),
    role: field("The role in which the plugin is called", oneOf(ROLES)),
    input: optional("The payload; of a decorator or connector the one that its response is about", CONTENT),
    payload_meta: optional(
      "Metadata of the payload",
      object({
        should_archive: v.optional(SWITCH),
        should_scan: v.optional(SWITCH),
        extra_data: v.optional(RECORD),
        dispatch_to: v.optional(TEXTS),
      }),
    ),
    results: optional("Worker → its results, of workers that ran before", RECORD),
    dispatch_meta: optional("Dispatcher → what it passes to the worker", RECORD),
    request_meta: optional(
      "Metadata of the request",
      object({
        archive_payloads: v.optional(SWITCH),
        source: v.optional(v.union([v.string(), v.null()], "text")),
        extra_data: v.optional(RECORD),
      }),
    ),
    task: optional("What a source archiver is asked for; ${tmp} is the case's temporary folder", RECORD),
    options: optional(
      "Options that differ from the manifest's defaults, in snake_case; ${tmp} is the case's temporary folder, ${plugin} the " +
        "plugin's, and a relative path starts in ${tmp}",
      RECORD,
    ),
    files: optional(
      "Files of the temporary folder before the call, by their path in it",
      recordOf(PATH, CONTENT),
    ),
    take: optional(
      "Number of deliveries after which a provider is stopped, if it does not end on its own",
      v.pipe(v.number(COUNT), v.integer(COUNT), v.minValue(1, COUNT), v.maxValue(MAX_DELIVERIES, COUNT)),
    ),
    expect: optional(
      "A part of what comes out: of objects the fields named here, of lists all items. An error that is not expected fails the " +
        "case. `stoq test FOLDER --update` writes it.",
      recordOf(TEXT, EXPECTED),
    ),
  }),
  check(function* (fields) {
    const { role, expect } = fields;
    for (const name of FIELDS_OF_ROLE[role].needs) {
      if (fields[name] === undefined) yield [[name], `is missing, the case of a ${role} needs it`];
    }
    for (const name of missingFor(role)) {
      if (Object.hasOwn(fields, name)) yield [[name], `means nothing to a ${role}`];
    }
    if (expect === undefined) return;
    const known = expectedOf(role);
    if (Object.keys(expect).length === 0) yield [["expect"], `must have one or more of ${known.join(", ")}`];
    for (const name of Object.keys(expect)) {
      if (!known.includes(name)) yield [["expect", name], `is not a field, known are ${known.join(", ")}`];
    }
  }),
  v.metadata({
    allOf: ROLES.map((role) => ({
      if: { properties: { role: { const: role } } },
      then: {
        required: FIELDS_OF_ROLE[role].needs,
        properties: {
          ...Object.fromEntries(missingFor(role).map((name) => [name, false])),
          expect: { minProperties: 1, propertyNames: { enum: expectedOf(role) } },
        },
      },
    })),
  }),
);

/** The content of `cases.json`. */
export const CASES = v.pipe(
  object({
    $schema: v.optional(TEXT),
    cases: v.pipe(
      v.array(CASE, "a list"),
      check(function* (cases) {
        if (cases.length > MAX_CASES) {
          return yield [[], `must have at most ${MAX_CASES} items, got ${cases.length}`];
        }
        const names = cases.map(({ name }) => name);
        for (const [index, name] of names.entries()) {
          if (names.indexOf(name) < index) {
            yield [[index, "name"], `must be unique, got ${JSON.stringify(name)} again`];
          }
        }
      }),
      v.metadata({ maxItems: MAX_CASES }),
    ),
  }),
  v.title("Cases of a stoQ plugin, which `stoq test` runs"),
);

/** A case as `cases.json` has it. */
export type CaseFields = v.InferOutput<typeof CASE>;

/** Bytes of a case. */
export type CaseContent = v.InferOutput<typeof CONTENT>;

/** Parts of a file of cases that have a name of their own. */
export const CASE_PARTS = { case: CASE, content: CONTENT, expected: ANY_EXPECTED, path: PATH };
