/**
 * Reads `cases.json`: the checks of `case.schema.json`, with words for people.
 *
 * @module
 */

import { type Role, ROLES } from "../core/contract/contract.ts";
import { NotPlainError, type Plain, PlainCopier, type PlainRecord } from "../core/contract/plain.ts";
import { type CaseContent, EXPECTED_OF_ROLE, isMatcher, type PluginCase } from "./case.ts";

/** Largest `cases.json`, in bytes. */
export const MAX_CASE_FILE_BYTES = 4_000_000;

/** Most cases of a plugin. */
export const MAX_CASES = 1000;

/** Most deliveries that are taken from a provider. */
export const MAX_DELIVERIES = 1000;

/** The cases of a plugin, or everything that is wrong with them. */
export type CaseReading =
  | { readonly cases: readonly PluginCase[]; readonly problems?: undefined }
  | { readonly cases?: undefined; readonly problems: readonly string[] };

const FIELDS = [
  "name",
  "role",
  "input",
  "payload_meta",
  "results",
  "dispatch_meta",
  "request_meta",
  "task",
  "options",
  "files",
  "take",
  "expect",
];
const CONTENT_FIELDS = ["text", "base64", "file", "base64_file"] as const;
const MATCHERS = ["$contains", "$includes", "$absent"];
const NEEDS_INPUT: readonly Role[] = ["worker", "dispatcher", "deep-dispatcher", "dest-archiver"];
const TAKES_INPUT: readonly Role[] = [...NEEDS_INPUT, "decorator", "connector"];

/** Reads cases from their JSON text. */
export function readCases(text: string): CaseReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problems: [`not JSON: ${(error as SyntaxError).message}`] };
  }
  return checkCases(value);
}

/** Checks cases that were parsed already. */
export function checkCases(value: unknown): CaseReading {
  let record: Plain;
  try {
    // Whatever walks over the cases later counts on their depth.
    record = new PlainCopier(MAX_CASE_FILE_BYTES * 2).copy(value);
  } catch (error) {
    if (!(error instanceof NotPlainError)) throw error;
    return { problems: [error.kind === "size" ? "larger than it may be" : "nested too deeply"] };
  }
  const reader = new CaseReader();
  const cases = reader.document(record);
  return reader.problems.length > 0 ? { problems: reader.problems } : { cases };
}

class CaseReader {
  readonly problems: string[] = [];
  readonly #names = new Set<string>();

  document(value: Plain): PluginCase[] {
    const { $schema: _, cases, ...others } = this.#record("the file", value);
    for (const field of Object.keys(others)) this.problems.push(`"${field}" is not a field, known is cases`);
    if (!Array.isArray(cases)) return this.#refuse("cases", cases, "a list") ?? [];
    if (cases.length > MAX_CASES) {
      this.problems.push(`"cases" has ${cases.length} items, must have at most ${MAX_CASES}`);
      return [];
    }
    return cases.map((item: Plain, index) => this.#case(`cases[${index}]`, item));
  }

  #case(where: string, value: Plain): PluginCase {
    const fields = this.#record(where, value);
    this.#noOtherFields(where, fields, FIELDS);
    const role = this.#role(`${where}.role`, fields.role);
    this.#fieldsOfRole(where, role, fields);
    return {
      name: this.#name(`${where}.name`, fields.name),
      role,
      input: fields.input === undefined ? undefined : this.#content(`${where}.input`, fields.input),
      payloadMeta: this.#payloadMeta(`${where}.payload_meta`, fields.payload_meta),
      results: this.#optional(`${where}.results`, fields.results),
      dispatchMeta: this.#optional(`${where}.dispatch_meta`, fields.dispatch_meta),
      requestMeta: this.#requestMeta(`${where}.request_meta`, fields.request_meta),
      task: this.#optional(`${where}.task`, fields.task),
      options: this.#optional(`${where}.options`, fields.options),
      files: this.#files(`${where}.files`, fields.files),
      take: this.#take(`${where}.take`, fields.take),
      expect: this.#expect(`${where}.expect`, role, fields.expect),
    };
  }

  #fieldsOfRole(where: string, role: Role, fields: PlainRecord): void {
    const isGiven = (field: string) => fields[field] !== undefined;
    if (NEEDS_INPUT.includes(role) && !isGiven("input")) this.#refuse(`${where}.input`, undefined, "given");
    if (role === "source-archiver" && !isGiven("task")) this.#refuse(`${where}.task`, undefined, "given");
    const strangers = [
      ...(TAKES_INPUT.includes(role)
        ? []
        : ["input", "payload_meta", "results", "dispatch_meta", "request_meta"]),
      ...(role === "source-archiver" ? [] : ["task"]),
      ...(role === "provider" ? [] : ["take"]),
    ];
    for (const field of strangers.filter(isGiven)) {
      this.problems.push(`"${where}.${field}" means nothing to a ${role}`);
    }
  }

  #name(where: string, value: Plain | undefined): string {
    if (typeof value !== "string" || !/^[^\p{Cc}]{1,120}$/u.test(value)) {
      return this.#refuse(where, value, "one line of at most 120 characters") ?? "";
    }
    if (this.#names.has(value)) {
      this.problems.push(`"${where}" is ${show(value)}, which another case has, too`);
    }
    this.#names.add(value);
    return value;
  }

  #role(where: string, value: Plain | undefined): Role {
    const role = ROLES.find((known) => known === value);
    return role ?? this.#refuse(where, value, `one of ${ROLES.join(", ")}`) ?? "worker";
  }

  #content(where: string, value: Plain | undefined): CaseContent {
    const fields = this.#record(where, value);
    this.#noOtherFields(where, fields, CONTENT_FIELDS);
    const given = CONTENT_FIELDS.filter((field) => fields[field] !== undefined);
    const [kind] = given;
    const text = kind === undefined ? undefined : fields[kind];
    if (given.length !== 1 || typeof text !== "string") {
      this.problems.push(
        `"${where}" is ${show(value)}, must have one of ${CONTENT_FIELDS.join(", ")}, as text`,
      );
      return { text: "" };
    }
    if (kind === "text") return { text };
    if (kind === "base64") {
      if (!isBase64(text)) this.#refuse(`${where}.base64`, text, "base64");
      return { base64: text };
    }
    this.#path(`${where}.${kind}`, text);
    return kind === "file" ? { file: text } : { base64File: text };
  }

  /** A path that stays below its folder on every system. */
  #path(where: string, path: string): void {
    const isInside = path.length <= 200 && !/[\p{Cc}\\:]/u.test(path) &&
      path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
    if (!isInside) this.#refuse(where, path, "a path below its folder, with / between names and without ..");
  }

  #payloadMeta(where: string, value: Plain | undefined): PluginCase["payloadMeta"] {
    const fields = this.#optional(where, value);
    this.#noOtherFields(where, fields, ["should_archive", "should_scan", "extra_data", "dispatch_to"]);
    return {
      shouldArchive: this.#boolean(`${where}.should_archive`, fields.should_archive),
      shouldScan: this.#boolean(`${where}.should_scan`, fields.should_scan),
      extraData: this.#optional(`${where}.extra_data`, fields.extra_data),
      dispatchTo: fields.dispatch_to === undefined
        ? undefined
        : this.#texts(`${where}.dispatch_to`, fields.dispatch_to),
    };
  }

  #requestMeta(where: string, value: Plain | undefined): PluginCase["requestMeta"] {
    const fields = this.#optional(where, value);
    this.#noOtherFields(where, fields, ["archive_payloads", "source", "extra_data"]);
    const { source = null } = fields;
    if (source !== null && typeof source !== "string") this.#refuse(`${where}.source`, source, "text");
    return {
      archivePayloads: this.#boolean(`${where}.archive_payloads`, fields.archive_payloads),
      source: typeof source === "string" ? source : null,
      extraData: this.#optional(`${where}.extra_data`, fields.extra_data),
    };
  }

  #files(where: string, value: Plain | undefined): PluginCase["files"] {
    const files = Object.entries(this.#optional(where, value)).map(([path, content]) => {
      this.#path(where, path);
      return [path, this.#content(`${where}.${path}`, content)] as const;
    });
    return Object.fromEntries(files);
  }

  #take(where: string, value: Plain | undefined): number | undefined {
    if (value === undefined) return undefined;
    const isCount = Number.isSafeInteger(value) && (value as number) >= 1 &&
      (value as number) <= MAX_DELIVERIES;
    return isCount
      ? value as number
      : this.#refuse(where, value, `an integer of at least 1 and at most ${MAX_DELIVERIES}`);
  }

  #expect(where: string, role: Role, value: Plain | undefined): PlainRecord | undefined {
    if (value === undefined) return undefined;
    const fields = this.#record(where, value);
    const known = [...EXPECTED_OF_ROLE[role], "errors"];
    this.#noOtherFields(where, fields, known);
    if (Object.keys(fields).length === 0) {
      this.#refuse(where, value, `something, one or more of ${known.join(", ")}`);
    }
    for (const [field, expected] of Object.entries(fields)) this.#expected(`${where}.${field}`, expected);
    return fields;
  }

  #expected(where: string, value: Plain | undefined): void {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.#expected(`${where}[${index}]`, item);
    } else if (isMatcher(value)) this.#matcher(where, value as unknown as PlainRecord);
    else for (const [key, item] of Object.entries(value)) this.#expected(`${where}.${key}`, item as Plain);
  }

  #matcher(where: string, matcher: PlainRecord): void {
    const { $contains, $includes, $absent } = matcher;
    const [name, ...others] = Object.keys(matcher);
    const isGood = others.length === 0 && (
      typeof $contains === "string" || (isTexts($contains) && $contains.length > 0) ||
      Array.isArray($includes) || $absent === true
    );
    if (!isGood) {
      const expected =
        `$contains with text, $includes with a list or $absent with true, and nothing beside it`;
      this.#refuse(where, matcher, MATCHERS.includes(name!) ? expected : `one of ${MATCHERS.join(", ")}`);
    }
    if (Array.isArray($includes)) this.#expected(`${where}.$includes`, $includes);
  }

  #boolean(where: string, value: Plain | undefined): boolean | undefined {
    return value === undefined || typeof value === "boolean"
      ? value
      : this.#refuse(where, value, "true or false");
  }

  #texts(where: string, value: Plain | undefined): readonly string[] {
    return isTexts(value) ? value : this.#refuse(where, value, "a list of text") ?? [];
  }

  #optional(where: string, value: Plain | undefined): PlainRecord {
    return value === undefined ? {} : this.#record(where, value);
  }

  #record(where: string, value: Plain | undefined): PlainRecord {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as PlainRecord;
    return this.#refuse(where, value, "an object") ?? {};
  }

  #noOtherFields(where: string, record: PlainRecord, known: readonly string[]): void {
    for (const field of Object.keys(record)) {
      if (!known.includes(field)) {
        this.problems.push(`"${where}.${field.slice(0, 80)}" is not a field, known are ${known.join(", ")}`);
      }
    }
  }

  #refuse(where: string, value: unknown, expected: string): undefined {
    this.problems.push(`"${where}" is ${show(value)}, must be ${expected}`);
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, 80);
}
