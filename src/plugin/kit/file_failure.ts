/**
 * Failures of actions on files, in the same words everywhere.
 *
 * @module
 */

import { PluginError } from "../../core/contract/plugin_error.ts";
import { quote } from "./printable.ts";
import { isSystemError, systemReason } from "./system_error.ts";

/** Returns what a folder's entry is: `a symbolic link`, `a folder`, `a file`, `a device, pipe or socket`. */
export function kindOf(
  { isSymlink, isDirectory, isFile }: Pick<Deno.FileInfo, "isSymlink" | "isDirectory" | "isFile">,
): string {
  if (isSymlink) return "a symbolic link";
  if (isDirectory) return "a folder";
  return isFile ? "a file" : "a device, pipe or socket";
}

/**
 * Returns what to throw for a failed action, such as `read "/in/a"`: a `PluginError` that names the action and the operating
 * system's reason. An error that is not the operating system's stays as it is.
 */
export function systemFailure(error: unknown, code: string, action: string): unknown {
  if (!isSystemError(error)) return error;
  return new PluginError(code, `${action}: ${systemReason(error)}`, { cause: error });
}

/** Returns the failure of an action on a path that leads out of a folder; both paths are real. */
export function outsideFolder(
  code: string,
  action: string,
  realPath: string,
  realFolder: string,
): PluginError {
  return new PluginError(
    code,
    `${action}: its real path must be below ${quote(realFolder)}, got ${quote(realPath)}`,
  );
}
