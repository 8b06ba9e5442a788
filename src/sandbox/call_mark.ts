/**
 * The line on a runner's standard error that ends a call: what stands before it belongs to the call.
 *
 * @module
 */

/** The line with its end, and the end of a line that the plugin left open; the secret keeps plugins from writing one. */
export function callMark(secret: Uint8Array, id: number): string {
  return `\n${secret.toHex()} ${id}\n`;
}
