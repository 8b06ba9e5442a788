/**
 * What becomes of a file whose results were saved.
 *
 * @module
 */

import { type Logger, PluginError, quote } from "../../src/plugin/define.ts";
import {
  bytesOfRawText,
  entryPath,
  isGone,
  isSystemError,
  Pace,
  relativeTo,
  splitRelative,
  type Storage,
  systemReason,
  writeAll,
} from "../../src/plugin/kit/mod.ts";
import { DirmonError } from "./failure.ts";
import { markOf } from "./known_files.ts";
import type { CompleteFile } from "./monitor.ts";
import { openMarked } from "./regular_file.ts";

/** Leave it, delete it, or move it to a folder, where a report may stand beside it. */
export type AfterScan =
  | { readonly kind: "leave" }
  | { readonly kind: "delete" }
  | { readonly kind: "move"; readonly folder: string; readonly report?: string };

/** Behind the name of a file, that of its report. */
export const REPORT_ENDING = ".stoq-error.json";

/** Longest name that file systems take. */
const MAX_NAME_BYTES = 255;

/** How many numbers are tried behind a name that is taken; then a random suffix ends the search. */
const MAX_NUMBERED_NAMES = 99;

/** Where to delete or move. */
export interface FinishOptions {
  readonly storage: Storage;
  /** The source folder. */
  readonly root: string;
  readonly log: Logger;
}

/**
 * Deletes or moves a file, if it still is what was scanned.
 *
 * @throws {DirmonError} `file-not-deleted`, `file-not-moved`, when the file stays for another reason
 */
export async function finishFile(
  file: CompleteFile,
  afterScan: AfterScan,
  { storage, root, log }: FinishOptions,
): Promise<void> {
  if (afterScan.kind === "leave") return;
  const path = entryPath(root, file.path);
  const isFailed = afterScan.kind === "move" && afterScan.report !== undefined;
  const what = `${afterScan.kind} the ${isFailed ? "failed" : "scanned"} file ${quote(path)}`;
  try {
    const info = await storage.lstat(path);
    if (!info.isFile || markOf(info) !== file.mark) {
      log.info(`${what}: it has changed since, and stays`);
    } else if (afterScan.kind === "delete") {
      await storage.remove(path);
    } else {
      await moveFile(storage, path, file, afterScan);
    }
  } catch (error) {
    const isOurs = error instanceof PluginError;
    if (!isOurs && !isSystemError(error)) throw error;
    const message = `${what}: ${isOurs ? error.message : systemReason(error)}`;
    if (isGone(error) && await isAbsent(storage, path)) return log.info(message);
    const code = afterScan.kind === "delete" ? "file-not-deleted" : "file-not-moved";
    throw new DirmonError(code, message, { cause: error });
  }
}

/** What is gone may also be the folder to which the file was to be moved. */
async function isAbsent(storage: Storage, path: string): Promise<boolean> {
  try {
    await storage.lstat(path);
    return false;
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

/** The file keeps its place below the folder. Its name is reserved first: renaming would replace a file. */
async function moveFile(
  storage: Storage,
  from: string,
  file: CompleteFile,
  { folder: moveFolder, report }: Extract<AfterScan, { kind: "move" }>,
): Promise<void> {
  const { folder, name } = splitRelative(file.path);
  const target = await makeFolderBelow(storage, moveFolder, folder);
  // The report comes first, so that a file that was moved is never without it.
  const contents: Record<string, string> = report === undefined
    ? { "": "" }
    : { "": "", [REPORT_ENDING]: report };
  const reserved = await reserveName(storage, target, name, contents);
  try {
    await replaceReserved(storage, from, file.mark, target, reserved);
  } catch (error) {
    for (const ending of Object.keys(contents)) await storage.remove(reserved + ending);
    throw error;
  }
}

/** A link on the way would lead the file out of the folder. */
async function makeFolderBelow(storage: Storage, moveFolder: string, folder: string): Promise<string> {
  const target = entryPath(moveFolder, folder);
  await storage.mkdirs(target, 0o700);
  const [realMoveFolder, realTarget] = [await storage.realPath(moveFolder), await storage.realPath(target)];
  if (relativeTo(realMoveFolder, realTarget) !== undefined) return target;
  throw new DirmonError(
    "path-outside-target",
    `the real path of ${quote(target)} must be below ${quote(realMoveFolder)}, got ${quote(realTarget)}`,
  );
}

/**
 * Makes a file for each ending behind one name that was free with all of them.
 *
 * @param contents ending → text
 * @returns the path without an ending
 */
async function reserveName(
  storage: Storage,
  folder: string,
  name: string,
  contents: Readonly<Record<string, string>>,
): Promise<string> {
  const roomBytes = MAX_NAME_BYTES - Math.max(...Object.keys(contents).map((ending) => ending.length));
  for (let number = 0;; number++) {
    const suffix = number > MAX_NUMBERED_NAMES ? `.${crypto.randomUUID()}` : number > 0 ? `.${number}` : "";
    const path = entryPath(folder, cutName(name, roomBytes - suffix.length) + suffix);
    if (await reserveAll(storage, path, contents)) return path;
  }
}

/** The start of a name that is not longer than so many bytes. */
function cutName(name: string, maxBytes: number): string {
  const characters = [...name];
  let sizeBytes = bytesOfRawText(name).length;
  while (sizeBytes > maxBytes) sizeBytes -= bytesOfRawText(characters.pop()!).length;
  return characters.join("");
}

async function reserveAll(
  storage: Storage,
  path: string,
  contents: Readonly<Record<string, string>>,
): Promise<boolean> {
  const made: string[] = [];
  try {
    for (const [ending, text] of Object.entries(contents)) {
      using file = await storage.create(path + ending, 0o600);
      made.push(path + ending);
      await writeAll(file, new TextEncoder().encode(text), new Pace());
    }
    return true;
  } catch (error) {
    for (const path of made) await storage.remove(path);
    // A folder of that name takes it, too, which some systems report in other words.
    if (isSystemError(error) && ["EEXIST", "EISDIR"].includes(error.code)) return false;
    throw error;
  }
}

async function replaceReserved(
  storage: Storage,
  from: string,
  mark: string,
  folder: string,
  reserved: string,
): Promise<void> {
  try {
    await storage.rename(from, reserved);
  } catch (error) {
    if (!isSystemError(error) || error.code !== "EXDEV") throw error;
    await copyFile(storage, from, mark, folder, reserved);
    await storage.remove(from);
  }
}

/** To another file system, under a hidden name until the copy is complete and on the disk. */
async function copyFile(
  storage: Storage,
  from: string,
  mark: string,
  folder: string,
  reserved: string,
): Promise<void> {
  using source = await openMarked(storage, from, mark);
  if (!source) throw hasChanged(from);
  const { atime, mtime } = source.info;
  const partial = entryPath(folder, `.${crypto.randomUUID()}.part`);
  using target = await storage.create(partial, 0o600);
  try {
    const pace = new Pace();
    for await (const chunk of source.chunks()) await writeAll(target, chunk, pace);
    await target.sync();
    // The original is removed next: what was copied must be what was scanned.
    if (markOf(await storage.lstat(from)) !== mark) throw hasChanged(from);
    if (atime && mtime) await storage.utime(partial, atime, mtime);
    await storage.rename(partial, reserved);
  } catch (error) {
    await storage.remove(partial);
    throw error;
  }
}

function hasChanged(path: string): DirmonError {
  return new DirmonError("file-changed", `${quote(path)} has changed since`);
}
