/**
 * How dirmon's actions fail, and how their words are written.
 *
 * @module
 */

import { PluginError } from "../../src/plugin/define.ts";

/** Why an action failed. */
export type DirmonFailure =
  | "source-not-set"
  | "source-not-readable"
  | "move-dir-not-set"
  | "move-dir-not-usable"
  | "glob-invalid"
  | "path-outside-source"
  | "path-outside-target"
  | "file-changed"
  | "file-not-deleted"
  | "file-not-moved"
  | "file-not-regular"
  | "file-too-large";

/** An action of dirmon that failed; the message names the path. */
export class DirmonError extends PluginError {
  /** A failure with its code; `options.cause` is the operating system's error. */
  constructor(code: DirmonFailure, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** An operating system's error, as opposed to a refused permission or a bug. */
export interface SystemError extends Error {
  /** `ENOENT`, `EACCES`, … */
  readonly code: string;
}

/** Whether the operating system refused an action on a file. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "code" in error && typeof error.code === "string" &&
    /^E[A-Z0-9]+$/.test(error.code);
}

/** Whether the operating system said that there is no such file. */
export function isGone(error: unknown): boolean {
  return isSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** What the operating system said, without the path, which our messages quote themselves. */
export function systemReason(error: SystemError): string {
  const [reason, path] = error.message.split(" (os error", 2);
  return path === undefined ? error.code : `${reason} (${error.code})`;
}
