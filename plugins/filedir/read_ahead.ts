/**
 * Opens the next files of a walk, and reads the small ones, while the consumer is busy with the one before.
 *
 * @module
 */

import type { SkippedItem } from "../../src/plugin/define.ts";
import type { Pace, RegularFile } from "../../src/plugin/kit/mod.ts";
import { type FoundFile, walkFiles, type WalkOptions } from "./walk.ts";

/** How many files are open or read and not yet handed out, the one whose turn it is included. */
export const MAX_FILES_AHEAD = 8;

/** Larger files are opened ahead and read when it is their turn, so that at most 8 MB wait. */
export const MAX_READ_AHEAD_BYTES = 1_000_000;

/** A file whose turn it is. */
export interface Turn {
  readonly found: FoundFile;
  /** Whoever takes the turn closes the file; rejects when it can't be opened. */
  readonly opened: Promise<RegularFile>;
}

/** How far the walk came: a file, something skipped, its failure, or else its end. */
interface Step {
  readonly turn?: Turn | SkippedItem;
  readonly failure?: { readonly reason: unknown };
}

/**
 * The files of a walk in its order, each opened by `open`, which runs for several at once. The window grows
 * from one: who takes a single file makes nobody read eight. Where files are there at once, it stays at one, so that a file is
 * scanned while it is still in the processor's cache. What was skipped comes, and the walk's
 * failure is thrown, when the files before have had their turn. When the consumer stops, nothing stays open.
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

/** A file that nobody will ask for need not be readable, but must be closed. */
async function discard(step: Promise<Step>): Promise<void> {
  const { turn } = await step;
  if (turn === undefined || "code" in turn) return;
  const [outcome] = await Promise.allSettled([turn.opened]);
  if (outcome.status === "fulfilled") outcome.value[Symbol.dispose]();
}

/** A walk whose steps can be asked for before the last one is done; none of them rejects. */
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

  /** One after the other, in the walk's order. */
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
    // It is looked at when it is its turn, not as soon as it fails.
    opened.catch(() => {});
    return { found, opened };
  }
}
