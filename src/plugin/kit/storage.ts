/**
 * The file system as plugins use it: one interface, so that tests can make each call fail.
 *
 * @module
 */

import type { Pace } from "./pace.ts";
import { isGone } from "./system_error.ts";

/** An open file. */
export interface StorageFile extends Disposable {
  /** Reads into `target`; `null` at the end. */
  read(target: Uint8Array): Promise<number | null>;
  /** As {@linkcode StorageFile.read}, at once. */
  readSync(target: Uint8Array): number | null;
  /** Writes some of the bytes; returns how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** As {@linkcode StorageFile.write}, at once. */
  writeSync(bytes: Uint8Array): number;
  /** Returns the file's present state. */
  stat(): Promise<Deno.FileInfo>;
  /** As {@linkcode StorageFile.stat}, at once. */
  statSync(): Deno.FileInfo;
  /** Returns once content and size are on the device. */
  sync(): Promise<void>;
  /** Closes the file. */
  close(): void;
}

/**
 * A file system. Paths are absolute; failures are those of `Deno`'s functions of the same names. Frequent calls have two forms,
 * between which `Pace` chooses.
 */
export interface Storage {
  /** Returns the state of what a path names; a link is not followed. */
  lstat(path: string): Promise<Deno.FileInfo>;
  /** As {@linkcode Storage.lstat}, at once. */
  lstatSync(path: string): Deno.FileInfo;
  /** Returns the state of what a path names, links followed. */
  stat(path: string): Promise<Deno.FileInfo>;
  /** Returns a path with all links resolved. */
  realPath(path: string): Promise<string>;
  /** As {@linkcode Storage.realPath}, at once. */
  realPathSync(path: string): string;
  /** Lists a folder. */
  readDir(path: string): AsyncIterable<Deno.DirEntry>;
  /**
   * Opens a file to read it, at once if `isAtOnce`, else on a thread. Anything but a regular file may fail or be opened, without a
   * wait.
   */
  open(path: string, isAtOnce?: boolean): Promise<StorageFile>;
  /** Makes and opens a file; fails where anything has its name, a link included. `mode` is cut by the umask. */
  create(path: string, mode: number): Promise<StorageFile>;
  /** As {@linkcode Storage.create}, at once. */
  createSync(path: string, mode: number): StorageFile;
  /** Makes one folder; fails where anything has its name. `mode` is cut by the umask. */
  mkdir(path: string, mode: number): Promise<void>;
  /** As {@linkcode Storage.mkdir}, at once. */
  mkdirSync(path: string, mode: number): void;
  /** Makes a folder and those on the way to it; an existing folder is left alone. */
  mkdirs(path: string, mode: number): Promise<void>;
  /** Gives a file a second name; fails where anything has that name. */
  link(from: string, to: string): Promise<void>;
  /** As {@linkcode Storage.link}, at once. */
  linkSync(from: string, to: string): void;
  /** Renames a file, and replaces a file that has the name. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or an empty folder. */
  remove(path: string): Promise<void>;
  /** As {@linkcode Storage.remove}, at once. */
  removeSync(path: string): void;
  /** Sets a file's times. */
  utime(path: string, accessed: Date, modified: Date): Promise<void>;
  /** Returns once the names in a folder are on the device; does nothing where the system has no such call. */
  syncFolder(path: string): Promise<void>;
}

/** Says whether nothing is at a path: a call that found nothing may have looked for another file, or at another time. */
export async function isAbsent(path: string, storage: Pick<Storage, "lstat">): Promise<boolean> {
  try {
    await storage.lstat(path);
    return false;
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

/** Writes all bytes; one call may write less than it was given. */
export async function writeAll(
  file: Pick<StorageFile, "write" | "writeSync">,
  bytes: Uint8Array,
  pace: Pace,
): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const rest = bytes.subarray(written);
    written += await pace.call(() => file.writeSync(rest), () => file.write(rest), rest.length);
  }
}
