/**
 * Archives that no honest program writes, built in memory.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { crc32, deflateRawSync } from "node:zlib";

/** A member of a zip, and the wrong values of its headers. */
export interface ZipEntry {
  readonly name: string | Uint8Array;
  readonly content?: Uint8Array | string;
  readonly isDeflated?: boolean;
  /** Instead of the true size. */
  readonly claimedBytes?: number;
  /** Instead of the true packed size. */
  readonly claimedPackedBytes?: number;
  /** Instead of the true place of its local header. */
  readonly claimedOffset?: number;
  /** Only the directory knows it: its body is another entry's. */
  readonly isListedOnly?: boolean;
  /** Whether the headers say that the name is UTF-8; default true. */
  readonly isUtf8?: boolean;
  /** Extra field of both headers, such as one of zip64. */
  readonly extra?: Uint8Array;
}

/** APPNOTE 4.4.4: bit 11, names are UTF-8. */
const UTF8_NAMES = 0x800;

/** Writes a zip, entry by entry, headers as they are claimed. */
export function buildZip(entries: readonly ZipEntry[]): Uint8Array<ArrayBuffer> {
  const locals: Uint8Array[] = [];
  const centrals: Uint8Array[] = [];
  const deflated = new Map<unknown, Uint8Array>();
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const content = Buffer.from(entry.content ?? "");
    const packed = entry.isDeflated ? deflated.get(entry.content) ?? deflateRawSync(content) : content;
    deflated.set(entry.content, packed);
    const fields = fieldsOf(entry, name, content, packed);
    const extra = entry.extra ?? Buffer.alloc(0);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), fields, name, extra, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(entry.claimedOffset ?? offset, 10);
    centrals.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), fields, tail, name, extra]));
    if (entry.isListedOnly) continue;
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length & 0xffff, 8);
  end.writeUInt16LE(entries.length & 0xffff, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...locals, directory, end]));
}

/** Builds the 26 bytes that the local and the central header have in common. */
function fieldsOf(entry: ZipEntry, name: Uint8Array, content: Buffer, packed: Uint8Array): Uint8Array {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(entry.isUtf8 === false ? 0 : UTF8_NAMES, 2);
  fields.writeUInt16LE(entry.isDeflated ? 8 : 0, 4);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(entry.claimedPackedBytes ?? packed.length, 14);
  fields.writeUInt32LE(entry.claimedBytes ?? content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  fields.writeUInt16LE(entry.extra?.length ?? 0, 24);
  return fields;
}

/** Builds the extra field of zip64 with both sizes (APPNOTE 4.5.3); the headers' own must be 0xffffffff. */
export function zip64Extra(sizeBytes: bigint, packedBytes: bigint): Uint8Array {
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(sizeBytes, 4);
  extra.writeBigUInt64LE(packedBytes, 12);
  return extra;
}

/** Builds a tar of one member whose size field is written as given, followed by two blocks. */
export function buildTar(name: string, sizeField: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([tarHeader(name, sizeField), Buffer.alloc(1024, "x")]));
}

/** A member of a tar. */
export interface TarMember {
  readonly name: string;
  readonly content: string;
  /** Instead of the true size. */
  readonly sizeField?: Uint8Array;
  /** Type of pax and GNU tar: `0` file, `x` pax header, … */
  readonly type?: string;
  /** Whether the checksum of its header is off by one. */
  readonly isDamaged?: boolean;
}

/** Builds a tar of members and an end. */
export function buildTarOf(members: readonly TarMember[]): Uint8Array<ArrayBuffer> {
  const blocks = members.map(({ name, content, sizeField, type, isDamaged }) => {
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    body.write(content);
    const size = sizeField ?? Buffer.from(`${content.length.toString(8).padStart(11, "0")}\0`);
    const header = tarHeader(name, size, type);
    if (isDamaged) header[0]! ^= 1;
    return Buffer.concat([header, body]);
  });
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** Builds a gzip (RFC 1952) whose header holds `name`, of any length. */
export function buildGzip(name: Uint8Array | string, content: string): Uint8Array<ArrayBuffer> {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(Buffer.byteLength(content), 4);
  const header = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
  const parts = [header, Buffer.from(name), Buffer.alloc(1), deflateRawSync(content), trailer];
  return new Uint8Array(Buffer.concat(parts));
}

function tarHeader(name: string, sizeField: Uint8Array, type = "0"): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.set(sizeField, 124);
  header.write("00000000000\0", 136);
  header.write(`        ${type}`, 148);
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}
