/**
 * Operations on paths as text. A relative path is below some folder, its names separated by `/` on every system; the folder
 * itself is the empty one.
 *
 * @module
 */

const IS_WINDOWS = Deno.build.os === "windows";

function isSeparator(character: string | undefined): boolean {
  return character === "/" || (IS_WINDOWS && character === "\\");
}

/** Returns a folder's path without separators at its end. */
export function trimSeparators(path: string): string {
  let end = path.length;
  while (end > 1 && isSeparator(path[end - 1])) end--;
  return path.slice(0, end);
}

/** Returns the path of a folder's entry, given by its name or relative path; the folder itself for the empty one. */
export function entryPath(folder: string, relative: string): string {
  if (relative === "") return folder;
  return folder === "" || isSeparator(folder.at(-1)) ? folder + relative : `${folder}/${relative}`;
}

/** Splits a path at its last separator. */
export function splitPath(path: string): { folder: string; name: string } {
  let start = path.length;
  while (start > 0 && !isSeparator(path[start - 1])) start--;
  return { folder: trimSeparators(path.slice(0, start)), name: path.slice(start) };
}

/** Splits a relative path at its last separator; the folder is empty where there is none. */
export function splitRelative(relative: string): { folder: string; name: string } {
  const end = relative.lastIndexOf("/");
  return { folder: relative.slice(0, Math.max(end, 0)), name: relative.slice(end + 1) };
}

/**
 * Returns a path relative to a folder: empty for the folder itself, `undefined` when it is not below it. Both paths have one
 * form, such as that of `Deno.realPath`.
 */
export function relativeTo(folder: string, path: string): string | undefined {
  if (path === folder) return "";
  const start = isSeparator(folder.at(-1)) ? folder.length : folder.length + 1;
  if (!path.startsWith(folder) || path.length <= start || !isSeparator(path[start - 1])) return undefined;
  const relative = path.slice(start);
  return IS_WINDOWS ? relative.replaceAll("\\", "/") : relative;
}

/** Says whether a path is below a folder, as {@linkcode relativeTo} reads them; a folder is not below itself. */
export function isBelow(path: string, folder: string): boolean {
  return Boolean(relativeTo(folder, path));
}
