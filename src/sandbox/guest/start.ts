/**
 * How a runner begins.
 *
 * @module
 */

import type { ThreadStart } from "../protocol.ts";
import { readSecret } from "./secret.ts";
import { startThread } from "./thread_start.ts";

/** Exit code of a process that no host has started. */
const EXIT_NOT_STARTED = 5;

/**
 * Serves the host until standard input ends. Never returns.
 *
 * @param words the plugin that the runner is started for: its thread begins to load while the rest is still being read
 */
export async function startRunner(words: readonly string[]): Promise<never> {
  const secret = readSecret();
  if (!secret) Deno.exit(EXIT_NOT_STARTED);
  const start = JSON.parse(words[0]!) as ThreadStart;
  const worker = startThread(start);
  const { serveHost } = await import("./guest.ts");
  return await serveHost(secret, { ...start, worker });
}
