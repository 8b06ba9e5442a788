/**
 * Names of hidden and unfinished files.
 *
 * @module
 */

/**
 * Endings of unfinished files: browsers (`.crdownload`, `.part`, `.partial`), file transfer (`.filepart`,
 * `.part`), editors (`~`, `.swp`, `.swo`, `.swx`), others (`.tmp`).
 */
const TEMPORARY_ENDINGS = [
  "~",
  ".crdownload",
  ".filepart",
  ".part",
  ".partial",
  ".swo",
  ".swp",
  ".swx",
  ".tmp",
];

/** Says whether a name is ignored: it begins with a dot or `~$`, or has an ending of unfinished files. */
export function isIgnoredName(name: string): boolean {
  if (name.startsWith(".") || name.startsWith("~$")) return true;
  const lowerCase = name.toLowerCase();
  return TEMPORARY_ENDINGS.some((ending) => lowerCase.endsWith(ending));
}
