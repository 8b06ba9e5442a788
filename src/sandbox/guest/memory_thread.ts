/**
 * A thread of the runner that watches the memory of the process and does nothing else: it is not busy when the main thread is,
 * which has to read whatever plugins post.
 *
 * @module
 */

/** What the thread is told once. */
export interface MemoryWatchStart {
  /** Resident memory above which the host is told. */
  readonly limitBytes: number;
  /** How the line on standard error begins; the number of bytes follows. */
  readonly mark: string;
}

/** Time between two looks, in milliseconds. */
const WATCH_MS = 50;

/** What a Web Worker's global scope has and a window's has not. */
interface DedicatedScope {
  onmessage: ((event: MessageEvent<MemoryWatchStart>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as DedicatedScope;

scope.onmessage = ({ data: { limitBytes, mark } }) => {
  const timer = setInterval(() => {
    const bytes = Deno.memoryUsage().rss;
    if (bytes <= limitBytes) return;
    clearInterval(timer);
    // Shorter than what a pipe takes at once, so nothing gets in between.
    Deno.stderr.writeSync(new TextEncoder().encode(`${mark}${bytes}\n`));
    scope.postMessage(bytes);
  }, WATCH_MS);
};
