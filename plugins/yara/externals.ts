/**
 * The external variables that the rule world expects, as Loki and THOR define them.
 *
 * @module
 */

import { type PayloadView, type Plain, quote } from "../../src/plugin/define.ts";
import type { Externals, ExternalValue } from "./engine.ts";
import { YaraError } from "./failure.ts";
import { fileType } from "./file_type.ts";

/** Always defined; empty where nothing is known. */
const STANDARD: Externals = { filename: "", filepath: "", extension: "", filetype: "", owner: "" };

/** Words that YARA keeps for itself: no variable can have such a name. */
const KEYWORDS = new Set(
  ("all and any ascii at base64 base64wide condition contains defined endswith entrypoint false filesize for " +
    "fullword global icontains iendswith iequals import in include int16 int16be int32 int32be int8 int8be " +
    "istartswith matches meta nocase none not of or private rule startswith strings them true uint16 uint16be " +
    "uint32 uint32be uint8 uint8be wide with xor").split(" "),
);

/**
 * All external variables with their values where a payload has none: the standard ones and those of the option.
 *
 * @throws {YaraError} `yara-externals-invalid` when the option is not a record of names and plain values
 */
export function defaultExternals(option: unknown): Externals {
  if (option === undefined || option === null) return STANDARD;
  if (typeof option !== "object" || Array.isArray(option)) {
    throw invalid(`it is ${quote(option)}, should be an object of names and values`);
  }
  for (const [name, value] of Object.entries(option)) checkExternal(name, value);
  return { ...STANDARD, ...option };
}

function checkExternal(name: string, value: unknown): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name) || KEYWORDS.has(name)) {
    throw invalid(`${quote(name)} is a name, should be an identifier of YARA and none of its keywords`);
  }
  const isValue = typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
  if (!isValue) throw invalid(`${quote(name)} is ${quote(value)}, should be a string, number or boolean`);
  if (Object.hasOwn(STANDARD, name) && typeof value !== "string") {
    throw invalid(`${quote(name)} is ${quote(value)}, should be a string`);
  }
}

function invalid(reason: string): YaraError {
  return new YaraError("yara-externals-invalid", `Failed to read the option "externals": ${reason}`);
}

/** What a payload's metadata and earlier results say: only variables that are known. */
export function payloadExternals(payload: PayloadView): Externals {
  const { extraData } = payload.payloadMeta;
  const name = text(extraData.filename);
  const known: Record<string, ExternalValue> = {};
  if (name !== undefined) {
    known.filename = baseName(name);
    known.extension = extension(known.filename);
  }
  const path = text(extraData.path) ?? joined(text(extraData.source_dir), name);
  if (path !== undefined) known.filepath = path;
  const owner = text(extraData.owner);
  if (owner !== undefined) known.owner = owner;
  const type = fileType(payload.content, mediaType(payload.results?.workers?.mimetype));
  if (type !== undefined) known.filetype = type;
  return known;
}

function text(value: Plain | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function joined(folder: string | undefined, name: string | undefined): string | undefined {
  if (folder === undefined || name === undefined) return name;
  return folder.endsWith("/") || folder.endsWith("\\") ? folder + name : `${folder}/${name}`;
}

/** Names come from Windows and POSIX alike, and from inside archives. */
function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** In lower case with its dot, as Loki does it; a leading dot makes no extension. */
function extension(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot).toLowerCase() : "";
}

function mediaType(results: Plain | undefined): string | undefined {
  if (typeof results !== "object" || results === null || !("mimetype" in results)) return undefined;
  return text(results.mimetype);
}
