/**
 * Starts threads. Imports no module: a runner starts its first thread before it loads anything else.
 *
 * @module
 */

import type { ThreadStart, WorkerPermissions } from "../protocol.ts";

const SERVE = new URL("./thread.ts", import.meta.url).href;

/**
 * Starts a thread that serves one plugin, with the plugin's permissions. Its modules are loaded with the permissions of the
 * process, because its first module imports them by literal specifiers.
 */
export function startThread({ plugin, module, permissions }: ThreadStart): Worker {
  const address = module ?? new URL(`../../../plugins/${plugin}/mod.ts`, import.meta.url).href;
  const code = `import { servePlugin } from ${JSON.stringify(SERVE)};
servePlugin(() => import(${JSON.stringify(address)}));`;
  return startWorker(code, plugin, permissions);
}

/** Starts a thread that runs this code. */
export function startWorker(code: string, name: string, permissions: WorkerPermissions): Worker {
  return new Worker(`data:text/javascript,${encodeURIComponent(code)}`, {
    type: "module",
    name,
    // An option of Deno that needs `--unstable-worker-options`.
    deno: { permissions },
  } as WorkerOptions);
}
