/**
 * Decides where the files of a plugin are stored in its folder.
 *
 * @module
 */

/** Folder of files that do not belong to the plugin. A plugin's own file of this name is stored elsewhere. */
export const OUR_FOLDER = "_stoq";

// Names that Windows can't store, or stores under another name, are used on no system.
const PLAIN_NAME = /^(?!\.)[A-Za-z0-9@._+~-]{1,100}(?<!\.)$/;
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Whether every file system stores each name of a path unchanged. */
export function isPlainPath(path: string): boolean {
  const names = path.split("/");
  return names.length <= 16 && names.every((name) => PLAIN_NAME.test(name) && !DEVICE.test(name)) &&
    names[0]!.toLowerCase() !== OUR_FOLDER;
}

/**
 * Path of an address's file. A file below the plugin's own folder keeps its path, any other is named by its digest.
 *
 * @param base address of the plugin's folder, with a slash at the end
 * @param extension used if the address has none, with its dot
 */
export function storedPath(base: string, url: string, extension: string, urlSha256: string): string {
  const own = url.startsWith(base) ? url.slice(base.length) : "";
  if (isPlainPath(own) && extensionOf(url) !== "") return own;
  const name = new URL(url).pathname.split("/").at(-1)!.replace(/\.[^.]*$/, "");
  const shown = isPlainPath(name) ? name : "file";
  return `${OUR_FOLDER}/files/${urlSha256.slice(0, 32)}-${shown.slice(0, 40)}${
    extensionOf(url) || extension
  }`;
}

/** Extension of an address, with its dot and in lower case; empty if it has none. */
export function extensionOf(url: string): string {
  return /[^/](\.[a-z0-9]{1,8})$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? "";
}

/** Specifier by which one stored file imports another. */
export function relativeSpecifier(from: string, to: string): string {
  const folders = from.split("/").slice(0, -1);
  const names = to.split("/");
  let shared = 0;
  while (shared < folders.length && shared < names.length - 1 && folders[shared] === names[shared]) shared++;
  const up = "../".repeat(folders.length - shared);
  return `${up === "" ? "./" : up}${names.slice(shared).join("/")}`;
}

/** The first two paths that are the same on systems that ignore case. */
export function collidingPaths(paths: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const folded = path.normalize("NFC").toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) return [other, path];
    seen.set(folded, path);
  }
  return undefined;
}
