/**
 * 7-Zip in WebAssembly: unpacks some sixty container formats from memory into memory.
 *
 * The engine is the `7zz` program of `npm:7z-wasm` (7-Zip 24.09) without its JavaScript glue: it runs on a
 * system of ours that has one file to read and a place to write to, no directories, no links, no clock but UTC
 * and no terminal. Names from an archive are labels, never paths. Each byte that it unpacks is counted while it
 * is unpacked, so a lying header or a bomb ends at the limit and what came before is kept. Every call runs a
 * fresh instance, and nothing is remembered.
 *
 * ```ts
 * import { loadSevenZip } from "./mod.ts";
 *
 * const sevenZip = await loadSevenZip();
 * const gzip = new Uint8Array(
 *   await new Response(new Blob(["hello"]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
 * );
 * const { format, files, problems } = sevenZip.extract(gzip);
 * console.assert(format === "gzip" && problems.length === 0);
 * console.assert(new TextDecoder().decode(files[0]?.content) === "hello");
 * ```
 *
 * @module
 */

import { type ExtractOptions, extractWith } from "./extract.ts";
import type { Extraction } from "./extraction.ts";

export { DEFAULT_LIMITS, type ExtractOptions } from "./extract.ts";
export type {
  ArchiveInfo,
  Entry,
  EntryKind,
  ExtractedFile,
  Extraction,
  Problem,
  ProblemKind,
} from "./extraction.ts";
export { DEFAULT_EXCLUDED_FORMATS, excludedBy, type FormatChoice, FORMATS } from "./formats.ts";
export type { Limits } from "./harvest.ts";
export { isLongPath, MAX_PATH_FOLDERS, MAX_PATH_LENGTH } from "./names.ts";
export { MAX_PASSWORD_BYTES, MAX_PASSWORDS } from "./passwords.ts";

/** The loaded engine. */
export interface SevenZip {
  /**
   * Unpacks one archive, one layer deep. It takes as long as it takes: there is no deadline inside.
   *
   * @throws {RangeError} when a format is none of {@linkcode FORMATS}
   */
  extract(content: Uint8Array, options?: ExtractOptions): Extraction;
}

/** Loads and compiles the engine, once; it needs no permission. */
export async function loadSevenZip(): Promise<SevenZip> {
  const { sevenZipModule } = await import("./binary.js");
  return { extract: (content, options = {}) => extractWith(sevenZipModule, content, options) };
}
