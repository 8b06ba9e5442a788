/**
 * Watches a runner's memory from outside, where this process has all permissions (Deno reads `/proc` only then).
 *
 * A thread of the runner watches it as well, see `guest/memory_thread.ts`.
 *
 * @module
 */

/** Polling interval, in milliseconds. */
const WATCH_MS = 100;

/** Polls the resident memory of one process between `start` and `stop`. */
export class MemoryWatch {
  readonly #path: string;
  readonly #limitBytes: number;
  readonly #onExceeded: (bytes: number) => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param onExceeded called with the resident memory, in bytes, when it is above the limit */
  constructor(pid: number, limitBytes: number, onExceeded: (bytes: number) => void) {
    this.#path = `/proc/${pid}/status`;
    this.#limitBytes = limitBytes;
    this.#onExceeded = onExceeded;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#check(), WATCH_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #check(): void {
    const bytes = residentBytes(this.#path);
    if (bytes === undefined || bytes <= this.#limitBytes) return;
    this.stop();
    this.#onExceeded(bytes);
  }
}

/** Returns the resident memory of a process; `undefined` where it has ended or can't be read. */
function residentBytes(path: string): number | undefined {
  let status: string;
  try {
    status = Deno.readTextFileSync(path);
  } catch (error) {
    // The process has ended, or this process has no descriptor left. The thread in the runner still watches.
    if (error instanceof Error) return undefined;
    throw error;
  }
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
