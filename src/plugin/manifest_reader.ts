/**
 * Reads `manifest.json`: the checks of `manifest.schema.json`, with words for people.
 *
 * @module
 */

import { type Role, ROLES } from "../core/contract/contract.ts";
import { SEVERITIES } from "../core/contract/findings.ts";
import type { Manifest, OptionDeclaration } from "./manifest.ts";
import { NEEDS, OPTION_TYPES, PERMISSIONS } from "./manifest.ts";
import { checkOptionValue } from "./option_value.ts";

/** A manifest, or everything that is wrong with it. */
export type ManifestReading =
  | { readonly manifest: Manifest; readonly problems?: undefined }
  | { readonly manifest?: undefined; readonly problems: readonly string[] };

const NAME = /^[a-z][a-z0-9_-]{0,63}$/;
const OPTION_NAME = /^[a-z][a-z0-9_]{0,63}$/;
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
const FIELDS = [
  "name",
  "version",
  "description",
  "roles",
  "api",
  "options",
  "permissions",
  "requires",
  "interprets_payloads",
  "outputs",
  "acknowledges",
  "prints",
  "max_response_bytes",
  "media_types",
  "findings",
  "summary",
  "needs",
  "references",
  "limitations",
];
/** Fields that a manifest of API 1 does not have. */
const FIELDS_OF_API_2 = ["findings", "summary", "needs"];
const FINDING_CODE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const FINDING_FIELDS = ["title", "severity", "attack", "doc", "dynamic"];
const TECHNIQUE = /^T\d{4}(?:\.\d{3})?$/;
const OPTION_FIELDS = ["type", "default", "unit", "doc", "choices", "minimum", "maximum", "required_for"];

/** Least that a connector must take at once: a payload's entry and the records about it fit into that. */
const MIN_RESPONSE_BYTES = 10_000;

/** Reads a manifest from its JSON text. */
export function readManifest(text: string): ManifestReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problems: [`not JSON: ${(error as SyntaxError).message}`] };
  }
  return checkManifest(value);
}

/** Checks a manifest that was parsed already. */
export function checkManifest(value: unknown): ManifestReading {
  if (!isRecord(value)) return { problems: ["must be an object"] };
  const check = new ManifestCheck();
  check.noOtherFields("", value, FIELDS);
  check.matches("name", value.name, NAME, "lower-case letters, digits, - and _, starting with a letter");
  check.matches("version", value.version, VERSION, "a semantic version such as 1.0.0");
  check.matches("description", value.description, /^[^\n]+$/, "one line of text");
  check.roles(value.roles);
  check.integer("api", value.api);
  for (const list of ["requires", "media_types", "summary", "references", "limitations"]) {
    check.texts(list, value[list]);
  }
  if (value.interprets_payloads !== undefined && value.interprets_payloads !== false) {
    check.problems.push(
      `"interprets_payloads" is ${show(value.interprets_payloads)}, must be false or absent`,
    );
  }
  check.outputs(value.outputs);
  check.acknowledges(value.acknowledges);
  if (value.prints !== undefined && value.prints !== true) {
    check.problems.push(`"prints" is ${show(value.prints)}, must be true or absent`);
  }
  const { max_response_bytes: maxBytes } = value;
  if (
    maxBytes !== undefined && !(Number.isSafeInteger(maxBytes) && (maxBytes as number) >= MIN_RESPONSE_BYTES)
  ) {
    check.problems.push(
      `"max_response_bytes" must be an integer of at least ${MIN_RESPONSE_BYTES}, got ${show(maxBytes)}`,
    );
  }
  check.permissions(value.permissions);
  check.options(value.options);
  check.findings(value.findings);
  check.some("needs", value.needs, NEEDS);
  if (value.api === 1) check.absent(value, FIELDS_OF_API_2);
  return check.problems.length > 0
    ? { problems: check.problems }
    : { manifest: value as unknown as Manifest };
}

class ManifestCheck {
  readonly problems: string[] = [];

  noOtherFields(where: string, record: Record<string, unknown>, known: readonly string[]): void {
    for (const field of Object.keys(record)) {
      if (!known.includes(field)) {
        this.problems.push(`"${where}${field}" is not a field, known are ${known.join(", ")}`);
      }
    }
  }

  matches(field: string, value: unknown, pattern: RegExp, expected: string): void {
    if (typeof value === "string" && pattern.test(value)) return;
    this.problems.push(`"${field}" is ${show(value)}, must be ${expected}`);
  }

  roles(value: unknown, field = "roles"): void {
    if (Array.isArray(value) && value.length > 0 && value.every((role) => ROLES.includes(role as Role))) {
      return;
    }
    this.problems.push(`"${field}" is ${show(value)}, must be a list of ${ROLES.join(", ")}`);
  }

  integer(field: string, value: unknown): void {
    if (Number.isSafeInteger(value) && (value as number) > 0) return;
    this.problems.push(`"${field}" is ${show(value)}, must be a positive integer`);
  }

  texts(field: string, value: unknown): void {
    if (value === undefined || (Array.isArray(value) && value.every((item) => typeof item === "string"))) {
      return;
    }
    this.problems.push(`"${field}" is ${show(value)}, must be a list of text`);
  }

  outputs(value: unknown): void {
    if (value === undefined) return;
    if (!isRecord(value)) return void this.problems.push(`"outputs" is ${show(value)}, must be an object`);
    this.noOtherFields("outputs.", value, ROLES);
    for (const role of ROLES) this.texts(`outputs.${role}`, value[role]);
  }

  acknowledges(value: unknown): void {
    if (value === undefined || value === true) return;
    if (!isRecord(value)) {
      return void this.problems.push(
        `"acknowledges" is ${show(value)}, must be true or an object of options`,
      );
    }
    for (const [option, values] of Object.entries(value)) {
      this.texts(`acknowledges.${option}`, values ?? null);
    }
  }

  permissions(value: unknown): void {
    if (value === undefined) return;
    if (!isRecord(value)) {
      return void this.problems.push(`"permissions" is ${show(value)}, must be an object`);
    }
    this.noOtherFields("permissions.", value, PERMISSIONS);
    for (const name of PERMISSIONS) this.texts(`permissions.${name}`, value[name]);
  }

  options(value: unknown): void {
    if (value === undefined) return;
    if (!isRecord(value)) return void this.problems.push(`"options" is ${show(value)}, must be an object`);
    for (const [name, declaration] of Object.entries(value)) this.#option(name, declaration);
  }

  findings(value: unknown): void {
    if (value === undefined) return;
    if (!isRecord(value)) return void this.problems.push(`"findings" is ${show(value)}, must be an object`);
    for (const [code, declaration] of Object.entries(value)) this.#finding(code, declaration);
  }

  #finding(code: string, value: unknown): void {
    const where = `findings.${code}`;
    if (!FINDING_CODE.test(code)) this.problems.push(`"${where}" is not a code in kebab-case`);
    if (!isRecord(value)) return void this.problems.push(`"${where}" is ${show(value)}, must be an object`);
    this.noOtherFields(`${where}.`, value, FINDING_FIELDS);
    this.matches(`${where}.title`, value.title, /^[^\n]+$/, "one line of text");
    this.matches(`${where}.doc`, value.doc, /\S/, "text");
    if (!SEVERITIES.some((severity) => severity === value.severity)) {
      this.problems.push(
        `"${where}.severity" is ${show(value.severity)}, must be one of ${SEVERITIES.join(", ")}`,
      );
    }
    if (value.attack !== undefined) {
      const ids = Array.isArray(value.attack) ? value.attack : [value.attack];
      for (const id of ids) {
        this.matches(`${where}.attack`, id, TECHNIQUE, "a list of ATT&CK ids such as T1059.001");
      }
    }
    if (value.dynamic !== undefined && typeof value.dynamic !== "boolean") {
      this.problems.push(`"${where}.dynamic" is ${show(value.dynamic)}, must be true or false`);
    }
  }

  some(field: string, value: unknown, known: readonly string[]): void {
    if (value === undefined) return;
    if (Array.isArray(value) && value.every((item) => known.includes(item as string))) return;
    this.problems.push(`"${field}" is ${show(value)}, must be a list of ${known.join(", ")}`);
  }

  absent(record: Record<string, unknown>, fields: readonly string[]): void {
    for (const field of fields.filter((field) => record[field] !== undefined)) {
      this.problems.push(`"${field}" needs "api": 2, got 1`);
    }
  }

  #option(name: string, value: unknown): void {
    const where = `options.${name}`;
    if (!OPTION_NAME.test(name)) this.problems.push(`"${where}" is not a name in snake_case`);
    if (!isRecord(value)) return void this.problems.push(`"${where}" is ${show(value)}, must be an object`);
    this.noOtherFields(`${where}.`, value, OPTION_FIELDS);
    this.matches(`${where}.doc`, value.doc, /^[^\n]+$/, "one line of text");
    this.texts(`${where}.choices`, value.choices);
    if (value.required_for !== undefined) this.roles(value.required_for, `${where}.required_for`);
    for (const bound of ["unit", "minimum", "maximum"] as const) {
      const expected = bound === "unit" ? "string" : "number";
      if (value[bound] !== undefined && typeof value[bound] !== expected) {
        this.problems.push(`"${where}.${bound}" is ${show(value[bound])}, must be a ${expected}`);
      }
    }
    if (!OPTION_TYPES.some((type) => type === value.type)) {
      this.problems.push(`"${where}.type" is ${show(value.type)}, must be one of ${OPTION_TYPES.join(", ")}`);
    } else if (value.default !== undefined) {
      const reading = checkOptionValue(value as unknown as OptionDeclaration, value.default);
      if ("problem" in reading) this.problems.push(`"${where}.default" ${reading.problem}`);
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, 80);
}
