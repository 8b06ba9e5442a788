/**
 * Starts a runner.
 *
 * @module
 */

import { SECRET_BYTES } from "../frames.ts";
import { GREETING, type ThreadStart } from "../protocol.ts";
import { startThread } from "./thread_start.ts";

/**
 * Serves the host until standard input ends. Never returns.
 *
 * @param words the first is JSON of the plugin that the runner is started for: its thread starts while other modules load
 */
export async function startRunner(words: readonly string[]): Promise<never> {
  const secret = readSecret();
  const start = JSON.parse(words[0]!) as ThreadStart | null;
  const early = secret && start ? { ...start, worker: startThread(start) } : undefined;
  const { serveHost } = await import("./guest.ts");
  return await serveHost(secret, early);
}

/**
 * Reads the secret that follows the greeting; `undefined` where the process was not started by a host of this version.
 *
 * Plugins may read standard input like the runner itself, so this is done before the first of them is loaded. No frame on
 * standard input holds the secret.
 */
function readSecret(): Uint8Array | undefined {
  const greeting = new TextEncoder().encode(GREETING);
  const start = new Uint8Array(greeting.length + SECRET_BYTES);
  for (let filled = 0; filled < start.length;) {
    const count = Deno.stdin.readSync(start.subarray(filled));
    if (count === null) return undefined;
    filled += count;
  }
  return greeting.every((byte, index) => start[index] === byte) ? start.subarray(greeting.length) : undefined;
}
