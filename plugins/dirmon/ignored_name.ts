/**
 * Names under which programs keep what is not meant for others, or not yet.
 *
 * @module
 */

/**
 * Endings of unfinished files: browsers (`.crdownload`, `.part`, `.partial`), file transfer (`.filepart`,
 * `.part`), editors (`~`, `.swp`, `.swo`, `.swx`), everybody (`.tmp`).
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

/** Whether a file or folder of this name is left out: it begins with a dot or `~$`, or has such an ending. */
export function isIgnoredName(name: string): boolean {
  if (name.startsWith(".") || name.startsWith("~$")) return true;
  const lowerCase = name.toLowerCase();
  return TEMPORARY_ENDINGS.some((ending) => lowerCase.endsWith(ending));
}
