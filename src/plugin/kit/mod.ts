/**
 * What plugins that work on files need beside `define.ts`: paths, regular files, reasons of the system, printable text.
 *
 * @module
 */

export { Pace } from "./pace.ts";
export { entryPath, isBelow, relativeTo, splitPath, splitRelative, trimSeparators } from "./path.ts";
export { harmless, printable, printableExcerpt, quote } from "./printable.ts";
export { lossyText, nameMetadata, storageWith } from "./raw_storage.ts";
export {
  findRegularFile,
  MAX_FILE_BYTES,
  readRegularFile,
  RegularFile,
  type RegularFileOptions,
} from "./regular_file.ts";
export { safeName } from "./safe_name.ts";
export { type Storage, type StorageFile, systemStorage, writeAll } from "./storage.ts";
export { isGone, isSystemError, type SystemError, systemReason } from "./system_error.ts";
