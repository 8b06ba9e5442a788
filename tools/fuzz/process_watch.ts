/**
 * A process and the processes that it starts, seen through `/proc`; elsewhere than on Linux nothing is seen.
 *
 * @module
 */

const LOOK_EVERY_MS = 25;
/** How long a runner may outlive its main process. */
const GRACE_MS = 2_000;

/** Watches a process until `stop` is called. */
export class ProcessWatch {
  readonly #pid: number;
  readonly #children = new Set<number>();
  readonly #timer: ReturnType<typeof setInterval>;
  /** Most resident memory that the process had, in bytes. */
  peakBytes = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** Stops, and gives the children that are still there a while after the process. */
  async finish(): Promise<number[]> {
    clearInterval(this.#timer);
    const deadline = performance.now() + GRACE_MS;
    let left = this.#living();
    while (left.length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      left = this.#living();
    }
    return left;
  }

  #living(): number[] {
    return [...this.#children].filter((pid) => /^State:\s+[^ZX]/m.test(readText(`/proc/${pid}/status`)));
  }

  #look(): void {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readText(`/proc/${this.#pid}/status`))?.[1];
    this.peakBytes = Math.max(this.peakBytes, Number(kilobytes ?? 0) * 1024);
    for (const thread of readNames(`/proc/${this.#pid}/task`)) {
      const children = readText(`/proc/${this.#pid}/task/${thread}/children`).split(" ");
      for (const pid of children.filter((word) => word !== "")) this.#children.add(Number(pid));
    }
  }
}

function readText(path: string): string {
  return orGone(() => Deno.readTextFileSync(path), "");
}

function readNames(path: string): string[] {
  return orGone(() => [...Deno.readDirSync(path)].map(({ name }) => name), []);
}

/** A process may end between two looks, also in the middle of one (ESRCH). */
function orGone<T>(read: () => T, gone: T): T {
  try {
    return read();
  } catch (error) {
    const isGone = error instanceof Deno.errors.NotFound || (error as { code?: string }).code === "ESRCH";
    if (isGone) return gone;
    throw error;
  }
}
