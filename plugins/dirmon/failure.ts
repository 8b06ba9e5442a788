/**
 * How dirmon's actions fail, and how their words are written.
 *
 * @module
 */

/** Why an action failed. */
export type DirmonFailure =
  | "source-not-set"
  | "source-not-readable"
  | "move-dir-not-set"
  | "move-dir-not-usable"
  | "glob-invalid"
  | "path-outside-source"
  | "file-changed"
  | "file-not-regular"
  | "file-too-large";

/** An action of dirmon that failed; the message names the path. */
export class DirmonError extends Error {
  /** `DirmonError`, also where the class is not at hand. */
  override readonly name = "DirmonError";

  /** A failure with its code; `options.cause` is the operating system's error. */
  constructor(readonly code: DirmonFailure, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Characters that JSON leaves as they are and that steer a terminal or turn text around. */
const STEERING = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A name from outside, in double quotes, control characters escaped. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
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
