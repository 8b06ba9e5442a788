/**
 * The Rich header between the DOS stub and the PE header, in which Microsoft's compilers name themselves.
 *
 * @module
 */

import type { ModuleRecord } from "../module_value.ts";
import { BeyondLimits, latin1, type PeBytes } from "./pe_bytes.ts";
import type { PeImage } from "./pe_image.ts";

/** Largest DOS stub that is searched. */
export const MAX_DOS_STUB_BYTES = 65_536;

const RICH = 0x6863_6952;
const DANS = 0x536e_6144;

/** A tool, and how many objects it made. */
export interface RichTool extends ModuleRecord {
  readonly toolid: number;
  readonly version: number;
  readonly times: number;
}

/** The header; offset and length in bytes. */
export interface RichHeader extends ModuleRecord {
  readonly offset: number;
  readonly length: number;
  readonly key: number;
  readonly raw_data: string;
  readonly clear_data: string;
  readonly tools: readonly RichTool[];
}

/**
 * Reads the header; `null`: there is none.
 *
 * @throws {BeyondLimits} for a DOS stub that is too large
 */
export function readRichHeader({ file, headerAt }: PeImage): RichHeader | null {
  if (headerAt > MAX_DOS_STUB_BYTES) throw new BeyondLimits();
  const richAt = lastIndexOf(file, RICH, headerAt);
  if (richAt === undefined || richAt + 8 > headerAt) return null;
  const key = file.u32(richAt + 4);
  const start = lastIndexOf(file, (key ^ DANS) >>> 0, richAt);
  if (start === undefined) return null;
  const raw = file.bytes.subarray(start, richAt);
  const clear = raw.map((byte, i) => byte ^ ((key >>> (8 * (i % 4))) & 0xff));
  return {
    offset: start,
    length: raw.length,
    key,
    raw_data: latin1(raw),
    clear_data: latin1(clear),
    tools: toolsOf(clear),
  };
}

/** Where four bytes stand for the last time before an end. */
function lastIndexOf(file: PeBytes, word: number, end: number): number | undefined {
  for (let at = end - 4; at >= 0; at--) {
    if (file.u32(at) === word) return at;
  }
  return undefined;
}

function toolsOf(clear: Uint8Array): RichTool[] {
  const view = new DataView(clear.buffer, clear.byteOffset, clear.byteLength);
  const tools: RichTool[] = [];
  for (let at = 16; at + 8 <= clear.length; at += 8) {
    tools.push({
      version: view.getUint16(at, true),
      toolid: view.getUint16(at + 2, true),
      times: view.getUint32(at + 4, true),
    });
  }
  return tools;
}
