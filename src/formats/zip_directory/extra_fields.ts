/**
 * Extra fields of a zip's headers.
 *
 * @module
 */

import type { ByteReader, DamageLog } from "../bytes/mod.ts";
import { safeNumber } from "./safe_number.ts";

const ZIP64 = 0x0001;
const UNICODE_NAME = 0x7075;
const AES = 0x9901;
const UNKNOWN = 0xffff_ffff;

/** An extra field. */
export interface ZipExtraField {
  /** Such as 1 for zip64, 0x5455 for times of Unix, 0x9901 for AES. */
  readonly id: number;
  /** Offset of its data in the file. */
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Encryption by AES as WinZip does it. */
export interface ZipAes {
  /** 128, 192 or 256; undefined for another. */
  readonly keyBits: number | undefined;
  /** Compression method of the data, which the header replaces by 99. */
  readonly method: number;
}

/** Sizes of a header; 0xffffffff where a zip64 field has them. */
export interface StoredSizes {
  readonly sizeBytes: number;
  readonly packedBytes: number;
  /** Of a central header alone. */
  readonly localOffset?: number;
}

/** Reads the fields. A last field that is cut off is damage. */
export function readExtraFields(reader: ByteReader, log: DamageLog): ZipExtraField[] {
  const fields: ZipExtraField[] = [];
  let at = 0;
  for (; reader.has(at, 4); at += 4 + reader.u16(at + 2)) {
    const sizeBytes = reader.u16(at + 2);
    if (!reader.has(at + 4, sizeBytes)) break;
    reader.budget.takeItems(1, reader.fileOffset(at));
    fields.push({ id: reader.u16(at), offset: reader.baseOffset + at + 4, sizeBytes });
  }
  if (at < reader.sizeBytes) {
    log.add("bad-extra-field", "An extra field must end within its header", reader.fileOffset(at));
  }
  return fields;
}

/** Replaces sizes by those of the zip64 field; it holds only those that the header does not. */
export function sizesOf(
  file: ByteReader,
  fields: readonly ZipExtraField[],
  stored: StoredSizes,
  log: DamageLog,
): Required<StoredSizes> {
  const field = fields.find(({ id }) => id === ZIP64);
  const own = field && file.sub(field.offset, field.sizeBytes);
  let next = 0;
  const resolve = (value: number) => {
    if (value !== UNKNOWN || !own?.has(next, 8)) return value;
    next += 8;
    return safeNumber(own.u64(next - 8), own.fileOffset(next - 8), log);
  };
  const sizeBytes = resolve(stored.sizeBytes);
  const packedBytes = resolve(stored.packedBytes);
  return { sizeBytes, packedBytes, localOffset: resolve(stored.localOffset ?? 0) };
}

/** Reads the field of AES. */
export function aesOf(file: ByteReader, fields: readonly ZipExtraField[]): ZipAes | undefined {
  const field = fields.find(({ id, sizeBytes }) => id === AES && sizeBytes >= 7);
  if (!field) return undefined;
  return {
    keyBits: [undefined, 128, 192, 256][file.u8(field.offset + 4)],
    method: file.u16(field.offset + 5),
  };
}

/** Reads the name in UTF-8 that Info-ZIP stores beside one in another encoding. */
export function unicodeNameOf(file: ByteReader, fields: readonly ZipExtraField[]): string | undefined {
  const field = fields.find(({ id, sizeBytes }) => id === UNICODE_NAME && sizeBytes > 5);
  return field && file.utf8(field.offset + 5, field.sizeBytes - 5);
}
