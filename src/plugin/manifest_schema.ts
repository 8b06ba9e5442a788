/**
 * The schema of `manifest.json`, from which its type, its reader and the published JSON Schema come.
 *
 * @module
 */

import { ROLES } from "../core/contract/contract.ts";
import { SEVERITIES } from "../core/contract/findings.ts";
import { v } from "../deps/valibot.ts";
import type { Permission } from "./permission.ts";
import { check, field, LINE, object, oneOf, optional, recordOf, text, TEXTS } from "./shape.ts";

/** Versions of the plugin API that this stoQ speaks. */
const API_VERSIONS = [1, 2] as const;

/** Name of a plugin. */
export const PLUGIN_NAME = text(
  /^[a-z][a-z0-9_-]{0,63}$/,
  "lower-case letters, digits, - and _, starting with a letter",
);
const VERSION = text(
  /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/,
  "a semantic version such as 1.0.0",
);
const ROLE = oneOf(ROLES);
const ROLE_LIST = v.pipe(
  v.array(ROLE, `a list of ${ROLES.join(", ")}`),
  v.minLength(1, `a list of ${ROLES.join(", ")}`),
);

/** Least that a connector must take at once: a payload's entry and the records about it fit into that. */
const MIN_RESPONSE_BYTES = 10_000;
const RESPONSE_BYTES = `an integer of at least ${MIN_RESPONSE_BYTES}`;

const NO_LIMIT = { const: "unlimited" };
/** JSON Schema of a default, by the option's types. */
const DEFAULTS = [
  [["string", "path"], { type: "string" }],
  [["integer", "bytes"], { anyOf: [{ type: "integer" }, NO_LIMIT] }],
  [["number"], { anyOf: [{ type: "number" }, NO_LIMIT] }],
  [["boolean"], { type: "boolean" }],
  [["list", "path-list"], { type: "array", items: { type: "string" } }],
];

const OPTION = v.pipe(
  object({
    type: field(
      "Type of its value. In stoq.cfg a list is separated by commas; a path is absolute, or relative to the file that names it; " +
        "bytes takes units of 10^3, such as 50 MB",
      oneOf(["string", "integer", "number", "boolean", "bytes", "list", "path", "path-list", "json"]),
    ),
    default: optional(
      "A value of the type; without it the plugin gets undefined until the user sets one",
      v.unknown(),
    ),
    unit: optional("Unit of a number, such as s or ms", v.string("text")),
    doc: field("One line", LINE),
    choices: optional("The only strings allowed", TEXTS),
    minimum: optional("Smallest number", v.number("a number")),
    maximum: optional("Largest number", v.number("a number")),
    required_for: optional("Roles that the plugin can't play without the option", ROLE_LIST),
  }),
  v.metadata({
    allOf: DEFAULTS.map(([types, schema]) => ({
      if: { properties: { type: { enum: types } } },
      then: { properties: { default: schema } },
    })),
  }),
);

const FINDING = object({
  title: field("One line, such as: Macro runs when the document is opened", LINE),
  severity: field("How much it matters", oneOf(SEVERITIES)),
  attack: optional(
    "MITRE ATT&CK technique ids, such as T1059.005",
    v.array(
      text(/^T\d{4}(?:\.\d{3})?$/, "an ATT&CK technique id such as T1059.005"),
      "a list of ATT&CK technique ids",
    ),
  ),
  doc: field("What it means, why it matters, and when it is harmless", text(/\S/, "text that is not blank")),
  dynamic: optional("Whether the worker may replace title and severity", v.boolean("true or false")),
});

const PERMISSION_ENTRIES = {
  net: optional("Hosts, with or without port", TEXTS),
  read: optional("Paths to read", TEXTS),
  write: optional("Paths to write", TEXTS),
  env: optional("Environment variables", TEXTS),
  run: optional("Programs", TEXTS),
  sys: optional("Kinds of system information", TEXTS),
  ffi: optional("Native libraries", TEXTS),
} satisfies Readonly<Record<Permission, unknown>>;

/** Permissions that a plugin requests. */
export const PERMISSION_REQUEST = object(PERMISSION_ENTRIES);

/** Fields that API 2 added. */
const SINCE_API_2 = {
  findings: optional(
    "Code in kebab-case → what the finding means; the worker reports no other codes",
    recordOf(text(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "a code in kebab-case"), FINDING),
  ),
  summary: optional("Keys of the worker's results that reports show first", TEXTS),
  needs: optional(
    "What the plugin gets beside the payload: family, the content of its parents and siblings; request, all results so far",
    v.array(oneOf(["family", "request"]), "a list of family, request"),
  ),
};

/** The content of a manifest. */
export const MANIFEST = v.pipe(
  object({
    name: field("The name by which configuration, rules and other plugins call it", PLUGIN_NAME),
    version: field("Semantic version", VERSION),
    description: field("One line", LINE),
    roles: field("The roles that it can play", ROLE_LIST),
    api: field(
      "Version of the plugin API that the plugin was written for; 2 adds findings, summary and needs",
      v.picklist(API_VERSIONS, API_VERSIONS.join(" or ")),
    ),
    options: optional(
      "Name in snake_case → declaration; the plugin sees the name in camelCase",
      recordOf(text(/^[a-z][a-z0-9_]{0,63}$/, "a name in snake_case"), OPTION),
    ),
    permissions: optional(
      "As in Deno's flags; ${option} stands for an option's value, ${option?other} does so only where the other option is set",
      PERMISSION_REQUEST,
    ),
    requires: optional("Workers that must have run on a payload before this one", TEXTS),
    interprets_payloads: optional(
      "false: payloads are bytes without meaning to it, each is read once, and nothing in them changes what it does. Only a plugin " +
        "that ships with stoQ may say so",
      v.literal(false, "false or absent"),
    ),
    outputs: optional(
      "Role → paths of files and folders that the plugin writes in this role, with placeholders; providers deliver nothing from there",
      object(v.entriesFromList(ROLES, v.optional(TEXTS))),
    ),
    acknowledges: optional(
      "Of a provider: it removes, moves or acknowledges what it delivered once that is kept; true, or the option and its values that " +
        "make it do so",
      v.union(
        [v.literal(true), recordOf(v.string(), TEXTS)],
        "true, or an object of options with lists of their values",
      ),
    ),
    prints: optional(
      "Of a connector: it prints to standard output, which keeps nothing where that is a terminal",
      v.literal(true, "true or absent"),
    ),
    max_response_bytes: optional(
      "Of a connector: bytes of compact JSON that its store takes at once; a larger response is saved as a document for each payload, " +
        "and one that is still too large is cut",
      v.pipe(
        v.number(RESPONSE_BYTES),
        v.safeInteger(RESPONSE_BYTES),
        v.minValue(MIN_RESPONSE_BYTES, RESPONSE_BYTES),
      ),
    ),
    media_types: optional("Media types of payloads that the worker parses", TEXTS),
    ...SINCE_API_2,
    references: optional("Specifications and sources", TEXTS),
    limitations: optional("What it does not do", TEXTS),
  }),
  check(function* (manifest) {
    if (manifest.api !== 1) return;
    for (const name of Object.keys(SINCE_API_2)) {
      if (Object.hasOwn(manifest, name)) yield [[name], 'needs "api": 2, got 1'];
    }
  }),
  v.title("Manifest of a stoQ plugin"),
  v.metadata({
    if: { properties: { api: { const: 1 } } },
    then: { properties: Object.fromEntries(Object.keys(SINCE_API_2).map((name) => [name, false])) },
  }),
);

/** Parts of a manifest that have a name of their own. */
export const MANIFEST_PARTS = {
  Role: ROLE,
  OptionDeclaration: OPTION,
  PermissionRequest: PERMISSION_REQUEST,
  FindingDeclaration: FINDING,
};
