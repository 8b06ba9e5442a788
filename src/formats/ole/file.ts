/**
 * A compound file and its streams.
 *
 * @module
 */

import { Budget, type BudgetLimits, ByteReader, DamageLog, type PartialTable } from "../bytes/mod.ts";
import { ChainTable, readFatSectors, sectorOffset } from "./chains.ts";
import { type OleEntry, pathOf, readDirectory } from "./directory.ts";
import { isOle, type OleHeader, readHeader } from "./header.ts";

/** Entries and steps along chains that one file may cost, beside four for each sector of 512 bytes. */
export const MAX_OLE_ITEMS = 1_000_000;
/** Bytes that streams and names of one file may cost, beside twice the size of the file. */
export const MAX_OLE_EXTRA_BYTES = 16_000_000;

/** Returns what a file of a size may cost. Streams that share sectors cost as much as if they did not. */
export function oleLimits(sizeBytes: number): BudgetLimits {
  return { items: MAX_OLE_ITEMS + Math.ceil(sizeBytes / 128), bytes: MAX_OLE_EXTRA_BYTES + 2 * sizeBytes };
}

/** A compound file. */
export interface OleFile extends PartialTable {
  readonly reader: ByteReader;
  readonly header: OleHeader;
  /** Undefined: the directory can't be read. */
  readonly root: OleEntry | undefined;
  /** Storages and streams in the order of the tree, each storage before what it holds; then orphans. */
  readonly entries: readonly OleEntry[];
  readonly fat: ChainTable;
  readonly miniFat: ChainTable;
  /** Sectors of the mini stream. */
  readonly miniSectors: readonly number[];
}

/** The bytes of a stream. */
export interface OleStream extends PartialTable {
  /** As far as the chain goes, at most the declared size. A stream in sectors that follow each other is a view. */
  readonly content: Uint8Array;
}

/**
 * Reads header, tables and directory; undefined: the bytes do not begin with the signature. Damage: `truncated`,
 * `bad-header`, `bad-fat-sector`, `difat-cycle`, `chain-cycle`, `chain-ends-early`, `bad-directory-entry`,
 * `bad-directory-link`, `directory-cycle`, `storage-too-deep`.
 */
export function parseOle(
  content: Uint8Array,
  budget: Budget = new Budget(oleLimits(content.length)),
): OleFile | undefined {
  if (!isOle(content)) return undefined;
  const reader = new ByteReader(content, budget);
  const log = new DamageLog();
  const header = log.attempt(() => readHeader(reader, log));
  if (!header) return undefined;
  const fat = new ChainTable(reader, header, readFatSectors(reader, header, log));
  const chain = (start: number, origin: number, needed = Infinity) =>
    log.attempt(() => fat.chain(start, needed, origin, log)) ?? [];
  const miniFat = new ChainTable(reader, header, chain(header.firstMiniFatSector, 60));
  const offsets = chain(header.firstDirectorySector, 48).map((sector) => sectorOffset(header, sector));
  const { root, entries } = readDirectory(reader, header, offsets, log);
  const needed = Math.ceil((root?.sizeBytes ?? 0) / header.sectorBytes);
  return {
    reader,
    header,
    root,
    entries,
    fat,
    miniFat,
    miniSectors: needed > 0 ? chain(root!.startSector, root!.offset, needed) : [],
    damages: log.damages,
    isTruncated: log.isTruncated,
  };
}

/** Returns the first entry with a path; names do not depend on case. */
export function findEntry({ entries }: OleFile, path: readonly string[]): OleEntry | undefined {
  const wanted = path.map((name) => name.toLowerCase());
  return entries.find((entry) =>
    entry.name.toLowerCase() === wanted.at(-1) && !entry.isOrphan &&
    pathOf(entry).every((name, i, all) => all.length === wanted.length && name.toLowerCase() === wanted[i])
  );
}

/**
 * Reads a stream as far as its chain goes. Damage: `chain-cycle`, `chain-ends-early`, `stream-cut` (less than declared).
 */
export function readStream(file: OleFile, entry: OleEntry): OleStream {
  const { reader, header } = file;
  const log = new DamageLog();
  const sectorBytes = entry.isMini ? header.miniSectorBytes : header.sectorBytes;
  const content = log.attempt(() => {
    if (entry.type === "storage") return undefined;
    const table = entry.isMini ? file.miniFat : file.fat;
    const needed = Math.ceil(entry.sizeBytes / sectorBytes);
    const sectors = needed === 0 ? [] : table.chain(entry.startSector, needed, entry.offset, log);
    const offsets = sectors.map((sector) =>
      entry.isMini ? miniOffset(file, sector) : sectorOffset(header, sector)
    );
    return joinSectors(reader, offsets, sectorBytes, entry.sizeBytes);
  }) ?? new Uint8Array(0);
  if (content.length < entry.sizeBytes && entry.type !== "storage") {
    const message = `The stream must have ${entry.sizeBytes} bytes, got ${content.length}`;
    log.add("stream-cut", message, entry.offset);
  }
  return { content, damages: log.damages, isTruncated: log.isTruncated };
}

/** Offset in the file of a mini sector; beyond its end if the mini stream does not reach so far. */
function miniOffset({ reader, header, miniSectors }: OleFile, miniSector: number): number {
  const position = miniSector * header.miniSectorBytes;
  const sector = miniSectors[Math.floor(position / header.sectorBytes)];
  return sector === undefined
    ? reader.sizeBytes
    : sectorOffset(header, sector) + position % header.sectorBytes;
}

/** Joins sectors up to the first that is not whole in the file; its part is kept. */
function joinSectors(
  reader: ByteReader,
  offsets: readonly number[],
  sectorBytes: number,
  sizeBytes: number,
): Uint8Array {
  const missing = offsets.findIndex((offset) => !reader.has(offset, sectorBytes));
  const whole = missing < 0 ? offsets.length : missing;
  const tail = missing < 0 ? undefined : reader.subUpTo(offsets[missing]!, sectorBytes);
  const length = Math.min(sizeBytes, whole * sectorBytes + (tail?.sizeBytes ?? 0));
  const first = offsets[0] ?? 0;
  if (offsets.every((offset, i) => offset === first + i * sectorBytes)) {
    return reader.subUpTo(first, length).bytes;
  }
  reader.budget.takeBytes(length, reader.fileOffset(first));
  const content = new Uint8Array(length);
  for (let i = 0, at = 0; at < length; i++, at += sectorBytes) {
    content.set(reader.subUpTo(offsets[i]!, Math.min(sectorBytes, length - at)).bytes, at);
  }
  return content;
}
