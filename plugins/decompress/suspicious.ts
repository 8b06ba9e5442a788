/**
 * Traits of an archive that common packers do not leave.
 *
 * @module
 */

import type { ReportedFinding } from "../../src/plugin/define.ts";
import { type Entry, type Extraction, isLongPath } from "../../wasm/seven_zip/mod.ts";
import { MAX_PATH_LENGTH, quoted, shortened } from "./label.ts";

/** The traits; findings have the same codes. */
export const TRAITS = [
  /** A path with `..` in it. */
  "path-traversal",
  /** A path from a root, a drive or a host. */
  "absolute-path",
  /** A link that points out of the archive. */
  "link-escape",
  /** Control characters in a path. */
  "control-characters",
  /** Characters in a path that turn the direction of text, so that it reads as another name. */
  "bidi-override",
  /** A path of more than 256 folders or 4,096 characters, which no file system takes. */
  "long-path",
  /** Two entries with one path: programs differ in which of them they take. */
  "duplicate-path",
  /** A file of another size than the archive declares, although it is complete. */
  "size-mismatch",
] as const;

/** One of {@linkcode TRAITS}. */
export type Trait = (typeof TRAITS)[number];

// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const BIDI = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const ABSOLUTE = /^(?:[/\\]|[A-Za-z]:)/;

/** A trait that an archive has. */
export interface FoundTrait {
  readonly trait: Trait;
  /** Number of entries that have it. */
  readonly count: number;
  /** Path of the first entry that has it. */
  readonly first: string;
}

/**
 * Returns the traits of an archive.
 *
 * @param writtenPaths the paths of extracted entries, by number
 */
export function suspiciousTraits(
  extraction: Extraction,
  writtenPaths: ReadonlyMap<number | undefined, string | undefined>,
): readonly FoundTrait[] {
  const found = new Map<Trait, { count: number; first: string }>();
  const note = (trait: Trait, path: string) => {
    const known = found.get(trait);
    if (known !== undefined) known.count++;
    else found.set(trait, { count: 1, first: shortened(path, MAX_PATH_LENGTH) });
  };
  notePaths(
    extraction.entries.map((entry, index) => ({ ...entry, path: writtenPaths.get(index) ?? entry.path })),
    note,
  );
  for (const { path = "", kind, linkTarget } of extraction.entries) {
    if (kind === "symlink" && linkTarget !== undefined && escapes(path, linkTarget)) {
      note("link-escape", path);
    }
  }
  for (const file of extraction.files) {
    const declared = file.entryIndex === undefined
      ? undefined
      : extraction.entries[file.entryIndex]?.sizeBytes;
    const isOff = declared !== undefined && declared !== file.content.length && file.damage === undefined;
    if (isOff) note("size-mismatch", file.path ?? "");
  }
  return [...found].map(([trait, { count, first }]) => ({ trait, count, first }));
}

/** Returns the findings of traits, whose codes are the traits' names. Gzip declares the size of its last part alone. */
export function findingsOf(traits: readonly FoundTrait[], format: string | undefined): ReportedFinding[] {
  const remarkable = traits.filter(({ trait }) => !(trait === "size-mismatch" && format === "gzip"));
  return remarkable.map(({ trait, count, first }) => {
    const more = count === 1 ? "" : ` and ${count - 1} more`;
    return { code: trait, detail: `${quoted(first)}${more}` };
  });
}

function notePaths(entries: readonly Entry[], note: (trait: Trait, path: string) => void): void {
  const seen = new Set<string>();
  for (const { path, kind } of entries) {
    if (path === undefined) continue;
    if (path.split(/[/\\]/).includes("..")) note("path-traversal", path);
    if (ABSOLUTE.test(path)) note("absolute-path", path);
    if (CONTROL.test(path)) note("control-characters", path);
    if (BIDI.test(path)) note("bidi-override", path);
    if (isLongPath(path)) note("long-path", path);
    if (seen.has(path) && kind !== "directory") note("duplicate-path", path);
    seen.add(path);
  }
}

function escapes(path: string, target: string): boolean {
  if (ABSOLUTE.test(target)) return true;
  let depth = path.split("/").length - 1;
  return target.split(/[/\\]/).some((part) => {
    if (part === "..") depth--;
    else if (part !== "" && part !== ".") depth++;
    return depth < 0;
  });
}
