/**
 * Imports of a PE file, the delayed ones as well.
 *
 * @module
 */

import type { ModuleRecord } from "../module_value.ts";
import { nameOfOrdinal } from "./ordinals.ts";
import { BeyondLimits, isAsciiText, MAX_FUNCTION_NAME_BYTES, MAX_LIBRARY_NAME_BYTES } from "./pe_bytes.ts";
import { DIRECTORY, directoryEntry, type PeImage, placeOfAddress, textAtAddress } from "./pe_image.ts";

/** Imported functions and libraries that are read; files with more are left to the engine, which has limits of its own. */
export const MAX_PE_IMPORTS = 16_000;

/** An imported function. */
export interface ImportedFunction extends ModuleRecord {
  /** `null` where an import by name has none that can be read. */
  readonly name: string | null;
  readonly ordinal: number | null;
  /** Address of its entry in the table of addresses. */
  readonly rva: number;
}

/** A library and what is imported from it; a library may stand there several times. */
export interface ImportedLibrary extends ModuleRecord {
  readonly library_name: string;
  readonly number_of_functions: number;
  readonly functions: readonly ImportedFunction[];
}

/** Where the tables of one library are. */
interface Descriptor {
  /** Whether its values, and those of its tables, are addresses rather than relative ones. */
  readonly isAbsolute: boolean;
  readonly name: number;
  readonly nameTable: number;
  readonly addressTable: number;
}

/**
 * The imports in the order of the file; `null`: the file has none.
 *
 * @throws {BeyondLimits} where there is more than is read here
 */
export function readImports(image: PeImage): ImportedLibrary[] | null {
  const start = startOf(image, DIRECTORY.import);
  return start === undefined ? null : readLibraries(image, start, image.file.length, 20, (at) => ({
    isAbsolute: false,
    name: image.file.u32(at + 12),
    nameTable: image.file.u32(at),
    addressTable: image.file.u32(at + 16),
  }));
}

/**
 * The delayed imports in the order of the file; `null`: the file has none.
 *
 * @throws {BeyondLimits} where there is more than is read here
 */
export function readDelayedImports(image: PeImage): ImportedLibrary[] | null {
  const start = startOf(image, DIRECTORY.delayImport);
  if (start === undefined) return null;
  const { size } = directoryEntry(image, DIRECTORY.delayImport)!;
  const end = Math.min(image.file.length, start + size);
  return readLibraries(image, start, end, 32, (at) => ({
    isAbsolute: (image.file.u32(at) & 1) === 0,
    name: image.file.u32(at + 4),
    nameTable: image.file.u32(at + 16),
    addressTable: image.file.u32(at + 12),
  }));
}

function startOf(image: PeImage, index: number): number | undefined {
  const entry = directoryEntry(image, index);
  return entry && entry.address !== 0 ? placeOfAddress(image, entry.address) : undefined;
}

function readLibraries(
  image: PeImage,
  start: number,
  end: number,
  sizeBytes: number,
  descriptorAt: (at: number) => Descriptor,
): ImportedLibrary[] {
  const libraries: ImportedLibrary[] = [];
  let left = MAX_PE_IMPORTS;
  for (let at = start; at + sizeBytes <= end; at += sizeBytes) {
    const descriptor = descriptorAt(at);
    if (descriptor.name === 0 || (descriptor.addressTable === 0 && descriptor.nameTable === 0)) break;
    if (--left < 0) throw new BeyondLimits();
    const library = readLibrary(image, descriptor, left);
    if (!library) continue;
    left -= library.number_of_functions;
    libraries.push(library);
  }
  return libraries;
}

function readLibrary(image: PeImage, stored: Descriptor, limit: number): ImportedLibrary | undefined {
  const descriptor = stored.isAbsolute ? relative(image, stored) : stored;
  const name = descriptor && libraryNameAt(image, descriptor.name);
  if (!descriptor || name === undefined) return undefined;
  const { nameTable, addressTable } = descriptor;
  const tableAt = (nameTable > 0 ? placeOfAddress(image, nameTable) : undefined) ??
    placeOfAddress(image, addressTable);
  if (tableAt === undefined) return undefined;
  const functions = readFunctions(image, name, descriptor, tableAt, limit);
  if (functions.length === 0) return undefined;
  return { library_name: name, number_of_functions: functions.length, functions };
}

/** Only 32-bit files have absolute values. */
function relative({ imageBase }: PeImage, descriptor: Descriptor): Descriptor {
  if (typeof imageBase !== "number" || imageBase > 0xffff_ffff) throw new BeyondLimits();
  const minusBase = (value: number) => Math.max(value - imageBase, 0);
  return {
    isAbsolute: true,
    name: minusBase(descriptor.name),
    nameTable: minusBase(descriptor.nameTable),
    addressTable: minusBase(descriptor.addressTable),
  };
}

/**
 * The name of a library; undefined: YARA-X doesn't take it.
 *
 * @throws {BeyondLimits} for names beyond ASCII
 */
export function libraryNameAt(image: PeImage, address: number): string | undefined {
  const name = textAtAddress(image, address, MAX_LIBRARY_NAME_BYTES);
  if (name !== null && !isAsciiText(name)) throw new BeyondLimits();
  // deno-lint-ignore no-control-regex
  if (name === null || /[\x00-\x1f\x7f "*<>?|]/.test(name)) return undefined;
  return name;
}

function readFunctions(
  image: PeImage,
  library: string,
  { isAbsolute, addressTable }: Descriptor,
  tableAt: number,
  limit: number,
): ImportedFunction[] {
  const { file, is64 } = image;
  const sizeBytes = is64 ? 8 : 4;
  const functions: ImportedFunction[] = [];
  for (let i = 0; file.has(tableAt + i * sizeBytes, sizeBytes); i++) {
    const at = tableAt + i * sizeBytes;
    const low = file.u32(at);
    const high = is64 ? file.u32(at + 4) : 0;
    if (low === 0 && high === 0) break;
    if (i >= limit) throw new BeyondLimits();
    const rva = Math.min(addressTable + i * sizeBytes, 0xffff_ffff);
    const top = is64 ? high : low;
    if (top >= 0x8000_0000) {
      const isOrdinal = is64 ? high === 0x8000_0000 && low <= 0xffff : low <= 0x8000_ffff;
      const ordinal = low & 0xffff;
      if (isOrdinal) functions.push({ name: nameOfOrdinal(library, ordinal), ordinal, rva });
      continue;
    }
    const name = functionNameAt(image, low, high, isAbsolute);
    if (name !== undefined) functions.push({ name, ordinal: null, rva });
  }
  return functions;
}

/** The name that an entry points to, behind a hint of two bytes; undefined: there is none. */
function functionNameAt(image: PeImage, low: number, high: number, isAbsolute: boolean): string | undefined {
  // An absolute entry above 32 bits may still be in reach; nobody has such files.
  if (isAbsolute && high !== 0) throw new BeyondLimits();
  if (high !== 0) return undefined;
  const address = isAbsolute ? Math.max(low - (image.imageBase as number), 0) : low;
  const place = placeOfAddress(image, address);
  if (place === undefined || !image.file.has(place, 2)) return undefined;
  const name = image.file.text(place + 2, MAX_FUNCTION_NAME_BYTES);
  if (!isAsciiText(name)) throw new BeyondLimits();
  return /^[!-~]+$/.test(name) ? name : undefined;
}
