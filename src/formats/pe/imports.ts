/**
 * Imports of a PE file, the delayed ones as well.
 *
 * @module
 */

import { DamageLog, type PartialTable } from "../bytes/mod.ts";

import { directoryOf, type PeImage } from "./image.ts";
import { readName, readText } from "./name.ts";
import { offsetInFile, startOfTable } from "./addresses.ts";

/** Longest name of a library that is read, in bytes. */
export const MAX_LIBRARY_NAME_BYTES = 512;
/** Longest name of a function that is read, in bytes. */
export const MAX_FUNCTION_NAME_BYTES = 1_024;

const DESCRIPTOR_BYTES = 20;
const DELAY_DESCRIPTOR_BYTES = 32;
const MAX_U32 = 0xffff_ffff;
const TOP_BIT = 0x8000_0000;
/** Characters that no name of a library has. */
// deno-lint-ignore no-control-regex
const NO_LIBRARY_NAME = /[\x00-\x1f\x7f"*<>?|]/;

/** An imported function. One without name and ordinal has an entry that points nowhere. */
export interface ImportedFunction {
  /** One character for each byte. */
  readonly name: string | undefined;
  readonly ordinal: number | undefined;
  /** Index into the library's table of names, a guess of the linker; imports by ordinal have none. */
  readonly hint: number | undefined;
  /** Relative virtual address of its entry in the table of addresses. */
  readonly rva: number;
}

/** A library and what is imported from it; a library may be listed several times. */
export interface ImportedLibrary {
  /** One character for each byte; undefined if the address of the name is outside the file. */
  readonly name: string | undefined;
  /** Whether the descriptor holds addresses instead of relative ones, as delayed imports of old compilers do. */
  readonly isAbsolute: boolean;
  /** Zero in most files; -1 (as unsigned) or a time in those that were bound. */
  readonly timestamp: number;
  /** Empty if the name can't be one, or if no table of functions is in the file. */
  readonly functions: readonly ImportedFunction[];
}

/** Imports in the order of the file, as far as they can be read. */
export interface ImportTable extends PartialTable {
  readonly libraries: readonly ImportedLibrary[];
}

/** Where the tables of one library are; relative virtual addresses. */
interface Descriptor {
  readonly isAbsolute: boolean;
  readonly timestamp: number;
  readonly name: number;
  readonly nameTable: number;
  readonly addressTable: number;
}

/** Reads the imports. Damage: `bad-directory`, `bad-library-name`, `bad-function-table`, `bad-function`. */
export function readImports(image: PeImage): ImportTable {
  const { reader } = image;
  return readTable(image, "import", DESCRIPTOR_BYTES, reader.sizeBytes, (at) => ({
    isAbsolute: false,
    nameTable: reader.u32(at),
    timestamp: reader.u32(at + 4),
    name: reader.u32(at + 12),
    addressTable: reader.u32(at + 16),
  }));
}

/** Reads the delayed imports; damage is that of {@link readImports}. */
export function readDelayedImports(image: PeImage): ImportTable {
  const { reader } = image;
  const tableBytes = directoryOf(image, "delayImport")?.sizeBytes ?? 0;
  return readTable(image, "delayImport", DELAY_DESCRIPTOR_BYTES, tableBytes, (at) => ({
    isAbsolute: (reader.u32(at) & 1) === 0,
    name: reader.u32(at + 4),
    addressTable: reader.u32(at + 12),
    nameTable: reader.u32(at + 16),
    timestamp: reader.u32(at + 28),
  }));
}

function readTable(
  image: PeImage,
  directory: "import" | "delayImport",
  descriptorBytes: number,
  tableBytes: number,
  descriptorAt: (offset: number) => Descriptor,
): ImportTable {
  const { reader } = image;
  const log = new DamageLog();
  const libraries: ImportedLibrary[] = [];
  log.attempt(() => {
    const start = startOfTable(image, directory, log);
    const end = start === undefined ? 0 : Math.min(start + tableBytes, reader.sizeBytes);
    for (let at = start ?? 0; at + descriptorBytes <= end; at += descriptorBytes) {
      const stored = descriptorAt(at);
      if (stored.name === 0 || (stored.addressTable === 0 && stored.nameTable === 0)) break;
      reader.budget.takeItems(1, at);
      const functions: ImportedFunction[] = [];
      const descriptor = stored.isAbsolute ? withoutBase(image, stored) : stored;
      const name = readName(image, descriptor.name, MAX_LIBRARY_NAME_BYTES, log);
      const { isAbsolute, timestamp } = stored;
      libraries.push({ name, isAbsolute, timestamp, functions });
      if (name === undefined || NO_LIBRARY_NAME.test(name)) {
        log.add("bad-library-name", "The name of an imported library can't be one", at);
      } else {
        readFunctions(image, descriptor, at, functions, log);
      }
    }
  });
  return { libraries, damages: log.damages, isTruncated: log.isTruncated };
}

function withoutBase(
  { optionalHeader }: PeImage,
  { name, nameTable, addressTable, ...rest }: Descriptor,
): Descriptor {
  const base = Number(optionalHeader?.imageBase ?? 0n);
  return {
    ...rest,
    name: Math.max(name - base, 0),
    nameTable: Math.max(nameTable - base, 0),
    addressTable: Math.max(addressTable - base, 0),
  };
}

/** Reads the entries up to a zero; the table of addresses serves where there is no table of names. */
function readFunctions(
  image: PeImage,
  { isAbsolute, nameTable, addressTable }: Descriptor,
  descriptorOffset: number,
  functions: ImportedFunction[],
  log: DamageLog,
): void {
  const { reader, optionalHeader } = image;
  const start = (nameTable > 0 ? offsetInFile(image, nameTable) : undefined) ??
    offsetInFile(image, addressTable);
  if (start === undefined) {
    log.add("bad-function-table", "The table of imported functions must be in the file", descriptorOffset);
    return;
  }
  const is64 = optionalHeader?.is64 ?? false;
  const entryBytes = is64 ? 8 : 4;
  for (let at = start; reader.has(at, entryBytes); at += entryBytes) {
    const low = reader.u32(at);
    const high = is64 ? reader.u32(at + 4) : 0;
    if (low === 0 && high === 0) return;
    reader.budget.takeItems(1, at);
    const rva = Math.min(addressTable + at - start, MAX_U32);
    const entry = readEntry(image, low, high, isAbsolute, log);
    if (!entry) log.add("bad-function", "An imported function must have a name or an ordinal", at);
    functions.push({ name: undefined, ordinal: undefined, hint: undefined, ...entry, rva });
  }
  log.add("bad-function-table", "The table of imported functions must end with a zero", start);
}

/** Reads what an entry refers to; undefined: nothing in the file. */
function readEntry(
  image: PeImage,
  low: number,
  high: number,
  isAbsolute: boolean,
  log: DamageLog,
): Partial<ImportedFunction> | undefined {
  const { reader, optionalHeader } = image;
  const top = optionalHeader?.is64 ? high : low;
  if (top >= TOP_BIT) {
    const isOrdinal = optionalHeader?.is64 ? high === TOP_BIT && low <= 0xffff : low <= TOP_BIT + 0xffff;
    return isOrdinal ? { ordinal: low & 0xffff } : undefined;
  }
  if (high !== 0) return undefined;
  const rva = isAbsolute ? Math.max(low - Number(optionalHeader?.imageBase ?? 0n), 0) : low;
  const place = offsetInFile(image, rva);
  if (place === undefined || !reader.has(place, 2)) return undefined;
  return { hint: reader.u16(place), name: readText(reader, place + 2, MAX_FUNCTION_NAME_BYTES, log) };
}
