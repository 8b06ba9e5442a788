/**
 * How filedir's actions fail, and how their words are written.
 *
 * @module
 */

import { PluginError } from "../../src/plugin/define.ts";

export { quote } from "../../src/plugin/define.ts";

/** Why an action failed. */
export type FiledirFailure =
  | "source-not-set"
  | "source-not-readable"
  | "path-outside-source"
  | "date-format-invalid"
  | "name-not-safe"
  | "file-exists"
  | "file-not-regular"
  | "file-too-large"
  | "file-not-written"
  | "path-not-given"
  | "path-outside-archive"
  | "path-not-readable";

/** An action of filedir that failed; the message names the path. */
export class FiledirError extends PluginError {
  /** A failure with its code; `options.cause` is the operating system's error. */
  constructor(code: FiledirFailure, message: string, options?: ErrorOptions) {
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

/** What the operating system said, without the path, which our messages quote themselves. */
export function systemReason(error: SystemError): string {
  const [reason, path] = error.message.split(" (os error", 2);
  return path === undefined ? error.code : `${reason} (${error.code})`;
}
