/**
 * Names from an archive as labels: what people read of them, and what is too long to keep.
 *
 * @module
 */

import { quote } from "../../src/plugin/define.ts";

/** Longest path in results and metadata, in UTF-16 units. */
export const MAX_PATH_LENGTH = 4096;

const MAX_QUOTED_LENGTH = 200;

/** A name between quotes, with control characters escaped, for messages. */
export function quoted(name: string): string {
  return quote(shortened(name, MAX_QUOTED_LENGTH));
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
