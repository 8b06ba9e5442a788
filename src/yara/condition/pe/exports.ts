/**
 * Exports of a PE file as YARA-X 1.20 shows them.
 *
 * @module
 */

import { directoryOf, type PeImage, readExports } from "../../../formats/pe/mod.ts";
import type { ModuleRecord } from "../module_value.ts";
import { isAscii, isLibraryName } from "./names.ts";

/** Functions and names that are known; files with more are left to the engine, which has limits of its own. */
export const MAX_KNOWN_EXPORTS = 16_000;

/** A smaller directory is none. */
const EXPORT_DIRECTORY_BYTES = 40;
const MAX_U32 = 0xffff_ffff;

/** An exported function. */
export interface ExportRecord extends ModuleRecord {
  readonly name: string | null;
  readonly ordinal: number;
  readonly rva: number;
  readonly offset: number | null;
  readonly forward_name: string | null;
}

/** The export directory. */
export interface ExportRecords {
  readonly libraryName: string | null;
  readonly timestamp: number;
  readonly functions: readonly ExportRecord[];
}

/** Returns the exports in the order of the file; `null`: there are none; undefined: not known. */
export function exportRecords(image: PeImage): ExportRecords | null | undefined {
  if ((directoryOf(image, "export")?.sizeBytes ?? 0) < EXPORT_DIRECTORY_BYTES) return null;
  const { header, functions, isTruncated, damages } = readExports(image);
  if (isTruncated) return undefined;
  if (!header) return null;
  const { libraryName = "", functionCount, nameCount, functionsRva, namesRva, ordinalsRva } = header;
  if (functionCount > MAX_KNOWN_EXPORTS || nameCount > MAX_KNOWN_EXPORTS) return undefined;
  // No table is at the very start; what the engine makes of that differs from table to table.
  if (functionsRva === 0 || (nameCount > 0 && (namesRva === 0 || ordinalsRva === 0))) return undefined;
  // A table of names that is cut off is none.
  const hasNames = !damages.some(({ code }) => code === "bad-export-names");
  const records: ExportRecord[] = [];
  for (const { name, ordinal, rva, offset, forwarder } of functions) {
    if (ordinal > MAX_U32) break;
    const ownName = hasNames ? name ?? null : null;
    if (!isAscii(ownName ?? "") || !isAscii(forwarder ?? "")) return undefined;
    records.push({ name: ownName, ordinal, rva, offset: offset ?? null, forward_name: forwarder ?? null });
  }
  if (!isAscii(libraryName)) return undefined;
  const isNamed = header.libraryName !== undefined && isLibraryName(libraryName);
  return { libraryName: isNamed ? libraryName : null, timestamp: header.timestamp, functions: records };
}
