/**
 * Where a PE file begins, and its file header.
 *
 * @module
 */

import { ByteReader } from "../bytes/mod.ts";

const DOS_HEADER_BYTES = 64;
/** Offset of the offset of the PE header. */
const E_LFANEW = 0x3c;
/** Size of the signature and the file header. */
export const FILE_HEADER_BYTES = 24;
const MZ = 0x5a4d;
const PE_SIGNATURE = 0x4550;

/** The file header (COFF). */
export interface FileHeader {
  /** `IMAGE_FILE_MACHINE_…`, such as 0x14c or 0x8664. */
  readonly machine: number;
  /** As stored; the sections that are read may be fewer. */
  readonly sectionCount: number;
  /** Seconds since 1970, or a hash in a reproducible build. */
  readonly timestamp: number;
  readonly symbolTableOffset: number;
  readonly symbolCount: number;
  readonly optionalHeaderBytes: number;
  /** Bits of `IMAGE_FILE_…`. */
  readonly characteristics: number;
}

/** Says whether bytes are a PE file: `MZ`, a DOS header, and where it points a complete file header behind `PE\0\0`. */
export function isPe(content: Uint8Array): boolean {
  return content.length >= DOS_HEADER_BYTES && content[0] === 0x4d && content[1] === 0x5a &&
    findHeader(new ByteReader(content)) !== undefined;
}

/** Returns the offset of `PE\0\0`; undefined: the bytes are no PE file. */
export function findHeader(reader: ByteReader): number | undefined {
  if (!reader.has(0, DOS_HEADER_BYTES) || reader.u16(0) !== MZ) return undefined;
  const offset = reader.u32(E_LFANEW);
  return reader.has(offset, FILE_HEADER_BYTES) && reader.u32(offset) === PE_SIGNATURE ? offset : undefined;
}

/** Reads the file header behind a signature. */
export function readFileHeader(reader: ByteReader, offset: number): FileHeader {
  return {
    machine: reader.u16(offset + 4),
    sectionCount: reader.u16(offset + 6),
    timestamp: reader.u32(offset + 8),
    symbolTableOffset: reader.u32(offset + 12),
    symbolCount: reader.u32(offset + 16),
    optionalHeaderBytes: reader.u16(offset + 20),
    characteristics: reader.u16(offset + 22),
  };
}
