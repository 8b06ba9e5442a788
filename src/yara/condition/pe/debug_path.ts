/**
 * Where the debug information of a PE file was written to.
 *
 * @module
 */

import { BeyondLimits, MAX_DEBUG_PATH_BYTES, type PeBytes } from "./pe_bytes.ts";
import { DIRECTORY, directoryEntry, offsetOfAddress, type PeImage, placeOfAddress } from "./pe_image.ts";

/** Entries of the debug directory that are looked at. */
export const MAX_PE_DEBUG_ENTRIES = 1_000;

const ENTRY_BYTES = 28;
const TYPE_CODEVIEW = 2;
/** Signatures, and where the path stands behind them. */
const PATH_OFFSETS: ReadonlyMap<number, number> = new Map([
  [0x5344_5352, 24], // RSDS
  [0x3031_424e, 16], // NB10
  [0x434f_544d, 20], // MTOC
]);

/**
 * The path, bytes as characters; `null`: there is none.
 *
 * @throws {BeyondLimits} where there is more than is read here
 */
export function readDebugPath(image: PeImage): string | null {
  const entry = directoryEntry(image, DIRECTORY.debug);
  const start = entry && placeOfAddress(image, entry.address);
  if (!entry || start === undefined) return null;
  const { file } = image;
  const end = Math.min(start + entry.size, file.length);
  if (end - start > MAX_PE_DEBUG_ENTRIES * ENTRY_BYTES) throw new BeyondLimits();
  for (let at = start; at + ENTRY_BYTES <= end; at += ENTRY_BYTES) {
    if (file.u32(at + 12) !== TYPE_CODEVIEW) continue;
    const address = file.u32(at + 20);
    const offset = (address !== 0 ? offsetOfAddress(image, address) : null) ?? file.u32(at + 24);
    const path = offset > 0 ? pathAt(file, offset) : undefined;
    if (path !== undefined) return path;
  }
  return null;
}

function pathAt(file: PeBytes, offset: number): string | undefined {
  if (!file.has(offset, 4)) return undefined;
  const pathOffset = PATH_OFFSETS.get(file.u32(offset));
  return pathOffset !== undefined && file.has(offset, pathOffset)
    ? file.text(offset + pathOffset, MAX_DEBUG_PATH_BYTES)
    : undefined;
}
