/**
 * Reads regular files and nothing else: a pipe would never end, a link may lead anywhere.
 *
 * @module
 */

import { PluginError } from "../../core/contract/plugin_error.ts";
import { kindOf } from "./file_failure.ts";
import { Pace } from "./pace.ts";
import { quote } from "./printable.ts";
import type { Storage, StorageFile } from "./storage.ts";
import { systemStorage } from "./system_storage.ts";

/**
 * Largest file that is opened, in bytes. It is far above the engine's limit for a payload, so that the engine sees, hashes and
 * reports what is over its limit, and low enough that a forgotten disk image does not exhaust memory.
 */
export const MAX_FILE_BYTES = 1024 ** 3;

/** Bytes that {@linkcode RegularFile.chunks} reads at a time. */
const CHUNK_BYTES = 262_144;

/** How to open; everything has a default. */
export interface RegularFileOptions {
  readonly storage?: Storage;
  /** Shared by all calls on one storage, so that a slow one is called on threads. */
  readonly pace?: Pace;
}

/**
 * Reads a file to its end.
 *
 * @throws {PluginError} `file-not-regular` for a link, folder, pipe or device; `file-too-large` above
 * {@linkcode MAX_FILE_BYTES}
 * @throws the operating system's error when the file is gone or unreadable
 */
export async function readRegularFile(path: string, options?: RegularFileOptions): Promise<Uint8Array> {
  using file = await RegularFile.open(path, options);
  return await file.readToEnd();
}

/**
 * Returns what the system says of a regular file, without opening it.
 *
 * @throws {PluginError} `file-not-regular`
 * @throws the operating system's error when the file is gone
 */
export async function findRegularFile(
  path: string,
  { storage = systemStorage, pace = new Pace() }: RegularFileOptions = {},
): Promise<Deno.FileInfo> {
  const found = await pace.call(() => storage.lstatSync(path), () => storage.lstat(path));
  if (!found.isFile) throw notRegular(path, "a regular file", kindOf(found));
  return found;
}

/** A regular file that is read once. The caller closes it. */
export class RegularFile implements Disposable {
  /** The file's state when it was opened. */
  readonly info: Deno.FileInfo;
  readonly #path: string;
  readonly #file: StorageFile;
  readonly #pace: Pace;
  #content: Uint8Array<ArrayBuffer> | undefined;
  #length = 0;
  #isAtEnd = false;
  #isClosed = false;

  private constructor(path: string, file: StorageFile, info: Deno.FileInfo, pace: Pace) {
    this.#path = path;
    this.#file = file;
    this.#pace = pace;
    this.info = info;
  }

  /**
   * Opens a regular file; fails as {@linkcode readRegularFile}, and leaves nothing open then. A pipe that replaces the file before it
   * is opened is not waited for.
   */
  static async open(path: string, options: RegularFileOptions = {}): Promise<RegularFile> {
    const found = await findRegularFile(path, options);
    const file = await RegularFile.openFound(path, found, options);
    if (!file) throw notRegular(path, "the file that was found", "another");
    return file;
  }

  /** Opens a file that {@linkcode findRegularFile} has found; `undefined` if another file has replaced it. */
  static async openFound(
    path: string,
    found: Deno.FileInfo,
    { storage = systemStorage, pace = new Pace() }: RegularFileOptions = {},
  ): Promise<RegularFile | undefined> {
    const file = await pace.call<StorageFile | Promise<StorageFile>>(
      () => storage.open(path, true),
      () => storage.open(path),
    );
    let isKept = false;
    try {
      const opened = await pace.call(() => file.statSync(), () => file.stat());
      // Between the two calls a link may have replaced the file.
      if (found.ino !== opened.ino || found.dev !== opened.dev) return undefined;
      if (opened.size > MAX_FILE_BYTES) throw tooLarge(path, opened.size);
      isKept = true;
      return new RegularFile(path, file, opened, pace);
    } finally {
      if (!isKept) file.close();
    }
  }

  /** The file's size when it was opened, in bytes. */
  get sizeBytes(): number {
    return this.info.size;
  }

  /** Returns the file's present state; it must not be closed. */
  async stat(): Promise<Deno.FileInfo> {
    return await this.#pace.call(() => this.#file.statSync(), () => this.#file.stat());
  }

  /** Reads as much as the file had when it was opened; {@linkcode readToEnd} reads what was added since. */
  async readSize(): Promise<void> {
    this.#content ??= new Uint8Array(this.sizeBytes + 1);
    while (!this.#isAtEnd && this.#length < this.#content.length) {
      const read = await this.#read(this.#content.subarray(this.#length));
      this.#length += read ?? 0;
      // Less than there was room for, and just what the file should have, is the end; less than that may be
      // a network folder that answers in parts.
      this.#isAtEnd = read === null || (this.#length === this.sizeBytes && this.#length > 0);
    }
  }

  /** Reads all of the content. The size may be wrong by the time the file is read, so the end of the file decides. */
  async readToEnd(): Promise<Uint8Array> {
    for (;;) {
      await this.readSize();
      const content = this.#content!;
      if (this.#length > MAX_FILE_BYTES) throw tooLarge(this.#path, this.#length);
      if (this.#isAtEnd) return content.subarray(0, this.#length);
      const grown = Math.min(content.length * 2, MAX_FILE_BYTES + 1);
      this.#content = new Uint8Array(content.buffer.transfer(grown));
    }
  }

  /** Reads the content in parts instead; each is valid until the next one is requested. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(Math.min(this.sizeBytes + 1, CHUNK_BYTES));
    for (let read = await this.#read(buffer); read !== null; read = await this.#read(buffer)) {
      yield buffer.subarray(0, read);
    }
  }

  /**
   * Returns once content and size are on the device; does nothing on Windows, which flushes no file that is open for reading.
   */
  async sync(): Promise<void> {
    if (Deno.build.os !== "windows") await this.#file.sync();
  }

  async #read(target: Uint8Array): Promise<number | null> {
    return await this.#pace.call(
      () => this.#file.readSync(target),
      () => this.#file.read(target),
      target.length,
    );
  }

  [Symbol.dispose](): void {
    if (!this.#isClosed) this.#file.close();
    this.#isClosed = true;
  }
}

function notRegular(path: string, expected: string, found: string): PluginError {
  return new PluginError(
    "file-not-regular",
    `read ${quote(path)}: must be ${expected}, got ${found}`,
  );
}

function tooLarge(path: string, sizeBytes: number): PluginError {
  return new PluginError(
    "file-too-large",
    `read ${quote(path)}: must have at most ${MAX_FILE_BYTES} bytes, got ${sizeBytes}`,
  );
}
