/**
 * Errors of the operating system.
 *
 * @module
 */

/** An operating system's error, as opposed to a refused permission or a bug. */
export interface SystemError extends Error {
  /** `ENOENT`, `EACCES`, … */
  readonly code: string;
}

/** Says whether the operating system refused an action on a file. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "code" in error && typeof error.code === "string" &&
    /^E[A-Z0-9]+$/.test(error.code);
}

/** Says whether the operating system reported that there is no such file. */
export function isGone(error: unknown): boolean {
  return isSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** Returns the operating system's reason without the path, which messages contain already. */
export function systemReason(error: SystemError): string {
  const [reason, path] = error.message.split(" (os error", 2);
  if (path !== undefined) return `${reason} (${error.code})`;
  const ofNode = /^E[A-Z0-9]+: (.)(.*?), [a-z]+(?: |$)/.exec(error.message);
  return ofNode ? `${ofNode[1]!.toUpperCase()}${ofNode[2]} (${error.code})` : error.code;
}
