/**
 * Members of the module `pe` that come from the headers.
 *
 * @module
 */

import {
  dataDirectories,
  findOverlay,
  type OptionalHeader,
  type PeImage,
  type PeSection,
  stringTableOffset,
} from "../../../formats/pe/mod.ts";
import type { ModuleRecord, ModuleValue } from "../module_value.ts";

const MAX_SIGNED = 2n ** 63n;
const MAX_DIRECTORIES = 16;
/** An optional header that is cut off has zeros in all members. */
const NO_VERSION = { major: 0, minor: 0 };
const CUT_OFF: OptionalHeader = {
  magic: 0,
  is64: false,
  linkerVersion: NO_VERSION,
  codeBytes: 0,
  initializedDataBytes: 0,
  uninitializedDataBytes: 0,
  entryPointRva: 0,
  codeRva: 0,
  dataRva: undefined,
  imageBase: 0n,
  sectionAlignment: 0,
  fileAlignment: 0,
  osVersion: NO_VERSION,
  imageVersion: NO_VERSION,
  subsystemVersion: NO_VERSION,
  win32VersionValue: 0,
  imageBytes: 0,
  headersBytes: 0,
  checksum: 0,
  subsystem: 0,
  dllCharacteristics: 0,
  stackReserveBytes: 0n,
  stackCommitBytes: 0n,
  heapReserveBytes: 0n,
  heapCommitBytes: 0n,
  loaderFlags: 0,
  directoryCount: 0,
};

/** Returns the members. */
export function headerFields({ fileHeader, optionalHeader, sections }: PeImage): ModuleRecord {
  const optional = optionalHeader ?? CUT_OFF;
  return {
    machine: fileHeader.machine,
    timestamp: fileHeader.timestamp,
    pointer_to_symbol_table: fileHeader.symbolTableOffset,
    number_of_symbols: fileHeader.symbolCount,
    size_of_optional_header: fileHeader.optionalHeaderBytes,
    characteristics: fileHeader.characteristics,
    number_of_sections: sections.length,
    opthdr_magic: optional.magic,
    linker_version: { ...optional.linkerVersion },
    size_of_code: optional.codeBytes,
    size_of_initialized_data: optional.initializedDataBytes,
    size_of_uninitialized_data: optional.uninitializedDataBytes,
    entry_point_raw: optional.entryPointRva,
    base_of_code: optional.codeRva,
    base_of_data: optional.dataRva ?? null,
    image_base: signed(optional.imageBase),
    section_alignment: optional.sectionAlignment,
    file_alignment: optional.fileAlignment,
    os_version: { ...optional.osVersion },
    image_version: { ...optional.imageVersion },
    subsystem_version: { ...optional.subsystemVersion },
    win32_version_value: optional.win32VersionValue,
    size_of_image: optional.imageBytes,
    size_of_headers: optional.headersBytes,
    checksum: optional.checksum,
    subsystem: optional.subsystem,
    dll_characteristics: optional.dllCharacteristics,
    size_of_stack_reserve: signed(optional.stackReserveBytes),
    size_of_stack_commit: signed(optional.stackCommitBytes),
    size_of_heap_reserve: signed(optional.heapReserveBytes),
    size_of_heap_commit: signed(optional.heapCommitBytes),
    loader_flags: optional.loaderFlags,
    number_of_rva_and_sizes: optional.directoryCount,
  };
}

/** An integer of YARA; undefined: what the engine makes of one that is too large is not known. */
function signed(value: bigint): number | bigint | undefined {
  if (value >= MAX_SIGNED) return undefined;
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Returns a section with all its members. */
export function sectionRecord({ reader, fileHeader }: PeImage, section: PeSection): ModuleRecord {
  // A reference to the table of strings, or something like one, is left to the engine.
  const isReference = section.name.startsWith("/") && stringTableOffset(fileHeader) <= reader.sizeBytes;
  return {
    name: section.name,
    full_name: isReference ? undefined : section.name,
    virtual_size: section.virtualBytes,
    virtual_address: section.rva,
    raw_data_size: section.rawBytes,
    raw_data_offset: section.rawOffset,
    pointer_to_relocations: section.relocationsOffset,
    pointer_to_line_numbers: section.lineNumbersOffset,
    number_of_relocations: section.relocationCount,
    number_of_line_numbers: section.lineNumberCount,
    characteristics: section.characteristics,
  };
}

/** Returns the index of the first section that holds an offset of the file; `null`: none does; undefined: not known. */
export function sectionIndexAt({ sections }: PeImage, offset: number): number | null | undefined {
  for (const [i, { rawOffset, rawBytes }] of sections.entries()) {
    // The engine adds numbers of 32 bits.
    if (rawOffset + rawBytes > 0xffff_ffff) return undefined;
    if (offset >= rawOffset && offset < rawOffset + rawBytes) return i;
  }
  return null;
}

/** Returns the overlay; zeros if there is none. */
export function overlayRecord(image: PeImage): ModuleRecord {
  const { offset, sizeBytes } = findOverlay(image) ?? { offset: 0, sizeBytes: 0 };
  return { offset, size: sizeBytes };
}

/** Returns the data directories; none if one of them is cut off. */
export function directoryRecords(image: PeImage): ModuleValue {
  const directories = dataDirectories(image);
  if (directories.length < Math.min(image.optionalHeader?.directoryCount ?? 0, MAX_DIRECTORIES)) return [];
  return directories.map(({ rva, sizeBytes }) => ({ virtual_address: rva, size: sizeBytes }));
}
