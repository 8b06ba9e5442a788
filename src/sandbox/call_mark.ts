/**
 * Lines with which a runner speaks to the host on its standard error, between what plugins print there.
 *
 * The secret keeps plugins from writing one. Each begins with the end of a line that a plugin may have left open.
 *
 * @module
 */

/** Ends a call: what stands before it belongs to the call. */
export function callMark(secret: Uint8Array, id: number): string {
  return `\n${secret.toHex()} ${id}\n`;
}

/** How the line begins that says that the process takes too much memory; the number of bytes follows. */
export function memoryMark(secret: Uint8Array): string {
  return `\n${secret.toHex()} memory `;
}
