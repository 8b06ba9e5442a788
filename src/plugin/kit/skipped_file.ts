/**
 * Reports of files that a provider can't deliver.
 *
 * @module
 */

import type { SkippedItem } from "../../core/contract/contract.ts";
import { PluginError } from "../../core/contract/plugin_error.ts";
import { kindOf } from "./file_failure.ts";
import { quote } from "./printable.ts";
import { lossyText } from "../../core/contract/raw_name.ts";
import { isSystemError, systemReason } from "./system_error.ts";

/**
 * Returns what to report of a file that could not be read. Only a link, device, pipe or socket is no loss.
 *
 * @throws `error` itself when it is neither a `PluginError` nor the operating system's: a defect
 */
export function skippedFile(path: string, error: unknown): SkippedItem {
  if (error instanceof PluginError) {
    const { code, message } = error;
    // The report has the path in front of the reason.
    const reason = message.replace(`read ${quote(path)}: `, () => "");
    return { name: path, code, reason, isLoss: code !== "file-not-regular" };
  }
  if (!isSystemError(error)) throw error;
  if (error.code === "EILSEQ") return skippedName(path);
  const reason = `it can't be read: ${systemReason(error)}`;
  return { name: path, code: "file-not-readable", reason, isLoss: true };
}

/** Returns what to report of a folder that could not be listed. */
export function skippedFolder(path: string, error: Error & { readonly code: string }): SkippedItem {
  if (error.code === "EILSEQ") return skippedName(path);
  const reason = `the folder can't be listed: ${systemReason(error)}`;
  return { name: path, code: "folder-not-readable", reason, isLoss: true };
}

/** Reports an entry that `storageWith` lists and can't open. */
function skippedName(path: string): SkippedItem {
  const reason =
    "its name is not UTF-8: it can be opened on Linux where stoQ has all permissions (-A) and the provider runs in the " +
    "main process";
  return { name: lossyText(path), code: "name-not-utf8", reason, isLoss: true };
}

/** Returns what to report of something that is neither a regular file nor a folder. */
export function skippedEntry(path: string, entry: Parameters<typeof kindOf>[0]): SkippedItem {
  const reason = `must be a regular file, got ${kindOf(entry)}`;
  return { name: path, code: "file-not-regular", reason, isLoss: false };
}
