/**
 * Exports of a PE file.
 *
 * @module
 */

import { DamageLog, type PartialTable } from "../bytes/mod.ts";
import { offsetInFile, rvaToOffset, startOfTable } from "./addresses.ts";
import { directoryOf, type PeImage } from "./image.ts";
import { MAX_FUNCTION_NAME_BYTES, MAX_LIBRARY_NAME_BYTES } from "./imports.ts";
import { readName } from "./name.ts";

const EXPORT_HEADER_BYTES = 40;

/** The export directory. */
export interface ExportHeader {
  /** Offset of the directory in the file. */
  readonly offset: number;
  /** Seconds since 1970, or a hash in a reproducible build. */
  readonly timestamp: number;
  readonly majorVersion: number;
  readonly minorVersion: number;
  /** Name that the DLL gives itself; undefined if its address is outside the file. */
  readonly libraryName: string | undefined;
  /** Ordinal of the first function. */
  readonly ordinalBase: number;
  /** Entries of the tables as declared, and their relative virtual addresses. */
  readonly functionCount: number;
  readonly nameCount: number;
  readonly functionsRva: number;
  readonly namesRva: number;
  readonly ordinalsRva: number;
}

/** An exported function. */
export interface ExportedFunction {
  /** The first of its names, one character for each byte. */
  readonly name: string | undefined;
  /** Further names of the same entry. */
  readonly aliases: readonly string[];
  readonly ordinal: number;
  readonly rva: number;
  /** Offset in the file, which may be beyond its end; undefined if forwarded or in no section. */
  readonly offset: number | undefined;
  /** Whether the address is a text that names the function of another library. */
  readonly isForwarded: boolean;
  /** That text, such as `NTDLL.RtlAllocateHeap`; undefined if not forwarded, or if it is outside the file. */
  readonly forwarder: string | undefined;
}

/** Exports in the order of their ordinals, as far as they can be read. */
export interface ExportTable extends PartialTable {
  /** Undefined: the file has no exports, or the directory can't be read (damage). */
  readonly header: ExportHeader | undefined;
  readonly functions: readonly ExportedFunction[];
}

/**
 * Reads the exports. Damage: `bad-directory`, `bad-export-functions`, `bad-export-names` and `bad-export-ordinals` where
 * a table is outside the file or cut off.
 */
export function readExports(image: PeImage): ExportTable {
  const log = new DamageLog();
  const functions: ExportedFunction[] = [];
  const header = log.attempt(() => readHeader(image, log));
  if (header) log.attempt(() => readFunctions(image, header, functions, log));
  return { header, functions, damages: log.damages, isTruncated: log.isTruncated };
}

function readHeader(image: PeImage, log: DamageLog): ExportHeader | undefined {
  const offset = startOfTable(image, "export", log);
  if (offset === undefined) return undefined;
  const own = image.reader.sub(offset, EXPORT_HEADER_BYTES);
  return {
    offset,
    timestamp: own.u32(4),
    majorVersion: own.u16(8),
    minorVersion: own.u16(10),
    libraryName: readName(image, own.u32(12), MAX_LIBRARY_NAME_BYTES, log),
    ordinalBase: own.u32(16),
    functionCount: own.u32(20),
    nameCount: own.u32(24),
    functionsRva: own.u32(28),
    namesRva: own.u32(32),
    ordinalsRva: own.u32(36),
  };
}

function readFunctions(
  image: PeImage,
  header: ExportHeader,
  functions: ExportedFunction[],
  log: DamageLog,
): void {
  const { rva: start, sizeBytes } = directoryOf(image, "export")!;
  const end = Math.min(start + sizeBytes, 0xffff_ffff);
  const names = log.attempt(() => readNames(image, header, log)) ?? new Map<number, (string | undefined)[]>();
  const { functionsRva, functionCount, ordinalBase } = header;
  for (const [i, rva] of readNumbers(image, functionsRva, functionCount, 4, "functions", log).entries()) {
    const [name, ...aliases] = names.get(i) ?? [];
    const isForwarded = rva >= start && rva < end;
    functions.push({
      name,
      aliases: aliases.filter((alias) => alias !== undefined),
      ordinal: ordinalBase + i,
      rva,
      isForwarded,
      offset: isForwarded ? undefined : rvaToOffset(image, rva),
      forwarder: isForwarded ? readName(image, rva, MAX_LIBRARY_NAME_BYTES, log) : undefined,
    });
  }
}

/** Reads names by the index of their functions. */
function readNames(
  image: PeImage,
  header: ExportHeader,
  log: DamageLog,
): Map<number, (string | undefined)[]> {
  const { nameCount, namesRva, ordinalsRva } = header;
  const addresses = readNumbers(image, namesRva, nameCount, 4, "names", log);
  const names = new Map<number, (string | undefined)[]>();
  for (const [i, index] of readNumbers(image, ordinalsRva, nameCount, 2, "ordinals", log).entries()) {
    const rva = addresses[i];
    if (rva === undefined) break;
    const name = readName(image, rva, MAX_FUNCTION_NAME_BYTES, log);
    const known = names.get(index);
    if (known) known.push(name);
    else names.set(index, [name]);
  }
  return names;
}

/** Reads the numbers of a table, as many as are in the file. */
function readNumbers(
  image: PeImage,
  rva: number,
  count: number,
  entryBytes: 2 | 4,
  table: "functions" | "names" | "ordinals",
  log: DamageLog,
): number[] {
  const { reader } = image;
  const numbers: number[] = [];
  const start = offsetInFile(image, rva) ?? reader.sizeBytes;
  for (let at = start; numbers.length < count && reader.has(at, entryBytes); at += entryBytes) {
    reader.budget.takeItems(1, at);
    numbers.push(entryBytes === 4 ? reader.u32(at) : reader.u16(at));
  }
  if (numbers.length < count) {
    const message = `The table of exported ${table} must have ${count} entries, got ${numbers.length}`;
    log.add(`bad-export-${table}`, message, start);
  }
  return numbers;
}
