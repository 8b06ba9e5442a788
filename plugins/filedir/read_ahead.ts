/**
 * Opens the next files of a walk, and reads the small ones, while the consumer processes the current one.
 *
 * @module
 */

import type { SkippedItem } from "../../src/plugin/define.ts";
import type { Pace, RegularFile } from "../../src/plugin/kit/mod.ts";
import { type FoundFile, walkFiles, type WalkOptions } from "./walk.ts";

/** Most files that are open or read and not yet delivered, the next one included. */
export const MAX_FILES_AHEAD = 8;

/** Larger files are opened ahead, but read when they are next, so at most 8 MB wait. */
export const MAX_READ_AHEAD_BYTES = 1_000_000;

/** A file that is next. */
export interface Turn {
  readonly found: FoundFile;
  /** The consumer closes the file; rejects if it can't be opened. */
  readonly opened: Promise<RegularFile>;
}

/** One step of the walk: a file, something skipped, a failure, or else its end. */
interface Step {
  readonly turn?: Turn | SkippedItem;
  readonly failure?: { readonly reason: unknown };
}

/**
 * Yields the files of a walk in its order, each opened by `open`, which runs for several files at once. The window grows from
 * one, so that a consumer of a single file does not cause eight reads. It stays at one if files are read at once, so that a
 * file is scanned while it is in the processor's cache. Skipped entries and the failure of the walk keep their place in the
 * order. When the consumer stops, every file is closed.
 */
export async function* openAhead(
  root: string,
  options: WalkOptions,
  open: (file: FoundFile) => Promise<RegularFile>,
  pace: Pace,
): AsyncGenerator<Turn | SkippedItem> {
  const walk = new SteppedWalk(root, options, open);
  const ahead: Promise<Step>[] = [];
  try {
    for (let width = 1;; width = pace.isAtOnce ? 1 : Math.min(width * 2, MAX_FILES_AHEAD)) {
      while (ahead.length < width) ahead.push(walk.step());
      const { turn, failure } = await ahead.shift()!;
      if (failure) throw failure.reason;
      if (turn === undefined) return;
      yield turn;
    }
  } finally {
    walk.stop();
    await Promise.all(ahead.map(discard));
    await walk.close();
  }
}

/** Closes a file that is not consumed; that it could not be opened does not matter. */
async function discard(step: Promise<Step>): Promise<void> {
  const { turn } = await step;
  if (turn === undefined || "code" in turn) return;
  const [outcome] = await Promise.allSettled([turn.opened]);
  if (outcome.status === "fulfilled") outcome.value[Symbol.dispose]();
}

/** A walk whose next step can be requested before the last one is done. Steps do not reject. */
class SteppedWalk {
  readonly #walk: AsyncGenerator<FoundFile | SkippedItem>;
  readonly #open: (file: FoundFile) => Promise<RegularFile>;
  readonly #signal: AbortSignal;
  #lastStep: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(root: string, options: WalkOptions, open: (file: FoundFile) => Promise<RegularFile>) {
    this.#walk = walkFiles(root, options);
    this.#open = open;
    this.#signal = options.signal;
  }

  /** Makes one step after those that were requested before. */
  step(): Promise<Step> {
    const step = this.#lastStep.then(() => this.#advance());
    this.#lastStep = step;
    return step;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async close(): Promise<void> {
    await this.#walk.return(undefined);
  }

  async #advance(): Promise<Step> {
    if (this.#isStopped) return {};
    try {
      const { done, value } = await this.#walk.next();
      const isOver = done || this.#isStopped || this.#signal.aborted;
      if (isOver) return {};
      return { turn: "code" in value ? value : this.#begin(value) };
    } catch (reason) {
      return { failure: { reason } };
    }
  }

  #begin(found: FoundFile): Turn {
    const opened = this.#open(found);
    // A failure is handled when the file is next, not as soon as it happens.
    opened.catch(() => {});
    return { found, opened };
  }
}
