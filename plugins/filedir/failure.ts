/**
 * How filedir's actions fail, and how their words are written.
 *
 * @module
 */

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
export class FiledirError extends Error {
  /** `FiledirError`, also where the class is not at hand. */
  override readonly name = "FiledirError";

  /** A failure with its code; `options.cause` is the operating system's error. */
  constructor(readonly code: FiledirFailure, message: string, options?: ErrorOptions) {
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

/** What the operating system said, without the path, which our messages quote themselves. */
export function systemReason(error: SystemError): string {
  const [reason, path] = error.message.split(" (os error", 2);
  return path === undefined ? error.code : `${reason} (${error.code})`;
}
