/**
 * The Rich header between the DOS stub and the PE header, in which Microsoft's linker names the tools of a build.
 *
 * @module
 */

import { type ByteReader, DamageLog, type PartialTable } from "../bytes/mod.ts";
import type { PeImage } from "./image.ts";

/** Largest DOS stub that is searched, in bytes. */
export const MAX_DOS_STUB_BYTES = 65_536;

const RICH = 0x6863_6952;
const DANS = 0x536e_6144;
/** `DanS` and three words of padding. */
const TOOLS_OFFSET = 16;
const TOOL_BYTES = 8;

/** A tool, and how many objects it made. */
export interface RichTool {
  /** Which tool, such as 0x104 for a C++ compiler of Visual Studio. */
  readonly productId: number;
  /** Build of the tool. */
  readonly build: number;
  readonly objectCount: number;
}

/** The header; offset and sizes in bytes. */
export interface RichHeader {
  readonly offset: number;
  /** Bytes from `DanS` up to `Rich`. */
  readonly sizeBytes: number;
  /** With which the bytes are combined; a checksum of the DOS header and the tools. */
  readonly key: number;
  /** The bytes as stored, a view. */
  readonly rawBytes: Uint8Array;
  /** The bytes without the key. */
  readonly clearBytes: Uint8Array;
  readonly tools: readonly RichTool[];
}

/** The Rich header, if there is one. */
export interface RichTable extends PartialTable {
  readonly header: RichHeader | undefined;
}

/** Reads the Rich header. A DOS stub of more than {@link MAX_DOS_STUB_BYTES} is not searched, which counts as truncated. */
export function readRichHeader({ reader, headerOffset }: PeImage): RichTable {
  const log = new DamageLog();
  const header = headerOffset > MAX_DOS_STUB_BYTES
    ? log.addLimit("limit-dos-stub", `The DOS stub is larger than ${MAX_DOS_STUB_BYTES} bytes`, headerOffset)
    : log.attempt(() => findHeader(reader, headerOffset));
  return { header: header ?? undefined, damages: log.damages, isTruncated: log.isTruncated };
}

function findHeader(reader: ByteReader, end: number): RichHeader | undefined {
  const richOffset = lastIndexOf(reader, RICH, end);
  if (richOffset === undefined || richOffset + 8 > end) return undefined;
  const key = reader.u32(richOffset + 4);
  const offset = lastIndexOf(reader, (key ^ DANS) >>> 0, richOffset);
  if (offset === undefined) return undefined;
  const rawBytes = reader.slice(offset, richOffset - offset);
  reader.budget.takeBytes(rawBytes.length, offset);
  const clearBytes = rawBytes.map((byte, i) => byte ^ (key >>> (8 * (i % 4))));
  const tools = readTools(reader, offset, rawBytes.length, key);
  return { offset, sizeBytes: rawBytes.length, key, rawBytes, clearBytes, tools };
}

/** Finds where four bytes are for the last time before an end. */
function lastIndexOf(reader: ByteReader, word: number, end: number): number | undefined {
  for (let at = end - 4; at >= 0; at--) {
    if (reader.u32(at) === word) return at;
  }
  return undefined;
}

function readTools(reader: ByteReader, offset: number, sizeBytes: number, key: number): RichTool[] {
  const tools: RichTool[] = [];
  for (let at = offset + TOOLS_OFFSET; at + TOOL_BYTES <= offset + sizeBytes; at += TOOL_BYTES) {
    reader.budget.takeItems(1, at);
    const tool = (reader.u32(at) ^ key) >>> 0;
    const objectCount = (reader.u32(at + 4) ^ key) >>> 0;
    tools.push({ productId: tool >>> 16, build: tool & 0xffff, objectCount });
  }
  return tools;
}
