/**
 * The folders that the options name, checked before anything is watched.
 *
 * @module
 */

import type { AfterScan } from "./after_scan.ts";
import { quote } from "../../src/plugin/define.ts";
import { isSystemError, relativeTo, systemReason, trimSeparators } from "../../src/plugin/kit/mod.ts";
import { DirmonError } from "./failure.ts";

/** The source folder. */
export interface SourceFolder {
  /** Absolute, as it was given. */
  readonly root: string;
  /** With all links resolved. */
  readonly realRoot: string;
}

/**
 * Finds the source folder.
 *
 * @throws {DirmonError} `source-not-set`; `source-not-readable` when it is missing or no folder
 */
export async function findSource(sourceDir: string | undefined): Promise<SourceFolder> {
  if (!sourceDir) {
    throw new DirmonError(
      "source-not-set",
      "watch a folder: the option source_dir is not set and should be a path",
    );
  }
  const root = trimSeparators(sourceDir);
  try {
    if (!(await Deno.stat(root)).isDirectory) {
      throw new DirmonError(
        "source-not-readable",
        `watch ${quote(root)}: it is a file and should be a folder`,
      );
    }
    return { root, realRoot: await Deno.realPath(root) };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const message = `watch ${quote(root)}: ${systemReason(error)}`;
    throw new DirmonError("source-not-readable", message, { cause: error });
  }
}

/** What to do with scanned files, and the part of the source folder that must not be watched for it. */
export interface AfterScanPlan {
  readonly afterScan: AfterScan;
  /** Relative path of the folder for scanned files when it is below the source folder. */
  readonly leftOut: string | undefined;
}

/**
 * Makes the folder for scanned files, if there is to be one.
 *
 * @throws {DirmonError} `move-dir-not-set`; `move-dir-not-usable` when it can't be made, or is the source folder
 * or one around it, where files that keep their place would come again
 */
export async function planAfterScan(
  kind: AfterScan["kind"],
  moveDir: string | undefined,
  { realRoot }: SourceFolder,
): Promise<AfterScanPlan> {
  if (kind !== "move") return { afterScan: { kind }, leftOut: undefined };
  if (!moveDir) {
    throw new DirmonError(
      "move-dir-not-set",
      "move scanned files: the option move_dir is not set and should be a path",
    );
  }
  const folder = trimSeparators(moveDir);
  const realFolder = await makeFolder(folder);
  if (relativeTo(realFolder, realRoot) !== undefined) {
    throw new DirmonError(
      "move-dir-not-usable",
      `move scanned files to ${quote(folder)}: it contains the source folder ${
        quote(realRoot)
      } and should not`,
    );
  }
  return { afterScan: { kind, folder }, leftOut: relativeTo(realRoot, realFolder) };
}

async function makeFolder(folder: string): Promise<string> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    return await Deno.realPath(folder);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const message = `move scanned files to ${quote(folder)}: ${systemReason(error)}`;
    throw new DirmonError("move-dir-not-usable", message, { cause: error });
  }
}
