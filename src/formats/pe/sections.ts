/**
 * Sections of a PE file.
 *
 * @module
 */

import type { ByteReader, DamageLog } from "../bytes/mod.ts";
import type { FileHeader } from "./file_header.ts";

/** Most sections that are read, as many as Windows loads. */
export const MAX_SECTIONS = 96;
/** Longest name in the table of strings that is read, in bytes. */
export const MAX_SECTION_NAME_BYTES = 256;

const SECTION_BYTES = 40;
const NAME_BYTES = 8;
const SYMBOL_BYTES = 18;

/** A section; offsets count from the start of the file, sizes are in bytes. */
export interface PeSection {
  /** The eight bytes as characters, without zeros at the end. */
  readonly name: string;
  /** The name in the table of strings that a name such as `/4` refers to; otherwise `name`. */
  readonly fullName: string;
  readonly virtualBytes: number;
  readonly rva: number;
  readonly rawBytes: number;
  readonly rawOffset: number;
  readonly relocationsOffset: number;
  readonly lineNumbersOffset: number;
  readonly relocationCount: number;
  readonly lineNumberCount: number;
  /** Bits of `IMAGE_SCN_…`. */
  readonly characteristics: number;
  /** Offset of its header. */
  readonly headerOffset: number;
}

/** Reads the headers of sections; a table that is cut off is damage. */
export function readSections(
  reader: ByteReader,
  header: FileHeader,
  tableOffset: number,
  log: DamageLog,
): PeSection[] {
  const stringsOffset = stringTableOffset(header);
  const sections: PeSection[] = [];
  log.attempt(() => {
    for (let i = 0; i < Math.min(header.sectionCount, MAX_SECTIONS); i++) {
      reader.budget.takeItems(1, reader.fileOffset(tableOffset));
      sections.push(
        readSection(reader.sub(tableOffset + i * SECTION_BYTES, SECTION_BYTES), reader, stringsOffset),
      );
    }
  });
  if (header.sectionCount > MAX_SECTIONS) {
    const message = `The file declares ${header.sectionCount} sections, ${MAX_SECTIONS} are read`;
    log.add("too-many-sections", message, reader.fileOffset(tableOffset));
  }
  return sections;
}

/** Returns where the table of strings begins: behind the symbols. */
export function stringTableOffset({ symbolTableOffset, symbolCount }: FileHeader): number {
  return symbolTableOffset + symbolCount * SYMBOL_BYTES;
}

function readSection(own: ByteReader, file: ByteReader, stringsOffset: number): PeSection {
  const name = own.latin1(0, NAME_BYTES).replace(/\0+$/, "");
  return {
    name,
    fullName: nameInStrings(name, file, stringsOffset) ?? name,
    virtualBytes: own.u32(8),
    rva: own.u32(12),
    rawBytes: own.u32(16),
    rawOffset: own.u32(20),
    relocationsOffset: own.u32(24),
    lineNumbersOffset: own.u32(28),
    relocationCount: own.u16(32),
    lineNumberCount: own.u16(34),
    characteristics: own.u32(36),
    headerOffset: own.baseOffset,
  };
}

function nameInStrings(name: string, file: ByteReader, stringsOffset: number): string | undefined {
  if (!/^\/\d+$/.test(name)) return undefined;
  const offset = stringsOffset + Number(name.slice(1));
  return file.has(offset, 1) ? file.cString(offset, MAX_SECTION_NAME_BYTES).text : undefined;
}
