/**
 * The few operations on paths that dirmon needs. A relative path is below the source folder, its names
 * separated by `/` on every system; the source folder itself is the empty one.
 *
 * @module
 */

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

/** The path of what a folder has under a name or relative path; the folder itself for the empty one. */
export function entryPath(folder: string, relative: string): string {
  if (relative === "") return folder;
  return folder === "" || isSeparator(folder.at(-1)) ? folder + relative : `${folder}/${relative}`;
}

/** The folder and the name that a relative path is made of. */
export function splitRelative(relative: string): { folder: string; name: string } {
  const end = relative.lastIndexOf("/");
  return { folder: relative.slice(0, Math.max(end, 0)), name: relative.slice(end + 1) };
}

/** A path relative to a folder, empty for the folder itself, `undefined` when it is not below it. */
export function relativeTo(folder: string, path: string): string | undefined {
  if (path === folder) return "";
  const start = isSeparator(folder.at(-1)) ? folder.length : folder.length + 1;
  if (!path.startsWith(folder) || path.length <= start || !isSeparator(path[start - 1])) return undefined;
  const relative = path.slice(start);
  return IS_WINDOWS ? relative.replaceAll("\\", "/") : relative;
}
