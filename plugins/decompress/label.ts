/**
 * Names from an archive as labels: what people read of them, and what is too long to keep.
 *
 * @module
 */

/** Longest path in results and metadata, in UTF-16 units. */
export const MAX_PATH_LENGTH = 4096;

const MAX_QUOTED_LENGTH = 200;
/** Controls beyond those that JSON escapes, and what changes the direction of text or breaks lines. */
const UNSAFE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A name between quotes, with control characters escaped, for messages. */
export function quoted(name: string): string {
  return JSON.stringify(shortened(name, MAX_QUOTED_LENGTH)).replace(
    UNSAFE,
    (char) => "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

/** A name of at most `length` UTF-16 units; cut, it ends in `…`. */
export function shortened(name: string, length: number): string {
  return name.length <= length ? name : name.slice(0, length - 1).toWellFormed() + "…";
}

/** The last part of a path, Unix's or Windows's; `undefined` when that names no file. */
export function baseName(path: string): string | undefined {
  const base = path.split(/[/\\]/).at(-1) ?? "";
  return base === "" || base === "." || base === ".." ? undefined : base;
}
