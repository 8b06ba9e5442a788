/**
 * The end of a zip: the record from which everything else is found.
 *
 * @module
 */

import type { ByteReader, DamageLog } from "../bytes/mod.ts";
import { safeNumber } from "./safe_number.ts";

/** Bytes at the end of the file in which the record is searched: a comment of 64 KiB, and what was appended. */
export const MAX_TAIL_BYTES = 1_048_576;
/** Further end records whose offsets are kept. */
export const MAX_OTHER_ENDS = 16;

const END_SIGNATURE = 0x0605_4b50;
const END_BYTES = 22;
const LOCATOR_SIGNATURE = 0x0706_4b50;
const LOCATOR_BYTES = 20;
const END_64_SIGNATURE = 0x0606_4b50;
const END_64_BYTES = 56;
const ENTRY_SIGNATURE = 0x0201_4b50;

/** An end record, with the numbers of its zip64 record where there is one. Offsets are as stored. */
export interface ZipEnd {
  /** Offset of the record in the file. */
  readonly offset: number;
  /** Offset of the zip64 end record in the file. */
  readonly zip64Offset: number | undefined;
  readonly diskNumber: number;
  readonly directoryDisk: number;
  readonly entriesOnDisk: number;
  readonly entryCount: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
  /** One character for each byte. */
  readonly comment: string;
  /** Offset in the file behind the comment. */
  readonly endOffset: number;
}

/** The end record of a file, and others that look like one. */
export interface ZipEnds {
  readonly end: ZipEnd | undefined;
  /** Offsets of other end records, from the end of the file on. */
  readonly otherEnds: readonly number[];
}

/**
 * Finds the end record: the last with a central directory right before it, else the last. Readers differ in
 * which of several they take, so all are listed.
 */
export function findEnd(reader: ByteReader, log: DamageLog): ZipEnds {
  const offsets: number[] = [];
  let chosen: number | undefined;
  const { bytes } = reader;
  for (let at = bytes.length - END_BYTES; at >= Math.max(0, bytes.length - MAX_TAIL_BYTES); at--) {
    if (bytes[at] !== 0x50 || reader.u32(at) !== END_SIGNATURE) continue;
    if (!reader.has(at + END_BYTES, reader.u16(at + 20))) continue;
    if (offsets.length > MAX_OTHER_ENDS) {
      log.addLimit("limit-end-records", `The file has more than ${MAX_OTHER_ENDS} end records`, at);
      break;
    }
    offsets.push(at);
    if (chosen === undefined && hasDirectory(reader, at)) chosen = at;
  }
  chosen ??= offsets[0];
  reader.budget.takeItems(offsets.length, 0);
  const end = chosen === undefined ? undefined : log.attempt(() => readEnd(reader, chosen, log));
  return { end, otherEnds: offsets.filter((offset) => offset !== chosen) };
}

/** Whether a central directory ends where a record begins, or no entries are declared. */
function hasDirectory(reader: ByteReader, at: number): boolean {
  const directoryBytes = reader.u32(at + 12);
  const start = at - directoryBytes;
  const isLocated = at >= LOCATOR_BYTES && reader.u32(at - LOCATOR_BYTES) === LOCATOR_SIGNATURE;
  return isLocated || (directoryBytes === 0 && reader.u16(at + 10) === 0) ||
    (reader.has(start, 4) && reader.u32(start) === ENTRY_SIGNATURE);
}

function readEnd(reader: ByteReader, at: number, log: DamageLog): ZipEnd {
  const commentBytes = reader.u16(at + 20);
  const end: ZipEnd = {
    offset: at,
    zip64Offset: undefined,
    diskNumber: reader.u16(at + 4),
    directoryDisk: reader.u16(at + 6),
    entriesOnDisk: reader.u16(at + 8),
    entryCount: reader.u16(at + 10),
    directoryBytes: reader.u32(at + 12),
    directoryOffset: reader.u32(at + 16),
    comment: reader.latin1(at + END_BYTES, commentBytes),
    endOffset: at + END_BYTES + commentBytes,
  };
  const locator = at - LOCATOR_BYTES;
  if (!reader.has(locator, LOCATOR_BYTES) || reader.u32(locator) !== LOCATOR_SIGNATURE) return end;
  return { ...end, ...readEnd64(reader, locator, log) };
}

/** Reads the zip64 record; it is right before its locator if the stored offset is wrong, as it is behind other data. */
function readEnd64(reader: ByteReader, locator: number, log: DamageLog): Partial<ZipEnd> {
  const stored = safeNumber(reader.u64(locator + 8), locator + 8, log);
  const places = [stored, locator - END_64_BYTES];
  const at = places.find((place) =>
    reader.has(place, END_64_BYTES) && reader.u32(place) === END_64_SIGNATURE
  );
  if (at === undefined) {
    log.add("bad-zip64-locator", `The zip64 end record must be at offset ${stored}`, locator);
    return {};
  }
  const number = (offset: number) => safeNumber(reader.u64(at + offset), at + offset, log);
  return {
    zip64Offset: at,
    diskNumber: reader.u32(at + 16),
    directoryDisk: reader.u32(at + 20),
    entriesOnDisk: number(24),
    entryCount: number(32),
    directoryBytes: number(40),
    directoryOffset: number(48),
  };
}
