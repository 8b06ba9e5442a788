/**
 * Files that are renamed before anything is done to them.
 *
 * Between looking at a file and removing it by its name another one may get that name: a writer that replaces its file all the time
 * lost every tenth version so. A file that was renamed first can be looked at in peace, and gets its name back if it is not the one
 * that was scanned.
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

/** Begins the names of files on their way out. Another one in each process: what a killed one left is delivered by the next. */
const TAKEN_PREFIX = `stoq-${crypto.randomUUID().slice(0, 8)}-`;

/** Says whether a file is on its way out of the source folder, by its name; it must not be delivered. */
export function isTaken(name: string): boolean {
  return name.startsWith(TAKEN_PREFIX);
}

/**
 * Removes the file that has a mark.
 *
 * @returns whether it was there; what else has its name keeps it
 * @throws {DirmonError} `file-renamed` where that can't be
 * @throws the operating system's error
 */
export async function removeMarked(path: string, mark: string, storage: Storage): Promise<boolean> {
  const { folder, name } = splitPath(path);
  const taken = entryPath(folder, besideName(TAKEN_PREFIX, name));
  try {
    await storage.rename(path, taken);
  } catch (error) {
    if (!isSystemError(error) || !NO_ROOM.includes(error.code)) throw error;
    // On a full disk a folder may have no room for a name, and removing files is what helps. A path can be too long for another name.
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
 * Says whether a file that was renamed has a mark; one that has not gets its name back, or where another has it by now a name beside it.
 *
 * @param taken where it is
 * @param path where it was
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
    // Another process has taken it, or moved the whole folder away: there is nothing to put back.
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

/** A link never replaces a file. Not every file system has links, and folders have none. */
async function hasLinked(taken: string, path: string, storage: Storage): Promise<boolean> {
  try {
    await storage.link(taken, path);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return false;
  }
}

/** A name that no file has, with the same ending: globs often ask for that. */
function besideName(prefix: string, name: string): string {
  const start = `${prefix}${crypto.randomUUID()}-`;
  return start + endOfName(name, MAX_NAME_BYTES - start.length);
}
