/**
 * The debug directory of a PE file.
 *
 * @module
 */

import { DamageLog, type PartialTable } from "../bytes/mod.ts";
import { rvaToOffset, startOfTable } from "./addresses.ts";
import { directoryOf, type PeImage } from "./image.ts";
import { readText } from "./name.ts";

/** Entries of the debug directory that are read. */
export const MAX_DEBUG_ENTRIES = 1_000;
/** Longest path of debug information that is read, in bytes. */
export const MAX_DEBUG_PATH_BYTES = 4_096;

const ENTRY_BYTES = 28;
const TYPE_CODEVIEW = 2;
/** Signatures, and where the path is behind them, in bytes. */
const PATH_OFFSETS: Readonly<Record<string, number>> = { RSDS: 24, NB10: 16, MTOC: 20 };

/** Where the debug information of a program is. */
export interface CodeView {
  /** `RSDS` (PDB 7), `NB10` (PDB 2), or `MTOC` (Mach-O, converted). */
  readonly format: string;
  /** Identifies the PDB file; of `RSDS` alone. */
  readonly guid: string | undefined;
  /** Times that the PDB file was written; of `RSDS` alone. */
  readonly age: number | undefined;
  /** Path on the machine that built the program, one character for each byte. */
  readonly path: string;
}

/** An entry of the debug directory. */
export interface DebugEntry {
  /** `IMAGE_DEBUG_TYPE_…`, such as 2 for CodeView and 16 for a reproducible build. */
  readonly type: number;
  readonly timestamp: number;
  readonly majorVersion: number;
  readonly minorVersion: number;
  readonly sizeBytes: number;
  readonly rva: number;
  /** Offset in the file, which may be beyond its end. */
  readonly offset: number;
  readonly codeView: CodeView | undefined;
}

/** The debug directory, as far as it can be read. */
export interface DebugTable extends PartialTable {
  readonly entries: readonly DebugEntry[];
}

/** Reads the debug directory. Damage: `bad-directory`, `truncated`. */
export function readDebug(image: PeImage): DebugTable {
  const { reader } = image;
  const log = new DamageLog();
  const entries: DebugEntry[] = [];
  log.attempt(() => {
    const start = startOfTable(image, "debug", log);
    if (start === undefined) return;
    const end = Math.min(start + directoryOf(image, "debug")!.sizeBytes, reader.sizeBytes);
    for (let at = start; at + ENTRY_BYTES <= end; at += ENTRY_BYTES) {
      if (entries.length === MAX_DEBUG_ENTRIES) {
        log.addLimit("limit-debug-entries", `The file has more than ${MAX_DEBUG_ENTRIES} debug entries`, at);
        return;
      }
      reader.budget.takeItems(1, at);
      entries.push(readEntry(image, at, log));
    }
  });
  return { entries, damages: log.damages, isTruncated: log.isTruncated };
}

function readEntry(image: PeImage, at: number, log: DamageLog): DebugEntry {
  const own = image.reader.sub(at, ENTRY_BYTES);
  const rva = own.u32(20);
  const type = own.u32(12);
  const offset = (rva === 0 ? undefined : rvaToOffset(image, rva)) ?? own.u32(24);
  return {
    type,
    timestamp: own.u32(4),
    majorVersion: own.u16(8),
    minorVersion: own.u16(10),
    sizeBytes: own.u32(16),
    rva,
    offset,
    codeView: type === TYPE_CODEVIEW && offset > 0
      ? log.attempt(() => readCodeView(image, offset, log))
      : undefined,
  };
}

function readCodeView({ reader }: PeImage, offset: number, log: DamageLog): CodeView | undefined {
  const format = reader.latin1(offset, 4);
  const pathOffset = PATH_OFFSETS[format];
  if (pathOffset === undefined) return undefined;
  const isRsds = format === "RSDS";
  return {
    format,
    path: readText(reader, offset + pathOffset, MAX_DEBUG_PATH_BYTES, log),
    guid: isRsds ? reader.guid(offset + 4) : undefined,
    age: isRsds ? reader.u32(offset + 20) : undefined,
  };
}
