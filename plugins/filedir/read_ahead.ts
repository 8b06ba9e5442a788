/**
 * Opens the next files of a walk, and reads the small ones, while the consumer is busy with the one before.
 *
 * @module
 */

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

/** How far the walk came: a file, or its end, or its failure; and what it said on the way. */
interface Step {
  readonly turn?: Turn;
  readonly failure?: { readonly reason: unknown };
  readonly warnings: readonly string[];
}

/**
 * The files of a walk in its order, each opened by `open`, which runs for several at once. The window grows
 * from one: who takes a single file makes nobody read eight. Where files are there at once, it stays at one, so that a file is
 * scanned while it is still in the processor's cache. What the walk has to say is logged, and its
 * failure thrown, when the files before have had their turn. When the consumer stops, nothing stays open.
 */
export async function* openAhead(
  root: string,
  options: WalkOptions,
  open: (file: FoundFile) => Promise<RegularFile>,
  pace: Pace,
): AsyncGenerator<Turn> {
  const walk = new SteppedWalk(root, options, open);
  const ahead: Promise<Step>[] = [];
  try {
    for (let width = 1;; width = pace.isAtOnce ? 1 : Math.min(width * 2, MAX_FILES_AHEAD)) {
      while (ahead.length < width) ahead.push(walk.step());
      const { turn, failure, warnings } = await ahead.shift()!;
      for (const warning of warnings) options.log.warn(warning);
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
  const [outcome] = await Promise.allSettled([turn?.opened]);
  if (outcome.status === "fulfilled") outcome.value?.[Symbol.dispose]();
}

/** A walk whose steps can be asked for before the last one is done; none of them rejects. */
class SteppedWalk {
  readonly #walk: AsyncGenerator<FoundFile>;
  readonly #open: (file: FoundFile) => Promise<RegularFile>;
  readonly #signal: AbortSignal;
  #warnings: string[] = [];
  #lastStep: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(root: string, options: WalkOptions, open: (file: FoundFile) => Promise<RegularFile>) {
    const log = { warn: (message: string) => void this.#warnings.push(message) };
    this.#walk = walkFiles(root, { ...options, log });
    this.#open = open;
    this.#signal = options.signal;
  }

  /** One after the other, so that a warning belongs to the step during which it came. */
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
    if (this.#isStopped) return { warnings: [] };
    try {
      const { done, value } = await this.#walk.next();
      const isOver = done || this.#isStopped || this.#signal.aborted;
      return { turn: isOver ? undefined : this.#begin(value), warnings: this.#takeWarnings() };
    } catch (reason) {
      return { failure: { reason }, warnings: this.#takeWarnings() };
    }
  }

  #begin(found: FoundFile): Turn {
    const opened = this.#open(found);
    // It is looked at when it is its turn, not as soon as it fails.
    opened.catch(() => {});
    return { found, opened };
  }

  #takeWarnings(): readonly string[] {
    const warnings = this.#warnings;
    this.#warnings = [];
    return warnings;
  }
}
