/**
 * A thread of the runner that watches the memory of the process and does nothing else. The main thread has to read all messages of
 * plugins, and may be busy with them.
 *
 * @module
 */

import { startWorker } from "./thread_start.ts";

/** The only message to the thread. */
export interface MemoryWatchStart {
  /** Resident memory above which the thread reports to the host. */
  readonly limitBytes: number;
  /** How the line on standard error begins; the number of bytes follows. */
  readonly mark: string;
}

/** What a Web Worker's global scope has and a window's has not. */
interface DedicatedScope {
  onmessage: ((event: MessageEvent<MemoryWatchStart>) => void) | null;
  postMessage(message: unknown): void;
}

/** Starts the thread. It posts a message when the memory is above the limit and the host has its report. */
export function startMemoryThread(start: MemoryWatchStart): Worker {
  // A module of its own would be read while a plugin is called, which Deno's audit would report as the plugin's doing.
  const worker = startWorker(`(${watchMemory})(globalThis);`, "memory", "none");
  worker.postMessage(start);
  return worker;
}

/** Runs in the thread, from its own text: it may use nothing of this module. */
function watchMemory(scope: DedicatedScope): void {
  const watchMs = 50;
  scope.onmessage = ({ data: { limitBytes, mark } }) => {
    const timer = setInterval(() => {
      const bytes = Deno.memoryUsage().rss;
      if (bytes <= limitBytes) return;
      clearInterval(timer);
      // Shorter than what a pipe takes at once, so nothing gets in between.
      Deno.stderr.writeSync(new TextEncoder().encode(`${mark}${bytes}\n`));
      scope.postMessage(bytes);
    }, watchMs);
  };
}
