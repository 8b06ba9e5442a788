/**
 * What becomes of a file whose results were saved.
 *
 * @module
 */

import { type Logger, PluginError, quote } from "../../src/plugin/define.ts";
import { entryPath, isGone, isSystemError, splitRelative, systemReason } from "../../src/plugin/kit/mod.ts";
import { DirmonError } from "./failure.ts";
import { markOf } from "./known_files.ts";
import type { CompleteFile } from "./monitor.ts";
import { openMarked } from "./regular_file.ts";

/** Leave it, delete it, or move it to a folder. */
export type AfterScan =
  | { readonly kind: "leave" }
  | { readonly kind: "delete" }
  | { readonly kind: "move"; readonly folder: string };

/** How many numbers are tried behind a name that is taken; then a random suffix ends the search. */
const MAX_NUMBERED_NAMES = 99;

/**
 * Deletes or moves a file, if it still is what was scanned. What fails is logged, and the file stays: the
 * results are saved, and a run does not end for it.
 */
export async function finishFile(
  root: string,
  file: CompleteFile,
  afterScan: AfterScan,
  log: Logger,
): Promise<void> {
  if (afterScan.kind === "leave") return;
  const path = entryPath(root, file.path);
  const what = `${afterScan.kind} the scanned file ${quote(path)}`;
  try {
    const info = await Deno.lstat(path);
    if (!info.isFile || markOf(info) !== file.mark) {
      log.info(`${what}: it has changed since, and stays`);
    } else if (afterScan.kind === "delete") {
      await Deno.remove(path);
    } else {
      await moveFile(path, file, afterScan.folder);
    }
  } catch (error) {
    const isOurs = error instanceof PluginError;
    if (!isOurs && !isSystemError(error)) throw error;
    const message = `${what}: ${isOurs ? error.message : systemReason(error)}`;
    if (isGone(error)) log.info(message);
    else log.error(message);
  }
}

/** The file keeps its place below the folder. Its name is reserved first: renaming would replace a file. */
async function moveFile(from: string, file: CompleteFile, moveFolder: string): Promise<void> {
  const { folder, name } = splitRelative(file.path);
  const target = entryPath(moveFolder, folder);
  await Deno.mkdir(target, { recursive: true });
  const reserved = await reserveName(target, name);
  try {
    await replaceReserved(from, file.mark, target, reserved);
  } catch (error) {
    await Deno.remove(reserved);
    throw error;
  }
}

async function reserveName(folder: string, name: string): Promise<string> {
  for (let number = 0;; number++) {
    const suffix = number > MAX_NUMBERED_NAMES ? `.${crypto.randomUUID()}` : number > 0 ? `.${number}` : "";
    const path = entryPath(folder, name + suffix);
    try {
      (await Deno.open(path, { write: true, createNew: true })).close();
      return path;
    } catch (error) {
      // A folder of that name takes it, too, which some systems tell in other words.
      if (!isSystemError(error) || !["EEXIST", "EISDIR"].includes(error.code)) throw error;
    }
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

/** To another file system, under a hidden name until the copy is complete. */
async function copyFile(from: string, mark: string, folder: string, reserved: string): Promise<void> {
  using source = await openMarked(from, mark);
  if (!source) throw new DirmonError("file-changed", `${quote(from)} has changed since`);
  const { atime, mtime } = source.info;
  const partial = entryPath(folder, `.${crypto.randomUUID()}.part`);
  using target = await Deno.open(partial, { write: true, createNew: true });
  try {
    for await (const chunk of source.chunks()) await writeAll(target, chunk);
    if (atime && mtime) await Deno.utime(partial, atime, mtime);
    await Deno.rename(partial, reserved);
  } catch (error) {
    await Deno.remove(partial);
    throw error;
  }
}

/** One call may write less than it was given. */
async function writeAll(file: Deno.FsFile, content: Uint8Array): Promise<void> {
  for (let written = 0; written < content.length;) {
    written += await file.write(content.subarray(written));
  }
}
