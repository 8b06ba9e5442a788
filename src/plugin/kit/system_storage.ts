/**
 * The machine's file system, through Deno.
 *
 * @module
 */

import { openToRead } from "./opened_file.ts";
import type { Storage } from "./storage.ts";
import { isSystemError } from "./system_error.ts";

/** The machine's file system. */
export const systemStorage: Storage = {
  lstat: (path) => Deno.lstat(path),
  lstatSync: (path) => Deno.lstatSync(path),
  stat: (path) => Deno.stat(path),
  realPath: (path) => Deno.realPath(path),
  realPathSync: (path) => Deno.realPathSync(path),
  readDir: (path) => Deno.readDir(path),
  open: openToRead,
  create: (path, mode) => Deno.open(path, { write: true, createNew: true, mode }),
  createSync: (path, mode) => Deno.openSync(path, { write: true, createNew: true, mode }),
  mkdir: (path, mode) => Deno.mkdir(path, { mode }),
  mkdirSync: (path, mode) => Deno.mkdirSync(path, { mode }),
  mkdirs: (path, mode) => Deno.mkdir(path, { mode, recursive: true }),
  link: (from, to) => Deno.link(from, to),
  linkSync: (from, to) => Deno.linkSync(from, to),
  rename: (from, to) => Deno.rename(from, to),
  remove: (path) => Deno.remove(path),
  removeSync: (path) => Deno.removeSync(path),
  utime: (path, accessed, modified) => Deno.utime(path, accessed, modified),
  syncFolder,
};

/** Windows opens no folder, and some network file systems flush none. */
async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path);
  try {
    await folder.sync();
  } catch (error) {
    if (!isSystemError(error) || !NO_FLUSH.includes(error.code)) throw error;
  }
}

const NO_FLUSH = ["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];
