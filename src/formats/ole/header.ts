/**
 * The header of a compound file.
 *
 * @module
 */

import type { ByteReader, DamageLog } from "../bytes/mod.ts";

/** Size of the header; the rest of its sector is unused. */
export const HEADER_BYTES = 512;
/** Sector numbers above this one are marks, not sectors. */
export const MAX_SECTOR = 0xffff_fffa;
/** Ends a chain. */
export const END_OF_CHAIN = 0xffff_fffe;

const SIGNATURE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const MINI_SECTOR_SHIFT = 6;
const MINI_CUTOFF_BYTES = 4_096;

/** The header. Sizes are in bytes. */
export interface OleHeader {
  /** All zero in nearly every file. */
  readonly clsid: string;
  readonly minorVersion: number;
  /** 3 or 4; anything else is damage and read as 3. */
  readonly majorVersion: number;
  /** 512 in version 3, 4,096 in version 4. */
  readonly sectorBytes: number;
  readonly miniSectorBytes: number;
  /** Smaller streams are in the mini stream. */
  readonly miniCutoffBytes: number;
  readonly fatSectorCount: number;
  readonly firstDirectorySector: number;
  readonly firstMiniFatSector: number;
  readonly miniFatSectorCount: number;
  readonly firstDifatSector: number;
  readonly difatSectorCount: number;
}

/** Says whether bytes begin with the signature of a compound file. */
export function isOle(content: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => content[i] === byte);
}

/**
 * Reads the header. Sizes that the specification does not allow are damage, and those of the version are taken.
 *
 * @throws {DamageError} `truncated` if the file ends before its end
 */
export function readHeader(file: ByteReader, log: DamageLog): OleHeader {
  const reader = file.sub(0, HEADER_BYTES);
  const majorVersion = reader.u16(26);
  const sectorShift = majorVersion === 4 ? 12 : 9;
  const fields: readonly (readonly [name: string, offset: number, stored: number, value: number])[] = [
    ["major_version", 26, majorVersion, majorVersion === 4 ? 4 : 3],
    ["byte_order", 28, reader.u16(28), 0xfffe],
    ["sector_shift", 30, reader.u16(30), sectorShift],
    ["mini_sector_shift", 32, reader.u16(32), MINI_SECTOR_SHIFT],
    ["mini_cutoff", 56, reader.u32(56), MINI_CUTOFF_BYTES],
  ];
  for (const [name, offset, stored, value] of fields) {
    if (stored !== value) log.add("bad-header", `The field ${name} must be ${value}, got ${stored}`, offset);
  }
  return {
    clsid: reader.guid(8),
    minorVersion: reader.u16(24),
    majorVersion,
    sectorBytes: 1 << sectorShift,
    miniSectorBytes: 1 << MINI_SECTOR_SHIFT,
    miniCutoffBytes: MINI_CUTOFF_BYTES,
    fatSectorCount: reader.u32(44),
    firstDirectorySector: reader.u32(48),
    firstMiniFatSector: reader.u32(60),
    miniFatSectorCount: reader.u32(64),
    firstDifatSector: reader.u32(68),
    difatSectorCount: reader.u32(72),
  };
}
