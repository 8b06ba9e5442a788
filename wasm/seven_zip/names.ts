/**
 * Names of entries: what 7-Zip prints, what it would have written to a disk, and what the archive says.
 *
 * @module
 */

import { INPUT_PATH } from "./guest_files.ts";

const DECODER = new TextDecoder();
const STRICT_DECODER = new TextDecoder("utf-8", { fatal: true });
const NAMELESS = INPUT_PATH.slice(1);

/** `undefined` for a name that 7-Zip made up from the archive's own, because the format stores none. */
export function storedName(name: string): string | undefined {
  return name === "" || name === NAMELESS || name.startsWith(NAMELESS + "~") ||
      name.startsWith(NAMELESS + ".")
    ? undefined
    : name;
}

/**
 * The path as it stands in the archive.
 *
 * 7-Zip prints it whole, but with some control characters replaced; on disk it keeps the characters but leaves
 * out the parts `""`, `.` and `..` (a last one becomes `_`). Together they give both.
 *
 * @param printed what the log says; `undefined` when it said nothing
 * @param onDisk the path that 7-Zip created
 */
export function writtenPath(printed: string | undefined, onDisk: Uint8Array): string {
  const disk = DECODER.decode(onDisk);
  if (printed === undefined) return disk;
  const onDiskParts = disk.split("/");
  const parts = printed.split("/");
  const isLeftOut = (part: string, index: number) => index < parts.length - 1 && isNoName(part);
  if (parts.filter((part, index) => !isLeftOut(part, index)).length !== onDiskParts.length) return printed;
  return parts.map((part, index) => {
    if (isLeftOut(part, index)) return part;
    const diskPart = onDiskParts.shift()!;
    return isNoName(part) ? part : diskPart;
  }).join("/");
}

/** Most folders of a path that 7-Zip is asked to make. */
export const MAX_PATH_FOLDERS = 256;

/** Longest path that 7-Zip is asked to make, in UTF-16 units; Linux allows as many bytes. */
export const MAX_PATH_LENGTH = 4096;

/** Whether a path is longer than any that a packer finds on a disk: its content is unpacked under its last part alone. */
export function isLongPath(path: string): boolean {
  if (path.length > MAX_PATH_LENGTH) return true;
  return path.length > MAX_PATH_FOLDERS && path.split("/").length - 1 > MAX_PATH_FOLDERS;
}

function isNoName(part: string): boolean {
  return part === "" || part === "." || part === "..";
}

/** The bytes of a path that is no UTF-8; `undefined` when it is. */
export function bytesUnlessUtf8(path: Uint8Array): Uint8Array | undefined {
  try {
    STRICT_DECODER.decode(path);
    return undefined;
  } catch (error) {
    if (error instanceof TypeError) return path;
    throw error;
  }
}

/** Finds the entry that a printed path belongs to; of equal paths the next one that was not taken. */
export class EntryIndex {
  readonly #byPath = new Map<string, number[]>();

  /** @param paths the entries' paths, in order */
  constructor(paths: readonly (string | undefined)[]) {
    // Backwards, so that the first of several is the last of its list and taking it is cheap.
    for (let index = paths.length - 1; index >= 0; index--) {
      const path = paths[index] ?? "";
      const list = this.#byPath.get(path);
      if (list === undefined) this.#byPath.set(path, [index]);
      else list.push(index);
    }
  }

  /** The number of the entry, which is not found again. */
  take(printed: string): number | undefined {
    return this.#byPath.get(storedName(printed) ?? "")?.pop();
  }

  /** The number of the entry, which stays. */
  peek(printed: string): number | undefined {
    return this.#byPath.get(storedName(printed) ?? "")?.at(-1);
  }
}
