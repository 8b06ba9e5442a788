/**
 * Reads compound files (OLE2, MS-CFB): documents of Office up to 2003, `.msi`, `.msg`, `vbaProject.bin`, thumbnails.
 *
 * {@link parseOle} reads header, tables and directory; {@link readStream} reads a stream as far as its chain of sectors goes.
 * Cycles and links that lead nowhere end a chain and are damage. Entries to which no storage leads are listed as orphans: a
 * program that deletes a stream often leaves it there.
 *
 * Specification: https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-cfb/
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { findEntry, parseOle, pathOf, readStream } from "./mod.ts";
 *
 * function listStreams(content: Uint8Array) {
 *   const file = parseOle(content);
 *   if (!file) return "no compound file";
 *   const macros = findEntry(file, ["Macros", "VBA", "dir"]);
 *   return file.entries.map((entry) => [pathOf(entry).join("/"), entry === macros, readStream(file, entry).content.length]);
 * }
 * assert.equal(listStreams(new Uint8Array(512)), "no compound file");
 * ```
 *
 * @module
 */

export type { ChainTable } from "./chains.ts";
export { MAX_STORAGE_DEPTH, type OleEntry, pathOf } from "./directory.ts";
export {
  findEntry,
  MAX_OLE_EXTRA_BYTES,
  MAX_OLE_ITEMS,
  type OleFile,
  oleLimits,
  type OleStream,
  parseOle,
  readStream,
} from "./file.ts";
export { isOle, type OleHeader } from "./header.ts";
