/**
 * What plugins need beside `define.ts`: paths, regular files, output folders, the system's errors, printable text, quantities,
 * and the queues and clocks of providers.
 *
 * @module
 */

export { type Clock, Sleeper, SYSTEM_CLOCK } from "./clock.ts";
export { defang } from "./defang.ts";
export { kindOf, outsideFolder, systemFailure } from "./file_failure.ts";
export { endOfName, MAX_NAME_BYTES, startOfName } from "./name_length.ts";
export { OutputFolder, type OutputFolderOptions } from "./output_folder.ts";
export { OutputGuard } from "./output_guard.ts";
export { Pace } from "./pace.ts";
export { entryPath, isBelow, relativeTo, splitPath, splitRelative, trimSeparators } from "./path.ts";
export { type Output, Printer } from "./printer.ts";
export { harmless, printable, printableExcerpt, quote } from "./printable.ts";
export { counted, formatCount, formatSize } from "./quantities.ts";
export { bytesOfRawText, lossyText, nameMetadata, storageWith } from "./raw_storage.ts";
export {
  findRegularFile,
  MAX_FILE_BYTES,
  readRegularFile,
  RegularFile,
  type RegularFileOptions,
} from "./regular_file.ts";
export { type Retry, RetryQueue } from "./retry_queue.ts";
export { safeName } from "./safe_name.ts";
export { SharedCalls } from "./shared_calls.ts";
export { skippedEntry, skippedFile, skippedFolder } from "./skipped_file.ts";
export { isAbsent, type Storage, type StorageFile, writeAll } from "./storage.ts";
export { isGone, isSystemError, type SystemError, systemReason } from "./system_error.ts";
export { systemStorage } from "./system_storage.ts";
