/**
 * The optional header of a PE file.
 *
 * @module
 */

import type { ByteReader } from "../bytes/mod.ts";

/** Magic of an image of 32 bits. */
export const MAGIC_32 = 0x10b;
/** Magic of an image of 64 bits. */
export const MAGIC_64 = 0x20b;
/** Size of the header without the data directory, by bits of the image. */
export const OPTIONAL_HEADER_BYTES = { 32: 96, 64: 112 } as const;

/** A version of two numbers. */
export interface PeVersion {
  readonly major: number;
  readonly minor: number;
}

/** The optional header. Addresses are relative to `imageBase`, sizes are in bytes. */
export interface OptionalHeader {
  /** {@link MAGIC_32}, {@link MAGIC_64}, or anything else, which is read as 32 bits. */
  readonly magic: number;
  readonly is64: boolean;
  readonly linkerVersion: PeVersion;
  readonly codeBytes: number;
  readonly initializedDataBytes: number;
  readonly uninitializedDataBytes: number;
  readonly entryPointRva: number;
  readonly codeRva: number;
  /** Undefined in images of 64 bits, which have none. */
  readonly dataRva: number | undefined;
  readonly imageBase: bigint;
  readonly sectionAlignment: number;
  readonly fileAlignment: number;
  readonly osVersion: PeVersion;
  readonly imageVersion: PeVersion;
  readonly subsystemVersion: PeVersion;
  readonly win32VersionValue: number;
  readonly imageBytes: number;
  readonly headersBytes: number;
  readonly checksum: number;
  /** `IMAGE_SUBSYSTEM_…`, such as 2 for Windows programs and 3 for console programs. */
  readonly subsystem: number;
  /** Bits of `IMAGE_DLLCHARACTERISTICS_…`. */
  readonly dllCharacteristics: number;
  readonly stackReserveBytes: bigint;
  readonly stackCommitBytes: bigint;
  readonly heapReserveBytes: bigint;
  readonly heapCommitBytes: bigint;
  readonly loaderFlags: number;
  /** Entries of the data directory that the header declares. */
  readonly directoryCount: number;
}

/**
 * Reads the header.
 *
 * @throws {DamageError} `truncated` if the file ends before its end
 */
export function readOptionalHeader(reader: ByteReader, start: number): OptionalHeader {
  const magic = reader.u16(start);
  const is64 = magic === MAGIC_64;
  const own = reader.sub(start, OPTIONAL_HEADER_BYTES[is64 ? 64 : 32]);
  const version = (offset: number): PeVersion => ({ major: own.u16(offset), minor: own.u16(offset + 2) });
  const word = (index: number) => is64 ? own.u64(72 + 8 * index) : BigInt(own.u32(72 + 4 * index));
  return {
    magic,
    is64,
    linkerVersion: { major: own.u8(2), minor: own.u8(3) },
    codeBytes: own.u32(4),
    initializedDataBytes: own.u32(8),
    uninitializedDataBytes: own.u32(12),
    entryPointRva: own.u32(16),
    codeRva: own.u32(20),
    dataRva: is64 ? undefined : own.u32(24),
    imageBase: is64 ? own.u64(24) : BigInt(own.u32(28)),
    sectionAlignment: own.u32(32),
    fileAlignment: own.u32(36),
    osVersion: version(40),
    imageVersion: version(44),
    subsystemVersion: version(48),
    win32VersionValue: own.u32(52),
    imageBytes: own.u32(56),
    headersBytes: own.u32(60),
    checksum: own.u32(64),
    subsystem: own.u16(68),
    dllCharacteristics: own.u16(70),
    stackReserveBytes: word(0),
    stackCommitBytes: word(1),
    heapReserveBytes: word(2),
    heapCommitBytes: word(3),
    loaderFlags: own.u32(is64 ? 104 : 88),
    directoryCount: own.u32(is64 ? 108 : 92),
  };
}
