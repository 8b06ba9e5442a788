/**
 * Reads regular files and nothing else: a pipe would never end, a link may lead anywhere.
 *
 * @module
 */

import { FiledirError, quote } from "./failure.ts";

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
  const found = await Deno.lstat(path);
  if (!found.isFile) throw notRegular(path, describe(found));
  using file = await Deno.open(path, { read: true });
  const opened = await file.stat();
  // Between the two calls somebody may have put a link in the file's place.
  if (found.ino !== opened.ino || found.dev !== opened.dev) throw notRegular(path, "another file by now");
  if (opened.size > MAX_FILE_BYTES) throw tooLarge(path, opened.size);
  return await readToEnd(file, opened.size, path);
}

/** The size may be wrong by the time the file is read, so the end of the file decides. */
async function readToEnd(file: Deno.FsFile, expectedBytes: number, path: string): Promise<Uint8Array> {
  let content = new Uint8Array(expectedBytes + 1);
  let length = 0;
  for (;;) {
    const read = await file.read(content.subarray(length));
    if (read === null) return content.subarray(0, length);
    length += read;
    if (length > MAX_FILE_BYTES) throw tooLarge(path, length);
    if (length === content.length) {
      const grown = Math.min(content.length * 2, MAX_FILE_BYTES + 1);
      content = new Uint8Array(content.buffer.transfer(grown));
    }
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
