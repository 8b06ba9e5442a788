/**
 * How a runner begins.
 *
 * @module
 */

import type { ThreadStart } from "../protocol.ts";
import { readSecret } from "./secret.ts";
import { startThread } from "./thread_start.ts";

/**
 * Serves the host until standard input ends. Never returns.
 *
 * @param words the plugin that the runner is started for: its thread begins to load while the rest is still being read
 */
export async function startRunner(words: readonly string[]): Promise<never> {
  const secret = readSecret();
  const start = JSON.parse(words[0]!) as ThreadStart | null;
  const early = secret && start ? { ...start, worker: startThread(start) } : undefined;
  const { serveHost } = await import("./guest.ts");
  return await serveHost(secret, early);
}
