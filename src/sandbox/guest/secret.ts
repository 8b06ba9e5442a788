/**
 * The secret that tells a runner's frames from what plugins print.
 *
 * Plugins may read standard input like the runner itself, so it is taken off before the first of them is loaded, and no
 * frame on standard input holds it.
 *
 * @module
 */

import { SECRET_BYTES } from "../frames.ts";
import { GREETING } from "../protocol.ts";

/** Takes the secret after the greeting; `undefined` when somebody else than a host of this version started the process. */
export function readSecret(): Uint8Array | undefined {
  const greeting = new TextEncoder().encode(GREETING);
  const start = new Uint8Array(greeting.length + SECRET_BYTES);
  for (let filled = 0; filled < start.length;) {
    const count = Deno.stdin.readSync(start.subarray(filled));
    if (count === null) return undefined;
    filled += count;
  }
  return greeting.every((byte, index) => start[index] === byte) ? start.subarray(greeting.length) : undefined;
}
