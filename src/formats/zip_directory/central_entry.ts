/**
 * Entries of a zip's central directory.
 *
 * @module
 */

import type { ByteReader, DamageLog } from "../bytes/mod.ts";
import { dosTime } from "../times/mod.ts";
import {
  aesOf,
  readExtraFields,
  sizesOf,
  unicodeNameOf,
  type ZipAes,
  type ZipExtraField,
} from "./extra_fields.ts";
import { readLocalHeader, ZIP_FLAG, type ZipLocalHeader } from "./local_header.ts";
import { readZipText } from "./name.ts";

/** What an entry begins with. */
export const ENTRY_SIGNATURE = 0x0201_4b50;

const ENTRY_BYTES = 46;

/** A field in which the two headers of an entry disagree. */
export interface ZipDisagreement {
  readonly field: "name" | "flags" | "method" | "crc32" | "packedBytes" | "sizeBytes";
  readonly central: string | number;
  readonly local: string | number;
}

/** An entry of the central directory, and its local header. Sizes are in bytes. */
export interface ZipEntry {
  /** Offset of its central header in the file. */
  readonly offset: number;
  readonly name: string;
  readonly rawName: Uint8Array;
  /** The name in UTF-8 that Info-ZIP stores beside the other one. */
  readonly unicodeName: string | undefined;
  /** High byte: system; low byte: version of the specification, times ten. */
  readonly versionMadeBy: number;
  readonly versionNeeded: number;
  readonly flags: number;
  /** 0 stored, 8 deflate, 9 deflate64, 12 bzip2, 14 LZMA, 93 Zstandard, 95 XZ, 99 AES. */
  readonly method: number;
  /** `2020-01-01T12:00:00`, without time zone; undefined if it is no time. */
  readonly modified: string | undefined;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  readonly diskNumber: number;
  readonly internalAttributes: number;
  readonly externalAttributes: number;
  readonly comment: string;
  readonly extraFields: readonly ZipExtraField[];
  readonly isEncrypted: boolean;
  /** PKWARE's strong encryption. */
  readonly hasStrongEncryption: boolean;
  /** Whether the local header is masked, because the directory is encrypted. */
  readonly isMasked: boolean;
  readonly hasDescriptor: boolean;
  readonly aes: ZipAes | undefined;
  /** Offset of the local header in the file, by the directory. */
  readonly localOffset: number;
  /** Undefined: none is there. */
  readonly local: ZipLocalHeader | undefined;
  readonly disagreements: readonly ZipDisagreement[];
}

/**
 * Reads an entry; undefined: there is none.
 *
 * @param shift what is added to stored offsets, because other data is before the zip
 * @throws {DamageError} `truncated` if the file ends before its end
 */
export function readEntry(
  reader: ByteReader,
  offset: number,
  shift: number,
  log: DamageLog,
): ZipEntry | undefined {
  if (!reader.has(offset, ENTRY_BYTES) || reader.u32(offset) !== ENTRY_SIGNATURE) return undefined;
  reader.budget.takeItems(1, offset);
  const flags = reader.u16(offset + 8);
  const nameBytes = reader.u16(offset + 28);
  const extraBytes = reader.u16(offset + 30);
  const extraOffset = offset + ENTRY_BYTES + nameBytes;
  const extraFields = readExtraFields(reader.sub(extraOffset, extraBytes), log);
  const stored = {
    packedBytes: reader.u32(offset + 20),
    sizeBytes: reader.u32(offset + 24),
    localOffset: reader.u32(offset + 42),
  };
  const { packedBytes, sizeBytes, localOffset } = sizesOf(reader, extraFields, stored, log);
  const entry = {
    offset,
    name: readZipText(reader, offset + ENTRY_BYTES, nameBytes, flags),
    rawName: reader.slice(offset + ENTRY_BYTES, nameBytes),
    unicodeName: unicodeNameOf(reader, extraFields),
    versionMadeBy: reader.u16(offset + 4),
    versionNeeded: reader.u16(offset + 6),
    flags,
    method: reader.u16(offset + 10),
    modified: dosTime(reader.u16(offset + 14), reader.u16(offset + 12)),
    crc32: reader.u32(offset + 16),
    packedBytes,
    sizeBytes,
    diskNumber: reader.u16(offset + 34),
    internalAttributes: reader.u16(offset + 36),
    externalAttributes: reader.u32(offset + 38),
    comment: readZipText(reader, extraOffset + extraBytes, reader.u16(offset + 32), flags),
    extraFields,
    isEncrypted: (flags & ZIP_FLAG.encrypted) !== 0,
    hasStrongEncryption: (flags & ZIP_FLAG.strongEncryption) !== 0,
    isMasked: (flags & ZIP_FLAG.masked) !== 0,
    hasDescriptor: (flags & ZIP_FLAG.descriptor) !== 0,
    aes: aesOf(reader, extraFields),
    localOffset: localOffset + shift,
  };
  const local = readLocalHeader(reader, entry.localOffset, log);
  if (!local) log.add("bad-local-header", "The local header of an entry must be in the file", offset);
  const disagreements = local ? disagreementsOf(entry, local) : [];
  reader.budget.takeItems(disagreements.length, offset);
  return { ...entry, local, disagreements };
}

/** Returns the size of an entry's central header. */
export function entrySize(reader: ByteReader, offset: number): number {
  return ENTRY_BYTES + reader.u16(offset + 28) + reader.u16(offset + 30) + reader.u16(offset + 32);
}

type Comparable = Pick<ZipEntry, "name" | "rawName" | "isMasked" | ZipDisagreement["field"]>;

/** Compares headers. Zeros are no disagreement where a descriptor follows, or where the local header is masked. */
function disagreementsOf(central: Comparable, local: ZipLocalHeader): ZipDisagreement[] {
  const isName = central.rawName.length === local.rawName.length &&
    central.rawName.every((byte, i) => byte === local.rawName[i]);
  const fields: ZipDisagreement["field"][] = ["flags", "method"];
  const sizes = ["crc32", "packedBytes", "sizeBytes"] as const;
  const mayBeZero = local.hasDescriptor || central.isMasked;
  for (const size of sizes) if (!mayBeZero || local[size] !== 0) fields.push(size);
  const disagreements: ZipDisagreement[] = fields.filter((field) => central[field] !== local[field])
    .map((field) => ({ field, central: central[field], local: local[field] }));
  if (!isName && !central.isMasked) {
    disagreements.push({ field: "name", central: central.name, local: local.name });
  }
  return disagreements;
}
