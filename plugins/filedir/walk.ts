/**
 * Walks a folder without listing it first.
 *
 * @module
 */

import type { SkippedItem } from "../../src/plugin/define.ts";
import {
  entryPath,
  isAbsent,
  isGone,
  isSystemError,
  type OutputGuard,
  quote,
  skippedEntry,
  skippedFolder,
  type Storage,
  systemFailure,
  systemStorage,
} from "../../src/plugin/kit/mod.ts";

/**
 * How many entries of a folder are kept and sorted at a time. A folder of at most this many is walked in the order of its names;
 * a larger one in runs of this length, each sorted, in the order in which the file system lists them. Sorting a million names
 * would delay the first file by seconds and keep all names in memory.
 */
export const SORTED_RUN_LENGTH = 10_000;

/** A regular file in a folder. */
export interface FoundFile {
  readonly folder: string;
  readonly name: string;
}

/** How to walk. */
export interface WalkOptions {
  /** Whether to enter folders. */
  readonly isRecursive: boolean;
  readonly signal: AbortSignal;
  /** What is left out, with everything below it. */
  readonly outputs: Pick<OutputGuard, "excludes" | "refresh">;
  /** The first folder with all links resolved. */
  readonly realRoot: string;
  /** Default {@linkcode SORTED_RUN_LENGTH}. */
  readonly runLength?: number;
  /** Default: the machine's file system. */
  readonly storage?: Storage;
}

/**
 * Yields the regular files of a folder whose name does not begin with a dot, and what was skipped: links, devices, pipes, sockets,
 * folders that can't be listed. Folders are entered in the order of their names, hidden ones too. Symbolic links are not followed.
 * The memory holds one run for each folder on the way down.
 *
 * @throws {FiledirError} `source-not-readable` when the first folder can't be listed
 */
export async function* walkFiles(
  root: string,
  { isRecursive, signal, outputs, realRoot, ...options }: WalkOptions,
): AsyncGenerator<FoundFile | SkippedItem> {
  const { runLength = SORTED_RUN_LENGTH, storage = systemStorage } = options;
  const way = [new SortedFolder(root, realRoot, runLength, storage)];
  outputs.refresh();
  try {
    while (way.length > 0 && !signal.aborted) {
      const folder = way.at(-1)!;
      const entry = await nextEntry(folder, way.length === 1, storage);
      if (entry === undefined) {
        await way.pop()!.close();
      } else if ("code" in entry) {
        yield entry;
      } else if (entry.isDirectory) {
        if (!isRecursive) continue;
        outputs.refresh();
        const realPath = entryPath(folder.realPath, entry.name);
        if (outputs.excludes(realPath)) continue;
        way.push(new SortedFolder(entryPath(folder.path, entry.name), realPath, runLength, storage));
      } else if (outputs.excludes(entryPath(folder.realPath, entry.name))) {
        continue;
      } else if (entry.isFile) {
        yield { folder: folder.path, name: entry.name };
      } else {
        yield skippedEntry(entryPath(folder.path, entry.name), entry);
      }
    }
  } finally {
    for (const folder of way) await folder.close();
  }
}

async function nextEntry(
  folder: SortedFolder,
  isRoot: boolean,
  storage: Storage,
): Promise<Deno.DirEntry | SkippedItem | undefined> {
  try {
    return await folder.next();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (isRoot) {
      throw systemFailure(error, "source-not-readable", `list the folder ${quote(folder.path)}`);
    }
    if (!isGone(error)) return skippedFolder(folder.path, error);
    return await isAbsent(folder.path, storage) ? undefined : skippedFolder(folder.path, error);
  }
}

/** Says whether a walk visits an entry: folders, and everything else that is not hidden. */
function isVisited({ name, isDirectory }: Deno.DirEntry): boolean {
  return isDirectory || !name.startsWith(".");
}

/** The visited entries of one folder, by runs. */
class SortedFolder {
  readonly path: string;
  readonly realPath: string;
  readonly #runLength: number;
  readonly #listing: AsyncIterator<Deno.DirEntry>;
  /** The rest of the current run, last entry first. */
  #run: Deno.DirEntry[] = [];
  #state: "new" | "open" | "ended" = "new";

  constructor(path: string, realPath: string, runLength: number, storage: Storage) {
    this.path = path;
    this.realPath = realPath;
    this.#runLength = runLength;
    this.#listing = storage.readDir(path)[Symbol.asyncIterator]();
  }

  /** Returns the next entry. Fails once if the listing fails, and is at its end then. */
  async next(): Promise<Deno.DirEntry | undefined> {
    if (this.#run.length === 0 && this.#state !== "ended") await this.#readRun();
    return this.#run.pop();
  }

  /** Closes the listing; one that never began would fail again. */
  async close(): Promise<void> {
    if (this.#state === "open") await this.#listing.return?.();
    this.#state = "ended";
  }

  async #readRun(): Promise<void> {
    while (this.#run.length < this.#runLength) {
      const { done, value } = await this.#nextListed();
      this.#state = done ? "ended" : "open";
      if (done) break;
      if (isVisited(value)) this.#run.push(value);
    }
    this.#run.sort((one, other) => (one.name < other.name ? 1 : -1));
  }

  async #nextListed(): Promise<IteratorResult<Deno.DirEntry>> {
    try {
      return await this.#listing.next();
    } catch (error) {
      this.#state = "ended";
      throw error;
    }
  }
}
