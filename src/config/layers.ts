/**
 * Sources of option values, strongest first: constructor, flags, environment, `stoq.cfg`.
 *
 * @module
 */

import { nearestHint } from "../core/contract/nearest.ts";
import { printable } from "../core/contract/printable.ts";
import type { OptionDeclaration } from "../plugin/manifest.ts";
import {
  type OptionBase,
  type OptionReading,
  readOptionData,
  readOptionText,
} from "../plugin/option_value.ts";
import type { CfgDocument } from "./cfg_reader.ts";
import { snakeCase } from "../plugin/option_name.ts";
import { OPTION_ENTRIES, type OptionRecord, REMOVED_ENTRIES } from "./option_table.ts";

/** A value as it was set, and its place: `stoq.cfg line 3: max_recursion`. */
export interface SetValue {
  readonly where: string;
  /** Data from a caller of the library, or text. */
  readonly raw: { readonly data: unknown } | { readonly text: string };
  readonly base: OptionBase;
}

/** One source of values. */
export interface Layer {
  /** Whether plugin lists of this source replace all lists of weaker sources. */
  readonly namesPlugins: boolean;
  get(key: string, record: Pick<OptionRecord, "section" | "flag">): SetValue | undefined;
}

/** Values from a caller of the library. */
export function givenLayer(given: Readonly<Record<string, unknown>>, base: OptionBase): Layer {
  return {
    namesPlugins: true,
    get: (key) => given[key] === undefined ? undefined : { where: key, raw: { data: given[key] }, base },
  };
}

/** Values of flags; a list flag has its words. */
export function flagLayer(
  flags: ReadonlyMap<string, string | boolean | readonly string[]>,
  base: OptionBase,
): Layer {
  return {
    namesPlugins: true,
    get(key, record) {
      const value = flags.get(key);
      if (value === undefined) return undefined;
      const raw = typeof value === "string" ? { text: value } : { data: value };
      return { where: `--${record.flag?.long}`, raw, base };
    },
  };
}

/** Values of variables `STOQ_<KEY>`; an empty variable counts as not set. */
export function environmentLayer(env: (name: string) => string | undefined, base: OptionBase): Layer {
  return {
    namesPlugins: false,
    get(key, record) {
      if (record.section === undefined) return undefined;
      const name = variableOf(key);
      const text = env(name);
      return text === undefined || text === "" ? undefined : { where: name, raw: { text }, base };
    },
  };
}

/** Returns a note for each variable `STOQ_<KEY>` that sets no option. */
export function unknownVariableNotes(names: readonly string[]): string[] {
  const entries = [...OPTION_ENTRIES, ...REMOVED_ENTRIES].filter(([, { section }]) => section !== undefined);
  const known = ["STOQ_HOME", ...entries.map(([key]) => variableOf(key))];
  return names.filter((name) => name.startsWith(PREFIX) && !known.includes(name)).map((name) =>
    `Environment variable "${printable(name)}" is ignored: it is not an option of stoQ${
      nearestHint(name, known)
    }`
  );
}

const PREFIX = "STOQ_";

function variableOf(key: string): string {
  return `${PREFIX}${snakeCase(key).toUpperCase()}`;
}

/** Values of a configuration file; relative paths start at its folder. */
export function cfgLayer(document: CfgDocument, base: OptionBase): Layer {
  return {
    namesPlugins: false,
    get(key, record) {
      const name = snakeCase(key);
      const entry = record.section && document.sections.get(record.section)?.get(name);
      // A key without value sets nothing.
      if (!entry || entry.value === undefined || entry.value === "") return undefined;
      return {
        where: `${printable(entry.file)} line ${entry.line}: ${name}`,
        raw: { text: entry.value },
        base,
      };
    },
  };
}

/** Reads a set value by its declaration. */
export function readSetValue(declaration: OptionDeclaration, set: SetValue): OptionReading {
  return "text" in set.raw
    ? readOptionText(declaration, set.raw.text, set.base)
    : readOptionData(declaration, set.raw.data, set.base);
}
