/**
 * Removes files safely: a file is renamed before it is examined and removed.
 *
 * Between examining a file and removing it by its name another file may get that name; a writer that replaced its file all the
 * time lost every tenth version that way. A file that was renamed first keeps its identity, and gets its name back if it is
 * not the one that was scanned.
 *
 * @module
 */

import {
  endOfName,
  entryPath,
  isAbsent,
  isGone,
  isSystemError,
  MAX_NAME_BYTES,
  quote,
  splitPath,
  type Storage,
  systemFailure,
} from "../../src/plugin/kit/mod.ts";
import { markOf } from "./known_files.ts";

/** Begins the names of files that are being removed. Each process has its own, so that the next one delivers what a killed one left. */
const TAKEN_PREFIX = `stoq-${crypto.randomUUID().slice(0, 8)}-`;

/** Says by its name whether a file is being removed; it must not be delivered. */
export function isTaken(name: string): boolean {
  return name.startsWith(TAKEN_PREFIX);
}

/**
 * Removes the file that has a mark.
 *
 * @returns whether it existed; another file of the name stays
 * @throws {DirmonError} `file-renamed` if it can't get its name back
 * @throws the operating system's error
 */
export async function removeMarked(path: string, mark: string, storage: Storage): Promise<boolean> {
  const { folder, name } = splitPath(path);
  const taken = entryPath(folder, besideName(TAKEN_PREFIX, name));
  try {
    await storage.rename(path, taken);
  } catch (error) {
    if (!isSystemError(error) || !NO_ROOM.includes(error.code)) throw error;
    // A folder on a full disk may have no room for a longer name, and a path can be too long for one.
    await storage.remove(path);
    return true;
  }
  if (!await isMarked(taken, path, mark, storage)) return false;
  try {
    await storage.remove(taken);
  } catch (error) {
    if (isGone(error)) return true;
    await putBack(taken, path, storage);
    throw error;
  }
  return true;
}

const NO_ROOM = ["ENOSPC", "EDQUOT", "ENAMETOOLONG"];

/**
 * Says whether a renamed file has a mark. If not, it gets its name back, or another name if that is taken.
 *
 * @param taken its present path
 * @param path its former path
 * @throws as {@linkcode removeMarked}
 */
export async function isMarked(
  taken: string,
  path: string,
  mark: string,
  storage: Storage,
): Promise<boolean> {
  try {
    if (markOf(await storage.lstat(taken)) === mark) return true;
  } catch (error) {
    // Another process has removed it or moved the whole folder: there is nothing to rename.
    if (isGone(error)) return true;
    await putBack(taken, path, storage);
    throw error;
  }
  await putBack(taken, path, storage);
  return false;
}

async function putBack(taken: string, path: string, storage: Storage): Promise<void> {
  try {
    if (await hasLinked(taken, path, storage)) return await storage.remove(taken);
    const { folder, name } = splitPath(path);
    const isFree = await isAbsent(path, storage);
    await storage.rename(taken, isFree ? path : entryPath(folder, besideName("", name)));
  } catch (error) {
    throw systemFailure(error, "file-renamed", `it could not get its name back, and is ${quote(taken)}`);
  }
}

/** Gives the name back by a hard link, which never replaces a file. Some file systems have none, and folders have none. */
async function hasLinked(taken: string, path: string, storage: Storage): Promise<boolean> {
  try {
    await storage.link(taken, path);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return false;
  }
}

/** Returns a name that no file has, with the same ending, which globs often match. */
function besideName(prefix: string, name: string): string {
  const start = `${prefix}${crypto.randomUUID()}-`;
  return start + endOfName(name, MAX_NAME_BYTES - start.length);
}
