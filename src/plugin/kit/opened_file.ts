/**
 * Opens files to read them without ever waiting for the open itself.
 *
 * Opening a pipe waits until another process writes to it. A user who may rename files of a folder could replace a file that was
 * just examined by a pipe, and so stop the whole process. Deno can't open with `O_NONBLOCK`, Node's functions can.
 *
 * @module
 */

import type * as NodeFs from "node:fs";
import type { StorageFile } from "./storage.ts";

/** Loaded when a file is opened: it takes 20 ms, which a scan that only writes files does not need. */
let loaded: typeof NodeFs | undefined;

/** Opens a file to read it, `isAtOnce` or on a thread; a pipe is opened whether or not anything writes to it. */
export async function openToRead(path: string, isAtOnce = false): Promise<StorageFile> {
  if (!loaded) loaded = await import("node:fs");
  const fs = loaded;
  const { O_RDONLY, O_NONBLOCK = 0, O_NOCTTY = 0 } = fs.constants;
  // Windows has neither of the last two. `O_NOCTTY`: a terminal must not become that of this process.
  const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY;
  const descriptor = isAtOnce
    ? fs.openSync(path, flags)
    : await settled<number>((done) => fs.open(path, flags, done));
  return new OpenedFile(fs, descriptor);
}

class OpenedFile implements StorageFile {
  readonly #fs: typeof NodeFs;
  #descriptor: number | undefined;

  constructor(fs: typeof NodeFs, descriptor: number) {
    this.#fs = fs;
    this.#descriptor = descriptor;
  }

  async read(target: Uint8Array): Promise<number | null> {
    // Node reads nothing into nothing, which is not the end of the file.
    if (target.length === 0) return 0;
    const count = await settled<number>((done) =>
      this.#fs.read(this.#open, target, 0, target.length, null, done)
    );
    return count === 0 ? null : count;
  }

  readSync(target: Uint8Array): number | null {
    if (target.length === 0) return 0;
    return this.#fs.readSync(this.#open, target, 0, target.length, null) || null;
  }

  write(): Promise<number> {
    return Promise.reject(new TypeError("The file must be open to write, is open to read"));
  }

  writeSync(): number {
    throw new TypeError("The file must be open to write, is open to read");
  }

  async stat(): Promise<Deno.FileInfo> {
    return infoOf(await settled<NodeFs.Stats>((done) => this.#fs.fstat(this.#open, done)));
  }

  statSync(): Deno.FileInfo {
    return infoOf(this.#fs.fstatSync(this.#open));
  }

  async sync(): Promise<void> {
    await settled<void>((done) => this.#fs.fsync(this.#open, done));
  }

  close(): void {
    const descriptor = this.#open;
    this.#descriptor = undefined;
    this.#fs.closeSync(descriptor);
  }

  /** The system gives the number of a closed file to the next one that is opened. */
  get #open(): number {
    if (this.#descriptor === undefined) throw new TypeError("The file must be open, is closed");
    return this.#descriptor;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

type Done<T> = (error: Error | null, value?: T) => void;

/** Returns a promise for a function of Node with a callback. */
function settled<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    start((error, value) => error ? reject(error) : resolve(value as T))
  );
}

/** Converts to what `Deno.FsFile.stat` returns. */
function infoOf(stats: NodeFs.Stats): Deno.FileInfo {
  return {
    isFile: stats.isFile(),
    isDirectory: stats.isDirectory(),
    isSymlink: stats.isSymbolicLink(),
    isBlockDevice: stats.isBlockDevice(),
    isCharDevice: stats.isCharacterDevice(),
    isFifo: stats.isFIFO(),
    isSocket: stats.isSocket(),
    size: stats.size,
    mtime: stats.mtime,
    atime: stats.atime,
    birthtime: stats.birthtime,
    ctime: stats.ctime,
    dev: stats.dev,
    ino: stats.ino,
    mode: stats.mode,
    nlink: stats.nlink,
    uid: stats.uid,
    gid: stats.gid,
    rdev: stats.rdev,
    blksize: stats.blksize,
    blocks: stats.blocks,
  };
}
