/**
 * Walks a folder without listing it first.
 *
 * @module
 */

import type { Logger } from "../../src/plugin/define.ts";
import { entryPath, isSystemError, quote, systemReason } from "../../src/plugin/kit/mod.ts";
import { FiledirError } from "./failure.ts";

/**
 * How many entries of a folder are held and sorted at a time. A folder that has no more comes in the order of
 * its names; a larger one in runs of this length, each sorted, in the order in which the file system lists
 * them. Sorting a million names would keep the first file waiting for seconds and hold all names in memory.
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
  readonly log: Pick<Logger, "warn">;
  /** Default {@linkcode SORTED_RUN_LENGTH}. */
  readonly runLength?: number;
}

/**
 * The regular files of a folder whose name does not begin with a dot. Folders are entered where their name
 * comes, hidden ones too. Symbolic links are not followed, which the log says. A folder inside that can't be
 * listed is logged and left out; what is held in memory is one run for each folder on the way down.
 *
 * @throws {FiledirError} `source-not-readable` when the first folder can't be listed
 */
export async function* walkFiles(root: string, options: WalkOptions): AsyncGenerator<FoundFile> {
  const runLength = options.runLength ?? SORTED_RUN_LENGTH;
  const way = [new SortedFolder(root, runLength)];
  try {
    while (way.length > 0 && !options.signal.aborted) {
      const folder = way.at(-1)!;
      const entry = await nextEntry(folder, way.length === 1, options.log);
      if (entry === undefined) {
        await way.pop()!.close();
      } else if (entry.isDirectory) {
        if (options.isRecursive) way.push(new SortedFolder(entryPath(folder.path, entry.name), runLength));
      } else if (entry.isSymlink) {
        const path = entryPath(folder.path, entry.name);
        options.log.warn(`skip a file: ${quote(path)} is a symbolic link and should be a regular file`);
      } else {
        yield { folder: folder.path, name: entry.name };
      }
    }
  } finally {
    for (const folder of way) await folder.close();
  }
}

async function nextEntry(folder: SortedFolder, isRoot: boolean, log: WalkOptions["log"]) {
  try {
    return await folder.next();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const message = `list the folder ${quote(folder.path)}: ${systemReason(error)}`;
    if (isRoot) throw new FiledirError("source-not-readable", message, { cause: error });
    log.warn(message);
    return undefined;
  }
}

/** What a walk looks at: folders, and regular files and links that are not hidden. */
function isWanted({ name, isFile, isDirectory, isSymlink }: Deno.DirEntry): boolean {
  return isDirectory || ((isFile || isSymlink) && !name.startsWith("."));
}

/** The wanted entries of one folder, by runs. */
class SortedFolder {
  readonly path: string;
  readonly #runLength: number;
  readonly #listing: AsyncIterator<Deno.DirEntry>;
  /** The rest of the current run, last entry first. */
  #run: Deno.DirEntry[] = [];
  #state: "new" | "open" | "ended" = "new";

  constructor(path: string, runLength: number) {
    this.path = path;
    this.#runLength = runLength;
    this.#listing = Deno.readDir(path)[Symbol.asyncIterator]();
  }

  async next(): Promise<Deno.DirEntry | undefined> {
    if (this.#run.length === 0 && this.#state !== "ended") await this.#readRun();
    return this.#run.pop();
  }

  /** A listing that never began has nothing to close, and would fail once more. */
  async close(): Promise<void> {
    if (this.#state === "open") await this.#listing.return?.();
    this.#state = "ended";
  }

  async #readRun(): Promise<void> {
    while (this.#run.length < this.#runLength) {
      const { done, value } = await this.#listing.next();
      this.#state = done ? "ended" : "open";
      if (done) break;
      if (isWanted(value)) this.#run.push(value);
    }
    this.#run.sort((one, other) => (one.name < other.name ? 1 : -1));
  }
}
