/**
 * Starts threads. Imports nothing: a runner does it before it loads anything else.
 *
 * @module
 */

import type { ThreadStart, WorkerPermissions } from "../protocol.ts";

const SERVE = new URL("./thread.ts", import.meta.url).href;

/**
 * A thread that serves one plugin. It is born with the plugin's permissions; its modules are loaded with those of the
 * process, because they stand literally in its first module.
 */
export function startThread({ plugin, module, permissions }: ThreadStart): Worker {
  const address = module ?? new URL(`../../../plugins/${plugin}/mod.ts`, import.meta.url).href;
  const code = `import { servePlugin } from ${JSON.stringify(SERVE)};
servePlugin(() => import(${JSON.stringify(address)}));`;
  return startWorker(code, plugin, permissions);
}

/** A thread that runs this code. */
export function startWorker(code: string, name: string, permissions: WorkerPermissions): Worker {
  return new Worker(`data:text/javascript,${encodeURIComponent(code)}`, {
    type: "module",
    name,
    // Deno's own option, which `--unstable-worker-options` switches on.
    deno: { permissions },
  } as WorkerOptions);
}
