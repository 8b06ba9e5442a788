/**
 * Options of the library: those of the table that are about an instance.
 *
 * @module
 */

import { nearestName } from "../core/nearest.ts";
import { type OptionReading, readOptionData } from "../plugin/option_value.ts";
import {
  OPTION_ENTRIES,
  type OptionKey,
  type OptionRecord,
  OPTIONS,
  type OptionValues,
} from "./option_table.ts";

/** Keys that `stoq.cfg` knows too. */
type ConfiguredKey = {
  [K in OptionKey]: (typeof OPTIONS)[K] extends { readonly section: string } ? K : never;
}[OptionKey];

/** What a library's caller may pass; what is absent comes from the environment, `stoq.cfg` or the defaults. */
export interface StoqOptions extends Partial<Pick<OptionValues, ConfiguredKey>> {
  /** Folder of stoQ's own files; default: `STOQ_HOME`, else `.stoq` in the user's home. */
  readonly stoqHome?: string;
  /** Configuration to use instead of `stoq.cfg` in STOQ_HOME. */
  readonly configFile?: string;
  /** Plugin → option → value; names in snake_case as in `stoq.cfg`, or in camelCase. */
  readonly pluginOpts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Whether results say why each plugin ran or did not. */
  readonly explain?: boolean;
}

/** Keys that are not in the table, and those of it that have no place in `stoq.cfg`. */
const OTHER_KEYS: Readonly<Record<string, OptionRecord>> = {
  stoqHome: { type: "path", doc: "" },
  configFile: OPTIONS.configFile,
  explain: OPTIONS.explain,
  pluginOpts: { type: "json", doc: "" },
};

/** @throws {TypeError} that names every unknown key and every value of the wrong type or size */
export function checkStoqOptions(options: StoqOptions): void {
  const configured = OPTION_ENTRIES.filter(([, record]) => record.section !== undefined);
  const records: Readonly<Record<string, OptionRecord>> = {
    ...Object.fromEntries(configured),
    ...OTHER_KEYS,
  };
  const problems = Object.entries(options).flatMap(([key, value]) => {
    const record = Object.hasOwn(records, key) ? records[key] : undefined;
    if (!record) {
      const nearest = nearestName(key, Object.keys(records));
      return `"${key}" is not an option of Stoq${nearest ? `, did you mean "${nearest}"?` : ""}`;
    }
    return value === undefined
      ? []
      : problemOf(key, readOptionData(record, value, { resolvePath: (path) => path }));
  });
  if (problems.length > 0) throw new TypeError(problems.join("\n"));
}

function problemOf(key: string, reading: OptionReading): string[] {
  return "problem" in reading ? [`${key} ${reading.problem}`] : [];
}
