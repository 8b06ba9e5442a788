/**
 * Reads PE files: programs, DLLs and drivers of Windows, whole and damaged.
 *
 * {@link parsePe} reads headers and sections; each table has a function of its own, so that you pay for what you ask. Every
 * table keeps what could be read, with records of damage, and says whether a limit left something out. All tables of a
 * file share one budget ({@link PE_LIMITS}). Names are one character for each byte. Where the format leaves room, the
 * reader follows YARA-X 1.20, against which YARA's module `pe` is tested.
 *
 * Specification: https://learn.microsoft.com/en-us/windows/win32/debug/pe-format
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { parsePe, readImports } from "./mod.ts";
 *
 * // The smallest thing that is a PE file: a DOS header and a file header.
 * const content = new Uint8Array(0x58);
 * content.set([0x4d, 0x5a], 0);
 * content[0x3c] = 0x40;
 * content.set([0x50, 0x45, 0, 0, 0x4c, 0x01, 1], 0x40);
 *
 * const pe = parsePe(content)!;
 * assert.equal(pe.fileHeader.machine, 0x14c);
 * assert.equal(pe.optionalHeader, undefined);
 * assert.deepEqual(pe.damages.map(({ code, offset }) => [code, offset]), [["truncated", 0x58], ["truncated", 0x58]]);
 * assert.deepEqual(readImports(pe).libraries, []);
 * assert.equal(parsePe(content.subarray(1)), undefined);
 * ```
 *
 * @module
 */

export { rvaToOffset } from "./addresses.ts";
export { type CertificateTable, type PeCertificate, readCertificates } from "./certificates.ts";
export {
  type CodeView,
  type DebugEntry,
  type DebugTable,
  MAX_DEBUG_ENTRIES,
  MAX_DEBUG_PATH_BYTES,
  readDebug,
} from "./debug.ts";
export { type ExportedFunction, type ExportHeader, type ExportTable, readExports } from "./exports.ts";
export {
  dataDirectories,
  type DataDirectory,
  DIRECTORY_NAMES,
  type DirectoryName,
  directoryOf,
  parsePe,
  PE_LIMITS,
  type PeImage,
} from "./image.ts";
export { type FileHeader, isPe } from "./file_header.ts";
export { importHashText } from "./import_hash.ts";
export {
  type ImportedFunction,
  type ImportedLibrary,
  type ImportTable,
  MAX_FUNCTION_NAME_BYTES,
  MAX_LIBRARY_NAME_BYTES,
  readDelayedImports,
  readImports,
} from "./imports.ts";
export { MAGIC_32, MAGIC_64, type OptionalHeader, type PeVersion } from "./optional_header.ts";
export { nameOfOrdinal } from "./ordinals.ts";
export { findOverlay, type Overlay } from "./overlay.ts";
export {
  MAX_RESOURCE_NAME_CHARACTERS,
  type PeResource,
  readResourceData,
  readResources,
  RESOURCE_TYPE_VERSION,
  type ResourceDirectory,
  resourceEntries,
  type ResourceEntry,
  type ResourceId,
  type ResourceTable,
} from "./resources.ts";
export {
  MAX_DOS_STUB_BYTES,
  readRichHeader,
  type RichHeader,
  type RichTable,
  type RichTool,
} from "./rich_header.ts";
export { MAX_SECTION_NAME_BYTES, MAX_SECTIONS, type PeSection, stringTableOffset } from "./sections.ts";
export { type FixedVersion, readVersionInfo, type VersionInfo, type VersionTable } from "./version_info.ts";
