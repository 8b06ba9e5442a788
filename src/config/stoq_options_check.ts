/**
 * Checks the options that a caller of the library passes.
 *
 * @module
 */

import { nearestHint } from "../core/contract/nearest.ts";
import { isRecord } from "../core/contract/plain.ts";
import { brief, readOptionData } from "../plugin/option_value.ts";
import { LIBRARY_ENTRIES, type OptionRecord, REMOVED_OPTIONS } from "./option_table.ts";
import type { StoqOptions } from "./stoq_options.ts";

const RECORDS: ReadonlyMap<string, OptionRecord> = new Map<string, OptionRecord>([
  ["stoqHome", { type: "path", doc: "" }],
  ...LIBRARY_ENTRIES,
]);

/** Options that hold those of plugins, whose manifests are read later. */
const PLUGIN_RECORDS = ["pluginOpts", "sandbox"];

/** Checks names and values. @throws {TypeError} that names every unknown key and every value of the wrong type or size */
export function checkStoqOptions(options: StoqOptions): void {
  const problems = Object.entries(options).flatMap(([key, value]) => {
    if (Object.hasOwn(REMOVED_OPTIONS, key)) return [];
    const record = RECORDS.get(key);
    if (!record && !PLUGIN_RECORDS.includes(key)) {
      return `"${key}" is not an option of Stoq${nearestHint(key, [...RECORDS.keys(), ...PLUGIN_RECORDS])}`;
    }
    if (value === undefined) return [];
    if (!record) return pluginRecordProblems(key, value);
    const reading = readOptionData(record, value, { resolvePath: (path) => path });
    return "problem" in reading ? `${key} ${reading.problem}` : [];
  });
  if (problems.length > 0) throw new TypeError(problems.join("\n"));
}

function pluginRecordProblems(key: string, value: unknown): string[] {
  if (!isRecord(value)) return [`${key} must be an object of plugins, got ${brief(value)}`];
  return Object.entries(value).flatMap(([plugin, options]) =>
    isRecord(options) ? [] : `${key}.${plugin} must be an object of options, got ${brief(options)}`
  );
}
