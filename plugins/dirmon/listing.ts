/**
 * Lists what is below a folder.
 *
 * @module
 */

import { entryPath, isGone, isSystemError, skippedFolder, type Storage } from "../../src/plugin/kit/mod.ts";
import type { Selection } from "./selection.ts";
import type { SkipReports } from "./skip_reports.ts";

/** Where and how to list. */
export interface ListingOptions {
  /** The source folder. */
  readonly root: string;
  readonly selection: Selection;
  readonly skips: SkipReports;
  readonly storage: Storage;
}

/**
 * Yields the relative paths of the selected entries below a folder that are not folders, in the order of their names. A
 * folder's own files come before those of the folders in it. Symbolic links are not followed. The memory holds the names of
 * one folder, and the folders that are still to be listed.
 *
 * @param from relative path of the folder; the empty one is the source folder
 * @returns whether every folder could be listed; one that can't is reported to `skips`
 */
export async function* listFiles(from: string, options: ListingOptions): AsyncGenerator<string, boolean> {
  const { root, selection, skips, storage } = options;
  const folders = [from];
  let hasSeenAll = true;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const files: string[] = [];
    const inner: string[] = [];
    try {
      for await (const entry of storage.readDir(entryPath(root, folder))) {
        const path = entryPath(folder, entry.name);
        if (entry.isDirectory && selection.entersFolder(path)) inner.push(path);
        else if (!entry.isDirectory && selection.takesFile(path)) files.push(path);
      }
      skips.end(folder);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      // A folder that was removed is not reported, unless it is the one that is watched.
      if (folder === "" || !isGone(error)) {
        hasSeenAll = false;
        skips.report(folder, "", skippedFolder(entryPath(root, folder), error));
      }
    }
    yield* files.sort();
    // As arguments of one `push` many folders would overflow the stack.
    for (const path of inner.sort().reverse()) folders.push(path);
  }
  return hasSeenAll;
}
