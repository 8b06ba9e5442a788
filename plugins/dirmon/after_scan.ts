/**
 * Deletes or moves a file after its delivery.
 *
 * @module
 */

import { type Logger, PluginError, quote } from "../../src/plugin/define.ts";
import {
  entryPath,
  isAbsent,
  isGone,
  isSystemError,
  MAX_NAME_BYTES,
  OutputFolder,
  Pace,
  splitRelative,
  startOfName,
  type Storage,
  systemReason,
  systemStorage,
  writeAll,
} from "../../src/plugin/kit/mod.ts";
import { DirmonError } from "./failure.ts";
import { markOf } from "./known_files.ts";
import type { CompleteFile } from "./monitor.ts";
import { openMarked } from "./regular_file.ts";
import { isMarked, removeMarked } from "./taken_file.ts";

/** Leave the file, delete it, or move it to a folder, with a report beside it. */
export type AfterScan =
  | { readonly kind: "leave" }
  | { readonly kind: "delete" }
  | { readonly kind: "move"; readonly folder: string; readonly report?: string };

/** Ending of a report's name, after the name of its file. */
export const REPORT_ENDING = ".stoq-error.json";

/** How many numbers are appended to a name that is taken before a random suffix ends the search. */
const MAX_NUMBERED_NAMES = 99;

/**
 * Deletes or moves a file, if it is still the one that was scanned.
 *
 * @throws {DirmonError} `file-not-deleted`, `file-not-moved`, when the file stays for another reason
 */
export async function finishFile(
  root: string,
  file: CompleteFile,
  afterScan: AfterScan,
  log: Logger,
  storage: Storage = systemStorage,
): Promise<void> {
  if (afterScan.kind === "leave") return;
  const path = entryPath(root, file.path);
  const isFailed = afterScan.kind === "move" && afterScan.report !== undefined;
  const what = `${afterScan.kind} the ${isFailed ? "failed" : "scanned"} file ${quote(path)}`;
  try {
    const info = await storage.lstat(path);
    const isScanned = info.isFile && markOf(info) === file.mark &&
      (afterScan.kind === "delete"
        ? await removeMarked(path, file.mark, storage)
        : await moveFile(path, file, afterScan, storage));
    if (!isScanned) log.info(`${what}: it has changed since, and stays`);
  } catch (error) {
    const isOurs = error instanceof PluginError;
    if (!isOurs && !isSystemError(error)) throw error;
    const message = `${what}: ${isOurs ? error.message : systemReason(error)}`;
    // The target folder may be gone instead of the file.
    if (isGone(error) && await isAbsent(path, storage)) return log.info(message);
    const code = afterScan.kind === "delete" ? "file-not-deleted" : "file-not-moved";
    throw new DirmonError(code, message, { cause: error });
  }
}

/**
 * The file keeps its place below the folder. Its name is reserved first: renaming would replace a file.
 *
 * @returns whether the file was still the one that was scanned; another one stays
 */
async function moveFile(
  from: string,
  file: CompleteFile,
  { folder: moveFolder, report }: Extract<AfterScan, { kind: "move" }>,
  storage: Storage,
): Promise<boolean> {
  const { folder, name } = splitRelative(file.path);
  const targets = new OutputFolder(moveFolder, { storage });
  const target = await targets.make(folder);
  const reserved = await reserveName(target, name, report, storage);
  let isMoved = false;
  try {
    // If a link has replaced the folder since, the file would leave it.
    const checkTarget = () => targets.check(folder);
    isMoved = await replaceReserved(from, file.mark, target, reserved, checkTarget, storage);
    return isMoved;
  } finally {
    if (!isMoved && report !== undefined) await storage.remove(reserved + REPORT_ENDING);
  }
}

/** Creates an empty file with a free name and the report beside it, so that a moved file always has its report. */
async function reserveName(
  folder: string,
  name: string,
  report: string | undefined,
  storage: Storage,
): Promise<string> {
  const roomBytes = MAX_NAME_BYTES - (report === undefined ? 0 : REPORT_ENDING.length);
  for (let number = 0;; number++) {
    const suffix = number > MAX_NUMBERED_NAMES ? `.${crypto.randomUUID()}` : number > 0 ? `.${number}` : "";
    const path = entryPath(folder, startOfName(name, roomBytes - suffix.length) + suffix);
    if (!(await createFile(path, "", storage))) continue;
    try {
      if (report === undefined || await createFile(path + REPORT_ENDING, report, storage)) return path;
    } catch (error) {
      await storage.remove(path);
      throw error;
    }
    await storage.remove(path);
  }
}

/** Returns whether the file was created; `false` if its name is taken. */
async function createFile(path: string, text: string, storage: Storage): Promise<boolean> {
  try {
    using file = await storage.create(path, 0o600);
    try {
      await writeAll(file, new TextEncoder().encode(text), new Pace());
    } catch (error) {
      await storage.remove(path);
      throw error;
    }
    return true;
  } catch (error) {
    // Some systems report a folder of that name with another code.
    if (isSystemError(error) && ["EEXIST", "EISDIR"].includes(error.code)) return false;
    throw error;
  }
}

/** Moves the file to its reserved name; removes the reserved name if the file was not moved. */
async function replaceReserved(
  from: string,
  mark: string,
  folder: string,
  reserved: string,
  checkTarget: () => Promise<void>,
  storage: Storage,
): Promise<boolean> {
  try {
    await checkTarget();
    if (!await hasRenamed(from, reserved, storage)) {
      await copyFile(from, mark, folder, reserved, storage);
      await storage.syncFolder(folder);
      // A file that has replaced the copied one stays and is delivered again.
      await removeMarked(from, mark, storage);
      return true;
    }
  } catch (error) {
    await storage.remove(reserved);
    throw error;
  }
  return await isMarked(reserved, from, mark, storage);
}

/** Renames within a file system; returns `false` if the other name is on another one. */
async function hasRenamed(from: string, to: string, storage: Storage): Promise<boolean> {
  try {
    await storage.rename(from, to);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === "EXDEV") return false;
    throw error;
  }
}

/** Copies to another file system, under a hidden name until the copy is complete and on the disk. */
async function copyFile(
  from: string,
  mark: string,
  folder: string,
  reserved: string,
  storage: Storage,
): Promise<void> {
  const pace = new Pace();
  using source = await openMarked(from, mark, storage);
  if (!source) throw hasChanged(from);
  const { atime, mtime } = source.info;
  const partial = entryPath(folder, `.${crypto.randomUUID()}.part`);
  using target = await storage.create(partial, 0o600);
  try {
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
