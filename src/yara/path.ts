/**
 * Paths inside rule files, for POSIX and Windows alike, without asking a system.
 *
 * @module
 */

/**
 * The path that an `include` means: absolute as it is, otherwise relative to the folder of the file that includes it.
 * `.` and `..` are resolved, so that one file has one name.
 */
export function resolveInclude(fromFile: string, included: string): string {
  if (isAbsolute(included)) return normalize(included);
  const folder = fromFile.slice(0, Math.max(fromFile.lastIndexOf("/"), fromFile.lastIndexOf("\\")) + 1);
  return normalize(folder + included);
}

function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path);
}

function normalize(path: string): string {
  const separator = path.includes("\\") && !path.includes("/") ? "\\" : "/";
  const isWindows = separator === "\\" || /^[A-Za-z]:/.test(path);
  const root = /^(?:[A-Za-z]:)?[/\\]+|^/.exec(path)![0];
  const parts: string[] = [];
  for (const part of path.slice(root.length).split(isWindows ? /[/\\]/ : "/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || root === "") parts.push(part);
  }
  return root + parts.join(separator);
}
