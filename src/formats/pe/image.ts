/**
 * Headers of a PE file.
 *
 * @module
 */

import { Budget, type BudgetLimits, ByteReader, DamageLog, type PartialTable } from "../bytes/mod.ts";
import { FILE_HEADER_BYTES, type FileHeader, findHeader, readFileHeader } from "./file_header.ts";
import { OPTIONAL_HEADER_BYTES, type OptionalHeader, readOptionalHeader } from "./optional_header.ts";
import { type PeSection, readSections } from "./sections.ts";

const CHARACTERISTIC_DLL = 0x2000;

/** What all tables of one file may cost together: entries, and bytes of texts. */
export const PE_LIMITS: BudgetLimits = { items: 200_000, bytes: 8_000_000 };

/** A PE file. Its tables are read by the other functions of this module. */
export interface PeImage extends PartialTable {
  /** The whole file, and the budget of all its tables. */
  readonly reader: ByteReader;
  /** Offset of `PE\0\0`; the DOS stub is before it. */
  readonly headerOffset: number;
  readonly fileHeader: FileHeader;
  /** Undefined if the file ends before it is complete. */
  readonly optionalHeader: OptionalHeader | undefined;
  /** Sections in the order of the file, at most {@link MAX_SECTIONS}. */
  readonly sections: readonly PeSection[];
  /** Whether the characteristics say that the file is a DLL. */
  readonly isDll: boolean;
}

/**
 * Reads headers and sections; undefined: the bytes are no PE file ({@link isPe}). The file is not copied.
 *
 * @param budget what headers and tables may spend together
 */
export function parsePe(content: Uint8Array, budget: Budget = new Budget(PE_LIMITS)): PeImage | undefined {
  const reader = new ByteReader(content, budget);
  const headerOffset = findHeader(reader);
  if (headerOffset === undefined) return undefined;
  const log = new DamageLog();
  const fileHeader = readFileHeader(reader, headerOffset);
  const optionalHeader = log.attempt(() => readOptionalHeader(reader, headerOffset + FILE_HEADER_BYTES));
  const tableOffset = headerOffset + FILE_HEADER_BYTES + fileHeader.optionalHeaderBytes;
  return {
    reader,
    headerOffset,
    fileHeader,
    optionalHeader,
    sections: readSections(reader, fileHeader, tableOffset, log),
    isDll: (fileHeader.characteristics & CHARACTERISTIC_DLL) !== 0,
    damages: log.damages,
    isTruncated: log.isTruncated,
  };
}

/** An entry of the data directory. */
export interface DataDirectory {
  /** Relative virtual address; of `security` an offset in the file. */
  readonly rva: number;
  readonly sizeBytes: number;
}

/** Names of the data directories, in the order of the file. */
export const DIRECTORY_NAMES = [
  "export",
  "import",
  "resource",
  "exception",
  "security",
  "relocation",
  "debug",
  "architecture",
  "globalPointer",
  "tls",
  "loadConfig",
  "boundImport",
  "importAddressTable",
  "delayImport",
  "clrHeader",
  "reserved",
] as const;

/** Name of a data directory. */
export type DirectoryName = (typeof DIRECTORY_NAMES)[number];

/**
 * Returns an entry of the data directory; undefined if the file ends before it. The number of entries that the header
 * declares does not matter: Windows ignores those behind it, other loaders don't.
 */
export function directoryOf(
  { reader, optionalHeader, headerOffset }: PeImage,
  name: DirectoryName,
): DataDirectory | undefined {
  if (!optionalHeader) return undefined;
  const start = headerOffset + FILE_HEADER_BYTES + OPTIONAL_HEADER_BYTES[optionalHeader.is64 ? 64 : 32];
  const offset = start + 8 * DIRECTORY_NAMES.indexOf(name);
  return reader.has(offset, 8) ? { rva: reader.u32(offset), sizeBytes: reader.u32(offset + 4) } : undefined;
}

/** Returns the entries of the data directory that the header declares and the file holds, at most 16. */
export function dataDirectories(image: PeImage): (DataDirectory & { readonly name: DirectoryName })[] {
  const names = DIRECTORY_NAMES.slice(0, image.optionalHeader?.directoryCount ?? 0);
  return names.flatMap((name) => {
    const directory = directoryOf(image, name);
    return directory ? [{ name, ...directory }] : [];
  });
}
