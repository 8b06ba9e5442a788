/**
 * Reads regular files that have not changed since they were found.
 *
 * @module
 */

import { findRegularFile, RegularFile, type Storage, systemStorage } from "../../src/plugin/kit/mod.ts";
import { markOf } from "./known_files.ts";

/**
 * Opens the file that has a mark.
 *
 * @returns `undefined` if another file or content has replaced it
 * @throws {PluginError} as `RegularFile.open`
 * @throws the operating system's error when the file is gone or can't be opened
 */
export async function openMarked(
  path: string,
  mark: string,
  storage: Storage = systemStorage,
): Promise<RegularFile | undefined> {
  const found = await findRegularFile(path, { storage });
  if (markOf(found) !== mark) return undefined;
  const file = await RegularFile.openFound(path, found, { storage });
  if (file === undefined || markOf(file.info) === mark) return file;
  file[Symbol.dispose]();
  return undefined;
}

/**
 * Reads the file that has a mark to its end.
 *
 * @returns `undefined` if another file or content has replaced it, also while it was read
 * @throws {PluginError} as `RegularFile.open`
 * @throws the operating system's error when the file is gone or unreadable
 */
export async function readMarked(
  path: string,
  mark: string,
  storage: Storage = systemStorage,
): Promise<Uint8Array | undefined> {
  using file = await openMarked(path, mark, storage);
  if (!file) return undefined;
  const content = await file.readToEnd();
  return markOf(await file.stat()) === mark ? content : undefined;
}
