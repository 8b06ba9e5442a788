/**
 * Decides which paths below the source folder are watched.
 *
 * @module
 */

import { lossyText, splitRelative } from "../../src/plugin/kit/mod.ts";
import { type Glob, parseGlob } from "./glob.ts";
import { isIgnoredName } from "./ignored_name.ts";

/** The options about paths. */
export interface SelectionOptions {
  /** Globs of files; empty: all. */
  readonly include: readonly string[];
  /** Globs of files and folders. */
  readonly exclude: readonly string[];
  /** Whether folders are entered. */
  readonly isRecursive: boolean;
  /** Whether a path, or a folder that holds it, is left out for another reason; default: none is. */
  readonly isLeftOut?: (path: string) => boolean;
}

/** Answers for relative paths. */
export interface Selection {
  /** Says whether a folder is entered, if the one around it is. */
  entersFolder(path: string): boolean;
  /** Says whether a file is delivered, if its folder is entered. */
  takesFile(path: string): boolean;
  /** Says whether a file or folder has a name that is not ignored, in folders that are all entered. */
  isReachable(path: string): boolean;
}

/**
 * Returns a selection. It leaves out hidden and temporary names, and the content of folders that it leaves out. Globs see U+FFFD
 * where a name is not UTF-8.
 *
 * @throws {DirmonError} `glob-invalid`
 */
export function createSelection(options: SelectionOptions): Selection {
  return new GlobSelection(
    options.include.map(parseGlob),
    options.exclude.map(parseGlob),
    options.isRecursive,
    options.isLeftOut ?? (() => false),
  );
}

class GlobSelection implements Selection {
  constructor(
    private readonly include: readonly Glob[],
    private readonly exclude: readonly Glob[],
    private readonly isRecursive: boolean,
    private readonly isLeftOut: (path: string) => boolean,
  ) {}

  entersFolder(path: string): boolean {
    return this.isRecursive && !isIgnoredName(splitRelative(path).name) &&
      !matchesAny(this.exclude, path) && !this.isLeftOut(path);
  }

  takesFile(path: string): boolean {
    if (isIgnoredName(splitRelative(path).name)) return false;
    if (matchesAny(this.exclude, path)) return false;
    if (this.include.length > 0 && !matchesAny(this.include, path)) return false;
    return !this.isLeftOut(path);
  }

  isReachable(path: string): boolean {
    if (isIgnoredName(splitRelative(path).name)) return false;
    for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) {
      if (!this.entersFolder(path.slice(0, end))) return false;
    }
    return true;
  }
}

function matchesAny(globs: readonly Glob[], path: string): boolean {
  const text = lossyText(path);
  return globs.some((glob) => glob.matches(text));
}
