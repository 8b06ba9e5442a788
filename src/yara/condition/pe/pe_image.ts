/**
 * Headers and sections of a PE file, read as YARA-X 1.20 reads them.
 *
 * @module
 */

import type { ModuleRecord } from "../module_value.ts";
import { latin1, PeBytes } from "./pe_bytes.ts";

/** Most sections that YARA-X reads. */
export const MAX_PE_SECTIONS = 96;

/** Entries of the data directory. */
export const DIRECTORY = {
  export: 0,
  import: 1,
  resource: 2,
  security: 4,
  debug: 6,
  delayImport: 13,
} as const;

const SIGNATURE_AND_FILE_HEADER_BYTES = 24;
const DIRECTORY_ENTRY_BYTES = 8;
const SECTION_BYTES = 40;
const SYMBOL_BYTES = 18;
const MAX_U32 = 0xffff_ffff;
const MAGIC_64 = 0x20b;

/** A section; addresses and sizes in bytes. */
export interface PeSection {
  readonly name: string;
  /** From the table of strings where the name is a reference to it; undefined: not known. */
  readonly fullName: string | undefined;
  readonly virtualSize: number;
  readonly virtualAddress: number;
  readonly rawSize: number;
  readonly rawOffset: number;
  /** Offset of its header. */
  readonly at: number;
}

/** A PE file. */
export interface PeImage {
  readonly file: PeBytes;
  /** Offset of `PE\0\0`; before it stands the DOS stub. */
  readonly headerAt: number;
  /** Values of the headers by their names in the module. */
  readonly fields: ModuleRecord;
  readonly is64: boolean;
  /** Zero where the optional header is cut off. */
  readonly imageBase: number | bigint | undefined;
  readonly fileAlignment: number;
  readonly sectionAlignment: number;
  /** Offset of the data directory; undefined where the optional header is cut off. */
  readonly directoryAt: number | undefined;
  readonly sections: readonly PeSection[];
}

/** Reads the headers; undefined: it is no PE file. */
export function readPeImage(content: Uint8Array): PeImage | undefined {
  const file = new PeBytes(content);
  if (!file.has(0, 64) || file.u16(0) !== 0x5a4d) return undefined;
  const headerAt = file.u32(0x3c);
  if (!file.has(headerAt, SIGNATURE_AND_FILE_HEADER_BYTES) || file.u32(headerAt) !== 0x4550) return undefined;
  const optional = readOptionalHeader(file, headerAt + SIGNATURE_AND_FILE_HEADER_BYTES);
  const sections = readSections(file, headerAt);
  return {
    file,
    headerAt,
    fields: { ...fileHeaderFields(file, headerAt), ...optional.fields, number_of_sections: sections.length },
    is64: optional.is64,
    imageBase: optional.fields.image_base as number | bigint | undefined,
    fileAlignment: optional.fields.file_alignment as number,
    sectionAlignment: optional.fields.section_alignment as number,
    directoryAt: optional.endAt,
    sections,
  };
}

function fileHeaderFields(file: PeBytes, at: number): ModuleRecord {
  return {
    machine: file.u16(at + 4),
    timestamp: file.u32(at + 8),
    pointer_to_symbol_table: file.u32(at + 12),
    number_of_symbols: file.u32(at + 16),
    size_of_optional_header: file.u16(at + 20),
    characteristics: file.u16(at + 22),
  };
}

/** Names of the fields with their sizes in bytes; 0 stands for 4 bytes in a file of 32 bits and 8 in one of 64. */
const OPTIONAL_FIELDS: readonly (readonly [name: string, sizeBytes: number])[] = [
  ["opthdr_magic", 2],
  ["linker_version.major", 1],
  ["linker_version.minor", 1],
  ["size_of_code", 4],
  ["size_of_initialized_data", 4],
  ["size_of_uninitialized_data", 4],
  ["entry_point_raw", 4],
  ["base_of_code", 4],
  ["base_of_data", 4],
  ["image_base", 0],
  ["section_alignment", 4],
  ["file_alignment", 4],
  ["os_version.major", 2],
  ["os_version.minor", 2],
  ["image_version.major", 2],
  ["image_version.minor", 2],
  ["subsystem_version.major", 2],
  ["subsystem_version.minor", 2],
  ["win32_version_value", 4],
  ["size_of_image", 4],
  ["size_of_headers", 4],
  ["checksum", 4],
  ["subsystem", 2],
  ["dll_characteristics", 2],
  ["size_of_stack_reserve", 0],
  ["size_of_stack_commit", 0],
  ["size_of_heap_reserve", 0],
  ["size_of_heap_commit", 0],
  ["loader_flags", 4],
  ["number_of_rva_and_sizes", 4],
];

interface OptionalHeader {
  readonly fields: ModuleRecord;
  readonly is64: boolean;
  /** Undefined: it is cut off, and then all is zero. */
  readonly endAt: number | undefined;
}

/** All magics but that of 64 bits are read as 32 bits. */
function readOptionalHeader(file: PeBytes, at: number): OptionalHeader {
  const is64 = file.has(at, 2) && file.u16(at) === MAGIC_64;
  const fields: Record<string, number | bigint | undefined | null> = {};
  const isComplete = file.has(at, is64 ? 112 : 96);
  let next = at;
  for (const [name, fixedBytes] of OPTIONAL_FIELDS) {
    // A file of 64 bits has no base of data.
    if (name === "base_of_data" && (is64 || !isComplete)) {
      fields[name] = null;
      continue;
    }
    const sizeBytes = fixedBytes || (is64 ? 8 : 4);
    fields[name] = isComplete ? readNumber(file, next, sizeBytes) : 0;
    next += sizeBytes;
  }
  return {
    fields: nested(fields),
    is64: is64 && isComplete,
    endAt: isComplete ? next : undefined,
  };
}

function readNumber(file: PeBytes, at: number, sizeBytes: number): number | bigint | undefined {
  switch (sizeBytes) {
    case 1:
      return file.u8(at);
    case 2:
      return file.u16(at);
    case 4:
      return file.u32(at);
    default:
      return file.u64(at);
  }
}

/** Turns `version.major` into a record `version`. */
function nested(fields: Readonly<Record<string, number | bigint | undefined | null>>): ModuleRecord {
  const record: Record<string, ModuleRecord[string]> = {};
  for (const [name, value] of Object.entries(fields)) {
    const [outer, inner] = name.split(".");
    record[outer!] = inner ? { ...record[outer!] as ModuleRecord, [inner]: value } : value;
  }
  return record;
}

function readSections(file: PeBytes, headerAt: number): PeSection[] {
  const count = Math.min(file.u16(headerAt + 6), MAX_PE_SECTIONS);
  const tableAt = headerAt + SIGNATURE_AND_FILE_HEADER_BYTES + file.u16(headerAt + 20);
  const symbolsEnd = file.u32(headerAt + 12) + file.u32(headerAt + 16) * SYMBOL_BYTES;
  const sections: PeSection[] = [];
  for (let i = 0; i < count && file.has(tableAt + i * SECTION_BYTES, SECTION_BYTES); i++) {
    sections.push(readSection(file, tableAt + i * SECTION_BYTES, symbolsEnd));
  }
  return sections;
}

function readSection(file: PeBytes, at: number, stringsAt: number): PeSection {
  const name = latin1(file.bytes.subarray(at, at + 8)).replace(/\0+$/, "");
  return {
    name,
    // A reference to the table of strings, or something like one, is left to the engine.
    fullName: name.startsWith("/") && stringsAt <= file.length ? undefined : name,
    virtualSize: file.u32(at + 8),
    virtualAddress: file.u32(at + 12),
    rawSize: file.u32(at + 16),
    rawOffset: file.u32(at + 20),
    at,
  };
}

/** The entry of the data directory; undefined: it is cut off. The number of entries doesn't matter. */
export function directoryEntry(
  { file, directoryAt }: PeImage,
  index: number,
): { readonly address: number; readonly size: number } | undefined {
  if (directoryAt === undefined) return undefined;
  const at = directoryAt + index * DIRECTORY_ENTRY_BYTES;
  return file.has(at, DIRECTORY_ENTRY_BYTES) ? { address: file.u32(at), size: file.u32(at + 4) } : undefined;
}

/** Offset in the file of a relative virtual address, not checked against the file's end; `null`: it has none. */
export function offsetOfAddress(image: PeImage, address: number): number | null {
  const { sections } = image;
  if (sections.length === 0) return null;
  if (sections.every(({ virtualAddress }) => address < virtualAddress)) return address;
  let found: PeSection | undefined;
  for (const section of sections) {
    const start = section.virtualAddress;
    const end = Math.min(start + Math.max(section.virtualSize, section.rawSize), MAX_U32);
    if ((found?.virtualAddress ?? 0) <= start && start <= address && address < end) found = section;
  }
  const delta = address - (found?.virtualAddress ?? 0);
  if (delta >= (found?.rawSize ?? 0)) return null;
  return Math.min(alignedOffset(image, found!.rawOffset) + delta, MAX_U32);
}

/** Alignments above a sector are ignored, as Windows does. */
function alignedOffset({ fileAlignment, sectionAlignment }: PeImage, offset: number): number {
  const alignment = Math.min(fileAlignment, 0x200);
  const aligned = alignment === 0 ? offset : offset - offset % alignment;
  return sectionAlignment >= 0x1000 ? aligned - aligned % 0x200 : aligned;
}

/** Offset of a relative virtual address if it lies within the file, its very end included. */
export function placeOfAddress(image: PeImage, address: number): number | undefined {
  const offset = offsetOfAddress(image, address);
  return offset !== null && offset <= image.file.length ? offset : undefined;
}

/** A text at a relative virtual address; `null`: there is none. */
export function textAtAddress(image: PeImage, address: number, maxBytes: number): string | null {
  const place = placeOfAddress(image, address);
  return place === undefined ? null : image.file.text(place, maxBytes);
}
