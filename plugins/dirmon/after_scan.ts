/**
 * What becomes of a file whose results were saved.
 *
 * @module
 */

import { type Logger, PluginError, quote } from "../../src/plugin/define.ts";
import {
  entryPath,
  isGone,
  isSystemError,
  relativeTo,
  splitRelative,
  systemReason,
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

/** How many numbers are tried behind a name that is taken; then a random suffix ends the search. */
const MAX_NUMBERED_NAMES = 99;

/**
 * Deletes or moves a file, if it still is what was scanned.
 *
 * @throws {DirmonError} `file-not-deleted`, `file-not-moved`, when the file stays for another reason
 */
export async function finishFile(
  root: string,
  file: CompleteFile,
  afterScan: AfterScan,
  log: Logger,
): Promise<void> {
  if (afterScan.kind === "leave") return;
  const path = entryPath(root, file.path);
  const isFailed = afterScan.kind === "move" && afterScan.report !== undefined;
  const what = `${afterScan.kind} the ${isFailed ? "failed" : "scanned"} file ${quote(path)}`;
  try {
    const info = await Deno.lstat(path);
    if (!info.isFile || markOf(info) !== file.mark) {
      log.info(`${what}: it has changed since, and stays`);
    } else if (afterScan.kind === "delete") {
      await Deno.remove(path);
    } else {
      await moveFile(path, file, afterScan);
    }
  } catch (error) {
    const isOurs = error instanceof PluginError;
    if (!isOurs && !isSystemError(error)) throw error;
    const message = `${what}: ${isOurs ? error.message : systemReason(error)}`;
    if (isGone(error) && await isAbsent(path)) return log.info(message);
    const code = afterScan.kind === "delete" ? "file-not-deleted" : "file-not-moved";
    throw new DirmonError(code, message, { cause: error });
  }
}

/** What is gone may also be the folder to which the file was to be moved. */
async function isAbsent(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return false;
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

/** The file keeps its place below the folder. Its name is reserved first: renaming would replace a file. */
async function moveFile(
  from: string,
  file: CompleteFile,
  { folder: moveFolder, report }: Extract<AfterScan, { kind: "move" }>,
): Promise<void> {
  const { folder, name } = splitRelative(file.path);
  const target = await makeFolderBelow(moveFolder, folder);
  const endings = report === undefined ? [""] : ["", REPORT_ENDING];
  const reserved = await reserveName(target, name, endings);
  try {
    // First, so that a file that was moved is never without it.
    if (report !== undefined) await Deno.writeTextFile(reserved + REPORT_ENDING, report);
    await replaceReserved(from, file.mark, target, reserved);
  } catch (error) {
    for (const ending of endings) await Deno.remove(reserved + ending);
    throw error;
  }
}

/** A link on the way would lead the file out of the folder. */
async function makeFolderBelow(moveFolder: string, folder: string): Promise<string> {
  const target = entryPath(moveFolder, folder);
  await Deno.mkdir(target, { recursive: true, mode: 0o700 });
  const [realMoveFolder, realTarget] = [await Deno.realPath(moveFolder), await Deno.realPath(target)];
  if (relativeTo(realMoveFolder, realTarget) !== undefined) return target;
  throw new DirmonError(
    "path-outside-target",
    `the real path of ${quote(target)} must be below ${quote(realMoveFolder)}, got ${quote(realTarget)}`,
  );
}

/** Makes an empty file for each ending behind one name that was free with all of them. */
async function reserveName(folder: string, name: string, endings: readonly string[]): Promise<string> {
  for (let number = 0;; number++) {
    const suffix = number > MAX_NUMBERED_NAMES ? `.${crypto.randomUUID()}` : number > 0 ? `.${number}` : "";
    const path = entryPath(folder, name + suffix);
    if (await reserveAll(endings.map((ending) => path + ending))) return path;
  }
}

async function reserveAll(paths: readonly string[]): Promise<boolean> {
  const made: string[] = [];
  try {
    for (const path of paths) {
      (await Deno.open(path, { write: true, createNew: true, mode: 0o600 })).close();
      made.push(path);
    }
    return true;
  } catch (error) {
    for (const path of made) await Deno.remove(path);
    // A folder of that name takes it, too, which some systems report in other words.
    if (isSystemError(error) && ["EEXIST", "EISDIR"].includes(error.code)) return false;
    throw error;
  }
}

async function replaceReserved(from: string, mark: string, folder: string, reserved: string): Promise<void> {
  try {
    await Deno.rename(from, reserved);
  } catch (error) {
    if (!isSystemError(error) || error.code !== "EXDEV") throw error;
    await copyFile(from, mark, folder, reserved);
    await Deno.remove(from);
  }
}

/** To another file system, under a hidden name until the copy is complete and on the disk. */
async function copyFile(from: string, mark: string, folder: string, reserved: string): Promise<void> {
  using source = await openMarked(from, mark);
  if (!source) throw hasChanged(from);
  const { atime, mtime } = source.info;
  const partial = entryPath(folder, `.${crypto.randomUUID()}.part`);
  using target = await Deno.open(partial, { write: true, createNew: true, mode: 0o600 });
  try {
    for await (const chunk of source.chunks()) await writeAll(target, chunk);
    await target.sync();
    // The original is removed next: what was copied must be what was scanned.
    if (markOf(await Deno.lstat(from)) !== mark) throw hasChanged(from);
    if (atime && mtime) await Deno.utime(partial, atime, mtime);
    await Deno.rename(partial, reserved);
  } catch (error) {
    await Deno.remove(partial);
    throw error;
  }
}

function hasChanged(path: string): DirmonError {
  return new DirmonError("file-changed", `${quote(path)} has changed since`);
}

/** One call may write less than it was given. */
async function writeAll(file: Deno.FsFile, content: Uint8Array): Promise<void> {
  for (let written = 0; written < content.length;) {
    written += await file.write(content.subarray(written));
  }
}
