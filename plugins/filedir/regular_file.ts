/**
 * Reads regular files and nothing else: a pipe would never end, a link may lead anywhere.
 *
 * @module
 */

import { FiledirError, quote } from "./failure.ts";
import { Pace } from "./pace.ts";

/**
 * Larger files are not read. It is far above the engine's limit for a payload, so that the engine sees,
 * hashes and reports what is over its limit, and low enough that a forgotten disk image does not exhaust
 * memory.
 */
export const MAX_FILE_BYTES = 1024 ** 3;

/**
 * Reads a file to its end.
 *
 * @throws {FiledirError} `file-not-regular` for a link, folder, pipe or device; `file-too-large` above
 * {@linkcode MAX_FILE_BYTES}
 * @throws the operating system's error when the file is gone or unreadable
 */
export async function readRegularFile(path: string): Promise<Uint8Array> {
  using file = await RegularFile.open(path);
  return await file.readToEnd();
}

/** A regular file that is read once. It is closed at its end; whoever opened it closes it in any case. */
export class RegularFile implements Disposable {
  /** What the file had when it was opened, in bytes. */
  readonly sizeBytes: number;
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #pace: Pace;
  #content: Uint8Array<ArrayBuffer> | undefined;
  #length = 0;
  #isAtEnd = false;
  #isClosed = false;

  private constructor(path: string, file: Deno.FsFile, sizeBytes: number, pace: Pace) {
    this.#path = path;
    this.#file = file;
    this.#pace = pace;
    this.sizeBytes = sizeBytes;
  }

  /**
   * Opens what is a regular file; fails as {@linkcode readRegularFile}, and leaves nothing open then. Whoever can put a pipe in
   * the file's place between looking and opening, microseconds apart, makes the opening wait for a writer.
   */
  static async open(path: string, pace = new Pace()): Promise<RegularFile> {
    const found = await pace.call(() => Deno.lstatSync(path), () => Deno.lstat(path));
    if (!found.isFile) throw notRegular(path, describe(found));
    const file = await pace.call(() => Deno.openSync(path), () => Deno.open(path));
    try {
      const opened = await pace.call(() => file.statSync(), () => file.stat());
      // Between the two calls somebody may have put a link in the file's place.
      if (found.ino !== opened.ino || found.dev !== opened.dev) {
        throw notRegular(path, "another file by now");
      }
      if (opened.size > MAX_FILE_BYTES) throw tooLarge(path, opened.size);
      return new RegularFile(path, file, opened.size, pace);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Reads what the file had when it was opened; what it has more by now is left to {@linkcode readToEnd}. */
  async readSize(): Promise<void> {
    this.#content ??= new Uint8Array(this.sizeBytes + 1);
    while (!this.#isAtEnd && this.#length < this.#content.length) {
      const rest = this.#content.subarray(this.#length);
      const read = await this.#pace.call(
        () => this.#file.readSync(rest),
        () => this.#file.read(rest),
        rest.length,
      );
      this.#length += read ?? 0;
      // Less than there was room for, and just what the file should have, is the end; less than that may be
      // a network folder that answers in parts.
      this.#isAtEnd = read === null || (this.#length === this.sizeBytes && this.#length > 0);
    }
    if (this.#isAtEnd) this[Symbol.dispose]();
  }

  /** All of the content. The size may be wrong by the time the file is read, so the end of the file decides. */
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

  [Symbol.dispose](): void {
    if (!this.#isClosed) this.#file.close();
    this.#isClosed = true;
  }
}

function describe(info: Deno.FileInfo): string {
  if (info.isSymlink) return "a symbolic link";
  return info.isDirectory ? "a folder" : "a device, pipe or socket";
}

function notRegular(path: string, what: string): FiledirError {
  return new FiledirError(
    "file-not-regular",
    `read ${quote(path)}: it is ${what} and should be a regular file`,
  );
}

function tooLarge(path: string, sizeBytes: number): FiledirError {
  return new FiledirError(
    "file-too-large",
    `read ${quote(path)}: it has ${sizeBytes} bytes and should have at most ${MAX_FILE_BYTES}`,
  );
}
