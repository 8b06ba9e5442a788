/**
 * The few operations on paths that filedir needs.
 *
 * @module
 */

import { FiledirError, quote } from "./failure.ts";

const IS_WINDOWS = Deno.build.os === "windows";

function isSeparator(character: string | undefined): boolean {
  return character === "/" || (IS_WINDOWS && character === "\\");
}

/** A folder's path without separators at its end. */
export function trimSeparators(path: string): string {
  let end = path.length;
  while (end > 1 && isSeparator(path[end - 1])) end--;
  return path.slice(0, end);
}

/** The path of an entry of a folder. */
export function entryPath(folder: string, name: string): string {
  return isSeparator(folder.at(-1)) ? folder + name : `${folder}/${name}`;
}

/** The folder and the name that a path is made of. */
export function splitPath(path: string): { folder: string; name: string } {
  let start = path.length;
  while (start > 0 && !isSeparator(path[start - 1])) start--;
  return { folder: trimSeparators(path.slice(0, start)), name: path.slice(start) };
}

/** Whether a path is below a folder; both as `Deno.realPath` writes them. */
export function isBelow(path: string, folder: string): boolean {
  const prefix = isSeparator(folder.at(-1)) ? folder : folder + (IS_WINDOWS ? "\\" : "/");
  return path.startsWith(prefix) && path.length > prefix.length;
}

/**
 * Lets an identifier become a file's name.
 *
 * @param what what the identifier is, for the message
 * @throws {FiledirError} `name-not-safe` unless it is made of letters, digits, `-` and `_`, as a UUID is
 */
export function safeName(what: string, name: string): string {
  if (/^[0-9A-Za-z][0-9A-Za-z_-]{0,127}$/.test(name)) return name;
  throw new FiledirError(
    "name-not-safe",
    `name a file by the ${what} ${quote(name)}: it should be made of letters, digits, "-" and "_"`,
  );
}
