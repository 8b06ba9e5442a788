/**
 * Names from an archive, cut and quoted for people.
 *
 * @module
 */

import { quote } from "../../src/plugin/define.ts";

/** Longest path in results and metadata, in UTF-16 units. */
export const MAX_PATH_LENGTH = 4096;

const MAX_QUOTED_LENGTH = 200;

/** Returns a name in quotes for messages, with control characters escaped. */
export function quoted(name: string): string {
  return quote(shortened(name, MAX_QUOTED_LENGTH));
}

/** Returns a name of at most `length` UTF-16 units; one that was cut ends in `…`. */
export function shortened(name: string, length: number): string {
  return name.length <= length ? name : name.slice(0, length - 1).toWellFormed() + "…";
}

/** Returns the last part of a Unix or Windows path; `undefined` if it does not name a file. */
export function baseName(path: string): string | undefined {
  const base = path.split(/[/\\]/).at(-1) ?? "";
  return base === "" || base === "." || base === ".." ? undefined : base;
}
