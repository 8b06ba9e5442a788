/**
 * Reads complete regular files and nothing else: a pipe would never end, a link may lead anywhere.
 *
 * @module
 */

import { quote } from "../../src/plugin/define.ts";
import { DirmonError } from "./failure.ts";
import { markOf } from "./known_files.ts";

/**
 * Larger files are not read. It is far above the engine's limit for a payload, so that the engine sees,
 * hashes and reports what is over its limit, and low enough that a forgotten disk image does not exhaust
 * memory.
 */
export const MAX_FILE_BYTES = 1024 ** 3;

/**
 * Opens the file that has a mark.
 *
 * @returns `undefined` when there is another file by now, or another content
 * @throws {DirmonError} `file-not-regular` for a link, folder, pipe or device
 * @throws the operating system's error when the file is gone or can't be opened
 */
export async function openMarked(path: string, mark: string): Promise<Deno.FsFile | undefined> {
  // Opening comes second: to open a pipe waits for its writer, and to open a link follows it.
  const found = await Deno.lstat(path);
  if (!found.isFile) throw notRegular(path, found);
  if (markOf(found) !== mark) return undefined;
  const file = await Deno.open(path, { read: true });
  let isMarked = false;
  try {
    isMarked = markOf(await file.stat()) === mark;
  } finally {
    if (!isMarked) file.close();
  }
  return isMarked ? file : undefined;
}

/**
 * Reads the file that has a mark to its end.
 *
 * @returns `undefined` when there is another file or content by now, or when it changed while it was read
 * @throws {DirmonError} `file-not-regular`; `file-too-large` above {@linkcode MAX_FILE_BYTES}
 * @throws the operating system's error when the file is gone or unreadable
 */
export async function readMarked(path: string, mark: string): Promise<Uint8Array | undefined> {
  using file = await openMarked(path, mark);
  if (!file) return undefined;
  const { size } = await file.stat();
  if (size > MAX_FILE_BYTES) throw tooLarge(path, size);
  const content = await readToEnd(file, size, path);
  return markOf(await file.stat()) === mark ? content : undefined;
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

function notRegular(path: string, info: Deno.FileInfo): DirmonError {
  const what = info.isSymlink
    ? "a symbolic link"
    : info.isDirectory
    ? "a folder"
    : "a device, pipe or socket";
  return new DirmonError(
    "file-not-regular",
    `read ${quote(path)}: it is ${what} and should be a regular file`,
  );
}

function tooLarge(path: string, sizeBytes: number): DirmonError {
  return new DirmonError(
    "file-too-large",
    `read ${quote(path)}: it has ${sizeBytes} bytes and should have at most ${MAX_FILE_BYTES}`,
  );
}
