/**
 * Lookup of imports by names, ordinals and regular expressions.
 *
 * @module
 */

import type { RegexpTest } from "../module_value.ts";
import type { FunctionRecord, LibraryRecord } from "./imports.ts";

/** What is asked of a name: a text, an ordinal, a regular expression, or nothing. */
export type ImportCriterion = string | number | bigint | RegexpTest | undefined;

/** Functions of one library name. */
interface Imported {
  readonly functions: readonly FunctionRecord[];
  /** Lower-case name → how many there are. */
  readonly names: ReadonlyMap<string, number>;
  readonly ordinals: ReadonlyMap<number, number>;
}

/** The imports of a file by their names, which don't depend on case. */
export class ImportLookup {
  readonly #libraries: readonly LibraryRecord[];
  #byName: ReadonlyMap<string, Imported> | undefined;

  constructor(libraries: readonly LibraryRecord[]) {
    this.#libraries = libraries;
  }

  /** How many functions meet both; undefined: not known. */
  count(library: string | RegexpTest, wanted: ImportCriterion): number | undefined {
    if (typeof library !== "string") return this.#countByRegexp(library, wanted as RegexpTest);
    const imported = this.#named(library);
    if (!imported) return 0;
    if (wanted === undefined) return imported.functions.length;
    if (typeof wanted === "string") return imported.names.get(wanted.toLowerCase()) ?? 0;
    return imported.ordinals.get(Number(wanted)) ?? 0;
  }

  /** Address of the first function that meets both; `null`: there is none. */
  addressOf(library: string, wanted: string | number | bigint): number | null {
    const functions = this.#named(library)?.functions ?? [];
    const isWanted = typeof wanted === "string"
      ? ({ name }: FunctionRecord) => name?.toLowerCase() === wanted.toLowerCase()
      : ({ ordinal }: FunctionRecord) => ordinal === Number(wanted);
    return functions.find(isWanted)?.rva ?? null;
  }

  #named(library: string): Imported | undefined {
    this.#byName ??= byName(this.#libraries);
    return this.#byName.get(library.toLowerCase());
  }

  #countByRegexp(library: RegexpTest, wanted: RegexpTest): number | undefined {
    let count = 0;
    for (const { library_name, functions } of this.#libraries) {
      const isLibrary = library(library_name);
      if (isLibrary === undefined) return undefined;
      if (!isLibrary) continue;
      for (const { name } of functions) {
        const isFunction = name !== null && wanted(name);
        if (isFunction === undefined) return undefined;
        if (isFunction) count++;
      }
    }
    return count;
  }
}

function byName(libraries: readonly LibraryRecord[]): Map<string, Imported> {
  const groups = Map.groupBy(libraries, ({ library_name }) => library_name.toLowerCase());
  return new Map([...groups].map(([name, group]) => {
    const functions = group.flatMap(({ functions }) => functions);
    return [name, { functions, names: tally(functions, "name"), ordinals: tally(functions, "ordinal") }];
  }));
}

function tally(functions: readonly FunctionRecord[], key: "name"): Map<string, number>;
function tally(functions: readonly FunctionRecord[], key: "ordinal"): Map<number, number>;
function tally(
  functions: readonly FunctionRecord[],
  key: "name" | "ordinal",
): Map<string | number, number> {
  const counts = new Map<string | number, number>();
  for (const item of functions) {
    const value = item[key];
    if (value === null) continue;
    const own = typeof value === "string" ? value.toLowerCase() : value;
    counts.set(own, (counts.get(own) ?? 0) + 1);
  }
  return counts;
}
