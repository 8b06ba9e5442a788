/**
 * The folders that the options name, checked before anything is watched.
 *
 * @module
 */

import type { AfterScan } from "./after_scan.ts";
import { quote } from "../../src/plugin/define.ts";
import {
  relativeTo,
  type Storage,
  systemFailure,
  systemStorage,
  trimSeparators,
} from "../../src/plugin/kit/mod.ts";
import { DirmonError } from "./failure.ts";

/** The source folder. */
export interface SourceFolder {
  /** Absolute, as it was given. */
  readonly root: string;
  /** With all links resolved. */
  readonly realRoot: string;
}

/** Returns the failure of a provider without a source folder. */
export function sourceNotSet(): DirmonError {
  return new DirmonError(
    "source-not-set",
    "the option source_dir must be set to the folder to watch: --plugin-opts dirmon:source_dir=FOLDER, or " +
      "source_dir = FOLDER in section [dirmon] of stoq.cfg",
  );
}

/**
 * Finds the source folder.
 *
 * @throws {DirmonError} `source-not-readable` when it is missing or no folder
 */
export async function findSource(
  sourceDir: string,
  storage: Storage = systemStorage,
): Promise<SourceFolder> {
  const root = trimSeparators(sourceDir);
  try {
    if (!(await storage.stat(root)).isDirectory) {
      throw new DirmonError(
        "source-not-readable",
        `watch ${quote(root)}: must be a folder, got a file`,
      );
    }
    return { root, realRoot: await storage.realPath(root) };
  } catch (error) {
    throw systemFailure(error, "source-not-readable", `watch ${quote(root)}`);
  }
}

/**
 * Makes the folder for scanned files if option `after_scan` is `move`.
 *
 * @throws {DirmonError} `move-dir-not-set`; `move-dir-not-usable` when it can't be made, or is the source folder
 * or one around it, from which files would be delivered again
 */
export async function planAfterScan(
  kind: AfterScan["kind"],
  moveDir: string | undefined,
  source: SourceFolder,
  storage: Storage = systemStorage,
): Promise<AfterScan> {
  if (kind !== "move") return { kind };
  if (!moveDir) {
    throw new DirmonError(
      "move-dir-not-set",
      "the option move_dir must be set to a folder for after_scan = move",
    );
  }
  return { kind, folder: await makeTarget("move_dir", moveDir, source, storage) };
}

/**
 * Makes the folder for failed files if option `failed_dir` is set.
 *
 * @throws {DirmonError} `failed-dir-not-usable`, as `move-dir-not-usable`
 */
export async function planFailedDir(
  failedDir: string | undefined,
  source: SourceFolder,
  storage: Storage = systemStorage,
): Promise<string | undefined> {
  return failedDir ? await makeTarget("failed_dir", failedDir, source, storage) : undefined;
}

async function makeTarget(
  option: "move_dir" | "failed_dir",
  path: string,
  { realRoot }: SourceFolder,
  storage: Storage,
): Promise<string> {
  const folder = trimSeparators(path);
  const code = option === "move_dir" ? "move-dir-not-usable" : "failed-dir-not-usable";
  try {
    await storage.mkdirs(folder, 0o700);
    const realFolder = await storage.realPath(folder);
    if (relativeTo(realFolder, realRoot) === undefined) return folder;
  } catch (error) {
    throw systemFailure(error, code, `make the folder ${quote(folder)} of the option ${option}`);
  }
  throw new DirmonError(
    code,
    `the option ${option} must not be the source folder ${quote(realRoot)} or a folder around it, got ${
      quote(folder)
    }`,
  );
}
