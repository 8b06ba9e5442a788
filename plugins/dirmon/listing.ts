/**
 * Lists what is below a folder.
 *
 * @module
 */

import { entryPath, isGone, isSystemError, skippedFolder, type Storage } from "../../src/plugin/kit/mod.ts";
import type { Selection } from "./selection.ts";
import type { Troubles } from "./troubles.ts";

/** Where and how to list. */
export interface ListingOptions {
  /** The source folder. */
  readonly root: string;
  readonly selection: Selection;
  readonly troubles: Troubles;
  readonly storage: Storage;
}

/**
 * The relative paths of what is below a folder and is no folder, as far as a selection takes it, in the order of names; a
 * folder's own files come before those of the folders in it. Symbolic links are not followed. What is held in
 * memory are the names of one folder and the folders still to be listed.
 *
 * @param from relative path of the folder; the empty one is the source folder
 * @returns whether every folder could be listed; one that can't is reported to `troubles`
 */
export async function* listFiles(from: string, options: ListingOptions): AsyncGenerator<string, boolean> {
  const { root, selection, troubles, storage } = options;
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
      troubles.end(folder);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      // A folder that went away between two looks is nothing to report, unless it is the one that is watched.
      if (folder === "" || !isGone(error)) {
        hasSeenAll = false;
        troubles.report(folder, "", skippedFolder(entryPath(root, folder), error));
      }
    }
    yield* files.sort();
    // As arguments of one `push` many folders would overflow the stack.
    for (const path of inner.sort().reverse()) folders.push(path);
  }
  return hasSeenAll;
}
