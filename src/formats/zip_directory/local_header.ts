/**
 * Local headers of a zip, which are before the data of each entry.
 *
 * @module
 */

import type { ByteReader, DamageLog } from "../bytes/mod.ts";
import { readExtraFields, sizesOf, type ZipExtraField } from "./extra_fields.ts";
import { readZipText } from "./name.ts";

/** What a local header begins with. */
export const LOCAL_SIGNATURE = 0x0403_4b50;
/** Bits of the flags of a header. */
export const ZIP_FLAG = { encrypted: 1, descriptor: 8, strongEncryption: 0x40, masked: 0x2000 } as const;

const HEADER_BYTES = 30;
/** The highest version that a specification names, times ten. */
const MAX_VERSION = 63;

/** A local header. */
export interface ZipLocalHeader {
  /** Offset in the file. */
  readonly offset: number;
  readonly name: string;
  readonly rawName: Uint8Array;
  readonly versionNeeded: number;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  /** Zero, as is the CRC, where a descriptor follows the data. */
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Whether sizes and CRC are behind the data. */
  readonly hasDescriptor: boolean;
  readonly isEncrypted: boolean;
  readonly extraFields: readonly ZipExtraField[];
  /** Offset of the data in the file. */
  readonly dataOffset: number;
}

/**
 * Reads a local header; undefined: there is none, or it is cut off.
 *
 * @throws {DamageError} `limit-items` or `limit-bytes` when the budget ends
 */
export function readLocalHeader(
  reader: ByteReader,
  offset: number,
  log: DamageLog,
): ZipLocalHeader | undefined {
  if (!reader.has(offset, HEADER_BYTES) || reader.u32(offset) !== LOCAL_SIGNATURE) return undefined;
  const flags = reader.u16(offset + 6);
  const nameBytes = reader.u16(offset + 26);
  const extraBytes = reader.u16(offset + 28);
  const extraOffset = offset + HEADER_BYTES + nameBytes;
  if (!reader.has(extraOffset, extraBytes)) return undefined;
  const extraFields = readExtraFields(reader.sub(extraOffset, extraBytes), log);
  const stored = { packedBytes: reader.u32(offset + 18), sizeBytes: reader.u32(offset + 22) };
  const { packedBytes, sizeBytes } = sizesOf(reader, extraFields, stored, log);
  return {
    offset,
    name: readZipText(reader, offset + HEADER_BYTES, nameBytes, flags),
    rawName: reader.slice(offset + HEADER_BYTES, nameBytes),
    versionNeeded: reader.u16(offset + 4),
    flags,
    method: reader.u16(offset + 8),
    crc32: reader.u32(offset + 14),
    packedBytes,
    sizeBytes,
    hasDescriptor: (flags & ZIP_FLAG.descriptor) !== 0,
    isEncrypted: (flags & ZIP_FLAG.encrypted) !== 0,
    extraFields,
    dataOffset: extraOffset + extraBytes,
  };
}

/**
 * Adds the local headers in a part of the file, each behind the data of the header before it where its size is known.
 *
 * @throws {DamageError} `limit-items` or `limit-bytes` when the budget ends; what was found before is kept
 */
export function addLocalHeaders(
  headers: ZipLocalHeader[],
  reader: ByteReader,
  start: number,
  end: number,
  log: DamageLog,
): void {
  const bytes = reader.bytes.subarray(0, end);
  for (
    let at = bytes.indexOf(0x50, start);
    at >= 0 && at + HEADER_BYTES <= end;
    at = bytes.indexOf(0x50, at)
  ) {
    const header = isPlausible(reader, at) ? readLocalHeader(reader, at, log) : undefined;
    if (!header) {
      at++;
      continue;
    }
    reader.budget.takeItems(1, at);
    headers.push(header);
    const dataEnd = header.dataOffset + header.packedBytes;
    at = header.hasDescriptor || dataEnd > end ? header.dataOffset : dataEnd;
  }
}

/** Whether bytes are a header, rather than data that looks like one. */
function isPlausible(reader: ByteReader, at: number): boolean {
  return reader.u32(at) === LOCAL_SIGNATURE && reader.u8(at + 4) <= MAX_VERSION && reader.u16(at + 26) > 0;
}
