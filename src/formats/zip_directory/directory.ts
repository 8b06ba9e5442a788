/**
 * The directory of a zip.
 *
 * @module
 */

import { Budget, type BudgetLimits, ByteReader, DamageLog, type PartialTable } from "../bytes/mod.ts";
import { ENTRY_SIGNATURE, entrySize, readEntry, type ZipEntry } from "./central_entry.ts";
import { findEnd, type ZipEnd } from "./end_record.ts";
import { addLocalHeaders, LOCAL_SIGNATURE, type ZipLocalHeader } from "./local_header.ts";

/** What one file may cost: entries with their extra fields, and bytes of names and comments. */
export const ZIP_LIMITS: BudgetLimits = { items: 500_000, bytes: 16_000_000 };

/** Two entries that share bytes. */
export interface ZipOverlap {
  /** Indices into the entries. */
  readonly first: number;
  readonly second: number;
  /** How many bytes they share. */
  readonly sizeBytes: number;
}

/** The directory of a zip. */
export interface ZipDirectory extends PartialTable {
  /** Undefined: the file has none, because it was cut off. */
  readonly end: ZipEnd | undefined;
  /** Offsets of other end records, from the end of the file on. */
  readonly otherEnds: readonly number[];
  /** In the order of the directory. */
  readonly entries: readonly ZipEntry[];
  /** Local headers to which no entry leads, between those of the entries, in the order of the file. */
  readonly hiddenHeaders: readonly ZipLocalHeader[];
  /** Entries that share bytes with an entry before them in the file. */
  readonly overlaps: readonly ZipOverlap[];
  /** What was added to stored offsets, because other data is before the zip. */
  readonly shift: number;
  /** Bytes before the first local header. */
  readonly prefixBytes: number;
  /** Bytes behind the end record and its comment. */
  readonly suffixBytes: number;
}

/**
 * Reads the directory; undefined: the bytes have no end record and begin with no local header. Nothing is unpacked.
 *
 * Damage: `no-end-record`, `bad-directory`, `bad-entry-count`, `bad-local-header`, `bad-extra-field`,
 * `bad-zip64-locator`, `bad-size`, `limit-end-records`.
 */
export function parseZipDirectory(
  content: Uint8Array,
  budget: Budget = new Budget(ZIP_LIMITS),
): ZipDirectory | undefined {
  const reader = new ByteReader(content, budget);
  const log = new DamageLog();
  const { end, otherEnds } = log.attempt(() => findEnd(reader, log)) ?? { end: undefined, otherEnds: [] };
  if (!end && !(reader.has(0, 4) && reader.u32(0) === LOCAL_SIGNATURE)) return undefined;
  if (!end) log.add("no-end-record", "A zip must have an end record", content.length);
  const entries: ZipEntry[] = [];
  const start = end && directoryStart(reader, end, log);
  const shift = start === undefined ? 0 : Math.max(0, start - end!.directoryOffset);
  if (start !== undefined) log.attempt(() => readEntries(reader, end!, start, shift, entries, log));
  const order = entries.map((_, i) => i).sort((a, b) => entries[a]!.localOffset - entries[b]!.localOffset);
  const hidden: ZipLocalHeader[] = [];
  log.attempt(() => findHidden(reader, order.map((i) => entries[i]!), start ?? end?.offset, hidden, log));
  return {
    end,
    otherEnds,
    entries,
    hiddenHeaders: hidden,
    overlaps: log.attempt(() => findOverlaps(reader, entries, order)) ?? [],
    shift,
    prefixBytes: Math.min(
      ...[entries[order[0]!]?.localOffset, hidden[0]?.offset, start ?? 0].filter((at) => at !== undefined),
    ),
    suffixBytes: end ? content.length - end.endOffset : 0,
    damages: log.damages,
    isTruncated: log.isTruncated,
  };
}

/** Finds where the directory begins: right before the end record, else at the stored offset. */
function directoryStart(reader: ByteReader, end: ZipEnd, log: DamageLog): number | undefined {
  const { directoryBytes, directoryOffset, entryCount } = end;
  const places = [(end.zip64Offset ?? end.offset) - directoryBytes, directoryOffset];
  if (entryCount === 0 && directoryBytes === 0) return Math.max(0, places[0]!);
  const start = places.find((place) => reader.has(place, 4) && reader.u32(place) === ENTRY_SIGNATURE);
  if (start === undefined) {
    log.add("bad-directory", `The directory must be at offset ${directoryOffset}`, end.offset);
  } else if (start !== places[0]) {
    log.add("bad-directory", `The directory must have ${directoryBytes} bytes up to the end record`, start);
  }
  if (start !== undefined && start < directoryOffset) {
    log.add(
      "bad-directory",
      `The directory is at offset ${start}, before the stored ${directoryOffset}`,
      start,
    );
  }
  return start;
}

function readEntries(
  reader: ByteReader,
  end: ZipEnd,
  start: number,
  shift: number,
  entries: ZipEntry[],
  log: DamageLog,
): void {
  let at = start;
  for (; at < end.offset; at += entrySize(reader, at)) {
    const entry = readEntry(reader, at, shift, log);
    if (!entry) break;
    entries.push(entry);
  }
  if (entries.length !== end.entryCount) {
    const message = `The directory must have ${end.entryCount} entries, got ${entries.length}`;
    log.add("bad-entry-count", message, reader.fileOffset(at));
  }
}

/** Offset in the file behind the data of an entry. */
function endOfData({ local, localOffset, packedBytes }: ZipEntry): number {
  return (local?.dataOffset ?? localOffset) + packedBytes;
}

/** Finds local headers between the entries, before them and behind them. */
function findHidden(
  reader: ByteReader,
  sorted: readonly ZipEntry[],
  end: number = reader.sizeBytes,
  hidden: ZipLocalHeader[],
  log: DamageLog,
): void {
  let from = 0;
  for (const entry of [...sorted, undefined]) {
    const to = Math.min(entry?.localOffset ?? end, end);
    if (from < to) addLocalHeaders(hidden, reader, from, to, log);
    if (entry) from = Math.max(from, endOfData(entry));
  }
}

/** Finds entries that begin before the data of an earlier entry ends; each is paired with the entry that reaches furthest. */
function findOverlaps(
  reader: ByteReader,
  entries: readonly ZipEntry[],
  order: readonly number[],
): ZipOverlap[] {
  const overlaps: ZipOverlap[] = [];
  let first: number | undefined;
  let furthest = 0;
  for (const second of order) {
    const { localOffset, offset } = entries[second]!;
    const end = endOfData(entries[second]!);
    if (first !== undefined && localOffset < furthest) {
      reader.budget.takeItems(1, offset);
      overlaps.push({ first, second, sizeBytes: Math.min(end, furthest) - localOffset });
    }
    if (first === undefined || end > furthest) [first, furthest] = [second, end];
  }
  return overlaps;
}
