/**
 * Imports of a PE file as YARA-X 1.20 shows them.
 *
 * @module
 */

import {
  type ImportedFunction,
  type ImportedLibrary,
  type ImportTable,
  nameOfOrdinal,
  type PeImage,
} from "../../../formats/pe/mod.ts";
import type { ModuleRecord } from "../module_value.ts";
import { isAscii, isFunctionName, isLibraryName } from "./names.ts";

/** Libraries and functions that are known; files with more are left to the engine, which has limits of its own. */
export const MAX_KNOWN_IMPORTS = 16_000;

/** An imported function. */
export interface FunctionRecord extends ModuleRecord {
  readonly name: string;
  readonly ordinal: number | null;
  readonly rva: number;
}

/** A library and what is imported from it; a library may be listed several times. */
export interface LibraryRecord extends ModuleRecord {
  readonly library_name: string;
  readonly number_of_functions: number;
  readonly functions: readonly FunctionRecord[];
}

/** Returns the libraries in the order of the file; undefined: not known. */
export function libraryRecords(
  image: PeImage,
  { libraries, isTruncated }: ImportTable,
): LibraryRecord[] | undefined {
  const count = libraries.reduce((sum, { functions }) => sum + 1 + functions.length, 0);
  if (isTruncated || count > MAX_KNOWN_IMPORTS) return undefined;
  const records: LibraryRecord[] = [];
  for (const library of libraries) {
    if (library.isAbsolute && !hasKnownAddresses(image, library)) return undefined;
    const { name } = library;
    if (name === undefined) continue;
    if (!isAscii(name)) return undefined;
    const functions = isLibraryName(name) ? functionRecords(name, library.functions) : [];
    if (!functions) return undefined;
    if (functions.length === 0) continue;
    records.push({ library_name: name, number_of_functions: functions.length, functions });
  }
  return records;
}

/** Only images of 32 bits have absolute addresses; what the engine makes of others is not known. */
function hasKnownAddresses({ optionalHeader }: PeImage, { functions }: ImportedLibrary): boolean {
  if (!optionalHeader || optionalHeader.imageBase > 0xffff_ffffn) return false;
  return !optionalHeader.is64 ||
    functions.every(({ name, ordinal }) => name !== undefined || ordinal !== undefined);
}

function functionRecords(
  library: string,
  functions: readonly ImportedFunction[],
): FunctionRecord[] | undefined {
  const records: FunctionRecord[] = [];
  for (const { name, ordinal, rva } of functions) {
    if (ordinal !== undefined) records.push({ name: nameOfOrdinal(library, ordinal), ordinal, rva });
    if (name === undefined) continue;
    if (!isAscii(name)) return undefined;
    if (isFunctionName(name)) records.push({ name, ordinal: null, rva });
  }
  return records;
}
