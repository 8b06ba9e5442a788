/**
 * Version information, which is the resource of type 16.
 *
 * https://learn.microsoft.com/en-us/windows/win32/menurc/version-information
 *
 * @module
 */

import { type ByteReader, DamageLog, type PartialTable } from "../bytes/mod.ts";

const HEADER_BYTES = 6;
const FIXED_INFO_BYTES = 52;
const FIXED_INFO_SIGNATURE = 0xfeef_04bd;

/** Numbers of a version resource. */
export interface FixedVersion {
  /** Four numbers, such as `10.0.19041.1`. */
  readonly fileVersion: string;
  readonly productVersion: string;
  /** Bits of `VS_FF_…`. */
  readonly fileFlags: number;
  /** `VOS_…`. */
  readonly fileOs: number;
  /** `VFT_…`, such as 1 for a program and 2 for a DLL. */
  readonly fileType: number;
  readonly fileSubtype: number;
}

/** Texts of one language. */
export interface VersionTable {
  /** Language and code page in hexadecimal, such as `040904b0`. */
  readonly language: string;
  /** Keys and values in the order of the file; a key may be there twice. */
  readonly texts: readonly (readonly [key: string, value: string])[];
}

/** A version resource, as far as it can be read. */
export interface VersionInfo extends PartialTable {
  readonly fixed: FixedVersion | undefined;
  /** Keys of the blocks: `StringFileInfo` and `VarFileInfo`. */
  readonly blocks: readonly string[];
  /** Tables of the first `StringFileInfo`. */
  readonly tables: readonly VersionTable[];
}

/** A block: a key, a value, and blocks within it. */
interface Block {
  readonly key: string;
  /** Whether it says that it has a value. */
  readonly hasValue: boolean;
  /** The value and the blocks within. */
  readonly rest: ByteReader;
  /** What follows the block. */
  readonly after: ByteReader;
}

/**
 * Reads a version resource. Damage: `bad-version-info` if the first block is none, `bad-version-block` where a block ends
 * beyond the block around it; the blocks before it are kept.
 *
 * @param reader the data of the resource, or all bytes from its start on
 */
export function readVersionInfo(reader: ByteReader): VersionInfo {
  const log = new DamageLog();
  const tables: VersionTable[] = [];
  const blocks: string[] = [];
  const fixed = log.attempt(() => {
    const root = readBlock(reader, log);
    if (root?.key !== "VS_VERSION_INFO") {
      log.add("bad-version-info", "The first block must be VS_VERSION_INFO", reader.baseOffset);
      return undefined;
    }
    const hasFixed = root.hasValue && root.rest.has(0, FIXED_INFO_BYTES);
    for (const block of blocksIn(hasFixed ? root.rest.sub(FIXED_INFO_BYTES) : root.rest, log)) {
      if (block.key === "StringFileInfo" && !blocks.includes(block.key)) readTables(block.rest, tables, log);
      blocks.push(block.key);
    }
    return hasFixed ? readFixed(root.rest) : undefined;
  });
  return { fixed, blocks, tables, damages: log.damages, isTruncated: log.isTruncated };
}

function readFixed(own: ByteReader): FixedVersion | undefined {
  if (own.u32(0) !== FIXED_INFO_SIGNATURE) return undefined;
  const version = (offset: number) =>
    [own.u16(offset + 2), own.u16(offset), own.u16(offset + 6), own.u16(offset + 4)].join(".");
  return {
    fileVersion: version(8),
    productVersion: version(16),
    fileFlags: own.u32(28) & own.u32(24),
    fileOs: own.u32(32),
    fileType: own.u32(36),
    fileSubtype: own.u32(40),
  };
}

function readTables(reader: ByteReader, tables: VersionTable[], log: DamageLog): void {
  for (const table of blocksIn(reader, log)) {
    const texts: [string, string][] = [];
    tables.push({ language: table.key, texts });
    for (const { key, hasValue, rest } of blocksIn(table.rest, log)) {
      texts.push([key, hasValue ? readText(rest)?.text ?? "" : ""]);
    }
  }
}

/** Yields blocks that follow each other, up to a damaged block. */
function* blocksIn(reader: ByteReader, log: DamageLog): Generator<Block, void> {
  for (let block = readBlock(reader, log); block; block = readBlock(block.after, log)) yield block;
}

/** Reads a block; undefined: there is none, or it is damaged. */
function readBlock(reader: ByteReader, log: DamageLog): Block | undefined {
  if (reader.sizeBytes < 2) return undefined;
  const storedBytes = reader.u16(0);
  const isWhole = storedBytes >= HEADER_BYTES && reader.has(0, storedBytes);
  // The padding may be missing at the end.
  const own = isWhole ? reader.subUpTo(0, roundedUp(storedBytes)) : undefined;
  const key = own && readText(own.sub(HEADER_BYTES));
  if (!own || !key) {
    // Zeros fill up the space behind the last block.
    if (storedBytes !== 0) {
      log.add("bad-version-block", "A block must be within its parent", reader.baseOffset);
    }
    return undefined;
  }
  reader.budget.takeItems(1, reader.baseOffset);
  return {
    key: key.text,
    hasValue: reader.u16(2) > 0,
    rest: own.subUpTo(roundedUp(HEADER_BYTES + key.sizeBytes), own.sizeBytes),
    after: reader.sub(own.sizeBytes),
  };
}

function roundedUp(sizeBytes: number): number {
  return Math.ceil(sizeBytes / 4) * 4;
}

/** Reads a text up to a zero or the end; undefined: a single byte is left behind it. */
function readText(reader: ByteReader): { readonly text: string; readonly sizeBytes: number } | undefined {
  const { bytes } = reader;
  let end = 0;
  while (end + 2 <= bytes.length && (bytes[end] !== 0 || bytes[end + 1] !== 0)) end += 2;
  if (bytes.length - end === 1) return undefined;
  return { text: reader.utf16(0, end), sizeBytes: Math.min(end + 2, bytes.length) };
}
