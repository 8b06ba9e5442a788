/**
 * Exports of a PE file.
 *
 * @module
 */

import type { ModuleRecord } from "../module_value.ts";
import { libraryNameAt } from "./imports.ts";
import {
  BeyondLimits,
  isAsciiText,
  MAX_FUNCTION_NAME_BYTES,
  MAX_LIBRARY_NAME_BYTES,
  type PeBytes,
} from "./pe_bytes.ts";
import {
  DIRECTORY,
  directoryEntry,
  offsetOfAddress,
  type PeImage,
  placeOfAddress,
  textAtAddress,
} from "./pe_image.ts";

/** Exported functions that are read; files with more are left to the engine, which has limits of its own. */
export const MAX_PE_EXPORTS = 16_000;

const EXPORT_DIRECTORY_BYTES = 40;

/** An exported function. */
export interface ExportedFunction extends ModuleRecord {
  readonly name: string | null;
  readonly ordinal: number;
  readonly rva: number;
  readonly offset: number | null;
  readonly forward_name: string | null;
}

/** The export directory. */
export interface ExportTable {
  readonly libraryName: string | null;
  readonly timestamp: number;
  readonly functions: readonly ExportedFunction[];
}

/**
 * The exports in the order of the file; `null`: the file has none.
 *
 * @throws {BeyondLimits} where there is more than is read here
 */
export function readExports(image: PeImage): ExportTable | null {
  const entry = directoryEntry(image, DIRECTORY.export);
  const start = entry && entry.address !== 0 ? placeOfAddress(image, entry.address) : undefined;
  if (!entry || start === undefined) return null;
  const { file } = image;
  if (entry.size < EXPORT_DIRECTORY_BYTES || !file.has(start, EXPORT_DIRECTORY_BYTES)) return null;
  const [name, base, functionCount, nameCount, functionsAt, namesAt, ordinalsAt] = [
    12,
    16,
    20,
    24,
    28,
    32,
    36,
  ]
    .map((field) => file.u32(start + field)) as [number, number, number, number, number, number, number];
  if (functionCount > MAX_PE_EXPORTS || nameCount > MAX_PE_EXPORTS) throw new BeyondLimits();
  // No table stands at the very start; what the engine makes of that differs from table to table.
  if (functionsAt === 0 || (nameCount > 0 && (namesAt === 0 || ordinalsAt === 0))) throw new BeyondLimits();
  const names = namesByIndex(image, nameCount, namesAt, ordinalsAt);
  const functions: ExportedFunction[] = [];
  numbersAt(image, functionsAt, functionCount, 4, (file, at) => file.u32(at)).forEach((rva, i) => {
    const ordinal = base + i;
    if (ordinal > 0xffff_ffff) return;
    const isForwarded = rva >= entry.address && rva < Math.min(entry.address + entry.size, 0xffff_ffff);
    functions.push({
      name: names.get(i) ?? null,
      ordinal,
      rva,
      offset: isForwarded ? null : offsetOfAddress(image, rva),
      forward_name: isForwarded ? asciiAt(image, rva, MAX_LIBRARY_NAME_BYTES) : null,
    });
  });
  return { libraryName: libraryNameAt(image, name) ?? null, timestamp: file.u32(start + 4), functions };
}

/** Names by the index of their functions; of several the first counts. */
function namesByIndex(
  image: PeImage,
  count: number,
  namesAt: number,
  ordinalsAt: number,
): Map<number, string | null> {
  const addresses = numbersAt(image, namesAt, count, 4, (file, at) => file.u32(at));
  const names = new Map<number, string | null>();
  // A table of names that is cut off is none.
  if (addresses.length < count) return names;
  numbersAt(image, ordinalsAt, count, 2, (file, at) => file.u16(at)).forEach((index, i) => {
    if (!names.has(index)) names.set(index, asciiAt(image, addresses[i]!, MAX_FUNCTION_NAME_BYTES));
  });
  return names;
}

/** Numbers of a table, as many as are there. */
function numbersAt(
  image: PeImage,
  address: number,
  count: number,
  sizeBytes: number,
  read: (file: PeBytes, at: number) => number,
): number[] {
  const start = placeOfAddress(image, address);
  const numbers: number[] = [];
  if (start === undefined) return numbers;
  for (let i = 0; i < count && image.file.has(start + i * sizeBytes, sizeBytes); i++) {
    numbers.push(read(image.file, start + i * sizeBytes));
  }
  return numbers;
}

function asciiAt(image: PeImage, address: number, maxBytes: number): string | null {
  const text = textAtAddress(image, address, maxBytes);
  if (text !== null && !isAsciiText(text)) throw new BeyondLimits();
  return text;
}
