/**
 * The line on a runner's standard error that ends a call: what stands before it belongs to the call.
 *
 * @module
 */

/** The line with its end; the secret keeps plugins from writing one. */
export function callMark(secret: Uint8Array, id: number): string {
  return `${secret.toHex()} ${id}\n`;
}
