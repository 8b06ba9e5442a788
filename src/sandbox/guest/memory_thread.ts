/**
 * A thread of the runner that only watches the memory of the process. The main thread may be busy with messages of plugins.
 *
 * @module
 */

import { startWorker } from "./thread_start.ts";

/** The message that starts the watch. */
export interface MemoryWatchStart {
  /** Resident memory above which the thread reports to the host. */
  readonly limitBytes: number;
  /** Start of the line on standard error; the number of bytes follows. */
  readonly mark: string;
}

/** Members of a Web Worker's global scope that a window's lacks. */
interface DedicatedScope {
  onmessage: ((event: MessageEvent<MemoryWatchStart>) => void) | null;
  postMessage(message: unknown): void;
}

/** Starts the thread. It posts a message when the memory is above the limit and it has reported that to the host. */
export function startMemoryThread(start: MemoryWatchStart): Worker {
  // A module file would be read while a plugin is called, and Deno's audit would attribute that to the plugin.
  const worker = startWorker(`(${watchMemory})(globalThis);`, "memory", "none");
  worker.postMessage(start);
  return worker;
}

/** Runs in the thread, which gets the source text of this function: it must not use other names of this module. */
function watchMemory(scope: DedicatedScope): void {
  const watchMs = 50;
  scope.onmessage = ({ data: { limitBytes, mark } }) => {
    const timer = setInterval(() => {
      const bytes = Deno.memoryUsage().rss;
      if (bytes <= limitBytes) return;
      clearInterval(timer);
      // Shorter than PIPE_BUF, so the write is atomic.
      Deno.stderr.writeSync(new TextEncoder().encode(`${mark}${bytes}\n`));
      scope.postMessage(bytes);
    }, watchMs);
  };
}
