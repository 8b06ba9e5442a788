/**
 * Files that appear whole and replace nothing.
 *
 * @module
 */

import type { Logger } from "../../src/plugin/define.ts";
import {
  entryPath,
  isSystemError,
  Pace,
  quote,
  systemReason,
  trimSeparators,
} from "../../src/plugin/kit/mod.ts";
import { FiledirError } from "./failure.ts";

/** Whether a file was written, or another of that name was there already and was left alone. */
export type WriteOutcome = "written" | "exists";

/** Writes new files below one folder. */
export interface NewFileWriter {
  /**
   * Writes a file, and makes the folder if there is none. The file has its name only once it is complete.
   *
   * @throws {FiledirError} `file-not-written` with the operating system's reason
   */
  write(folder: string, name: string, content: Uint8Array): Promise<WriteOutcome>;
}

/**
 * A writer for files below `root`. Unfinished files are in the folder `<root>.partial` beside it, and get
 * their place by a hard link, which unlike a renaming never replaces a file. Where that can't be (`root` is a
 * mount point, its parent is read-only, the file system knows no hard links) files are written in place,
 * which the log says once. Nothing is flushed to the disk: the files survive a crash of the process, not a
 * power failure within the next seconds.
 */
export function createNewFileWriter(root: string, log: Logger): NewFileWriter {
  const partialFolder = `${trimSeparators(root)}.partial`;
  const pace = new Pace();
  let canStage = true;
  // Once folders were made they are nearly always there.
  let hasMadeFolders = false;

  async function publish(folder: string, path: string, content: Uint8Array): Promise<WriteOutcome> {
    if (canStage) {
      try {
        if (!hasMadeFolders) await makePartialFolder(partialFolder);
        return await writeStaged(partialFolder, folder, path, content, pace);
      } catch (error) {
        if (!(error instanceof StagingRefused)) throw error;
        canStage = false;
        log.warn(
          `write files below ${quote(root)} in place, where they may be seen unfinished: ${error.message}`,
        );
      }
    }
    return await inFolder(folder, () => createFile(path, content));
  }

  return {
    async write(folder, name, content) {
      const path = entryPath(folder, name);
      try {
        if (!hasMadeFolders) await Deno.mkdir(folder, { recursive: true });
        const outcome = await publish(folder, path, content);
        hasMadeFolders = true;
        return outcome;
      } catch (error) {
        if (!isSystemError(error)) throw error;
        const reason = systemReason(error);
        throw new FiledirError("file-not-written", `write ${quote(path)}: ${reason}`, { cause: error });
      }
    },
  };
}

/** Makes the folder, and tries again, only when `act` finds none. */
async function inFolder<T>(folder: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await Deno.mkdir(folder, { recursive: true });
    return await act();
  }
}

/** There is no way by a staged file, which says nothing of the file's own place. */
class StagingRefused extends Error {}

async function refusable<T>(codes: readonly string[], what: string, action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (!isSystemError(error) || !codes.includes(error.code)) throw error;
    throw new StagingRefused(`${what}: ${systemReason(error)}`);
  }
}

const NO_FOLDER = ["EACCES", "EPERM", "EROFS", "EEXIST", "ENOTDIR"];
const NO_LINK = ["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

async function makePartialFolder(folder: string): Promise<void> {
  await refusable(NO_FOLDER, `make the folder ${quote(folder)}`, Deno.mkdir(folder, { recursive: true }));
}

async function writeStaged(
  partialFolder: string,
  folder: string,
  path: string,
  content: Uint8Array,
  pace: Pace,
): Promise<WriteOutcome> {
  const partial = entryPath(partialFolder, crypto.randomUUID());
  const written = inFolder(partialFolder, () => writePartial(partial, content, pace));
  await refusable(NO_FOLDER, `write ${quote(partial)}`, written);
  try {
    const what = `link ${quote(partial)} to ${quote(path)}`;
    // A folder that can't be made is no refusal of the link.
    return await inFolder(folder, () => refusable(NO_LINK, what, linkFile(partial, path, pace)));
  } finally {
    await removeFile(partial, pace);
  }
}

async function removeFile(path: string, pace: Pace): Promise<void> {
  await pace.call(() => Deno.removeSync(path), () => Deno.remove(path));
}

/** One call instead of three; the name being nobody else's, what is left of a failure can be removed. */
async function writePartial(partial: string, content: Uint8Array, pace: Pace): Promise<void> {
  const options = { createNew: true };
  try {
    await pace.call(
      () => Deno.writeFileSync(partial, content, options),
      () => Deno.writeFile(partial, content, options),
      content.length,
    );
  } catch (error) {
    await removeFile(partial, pace).catch((reason) => {
      if (!isSystemError(reason)) throw reason;
    });
    throw error;
  }
}

async function linkFile(from: string, to: string, pace: Pace): Promise<WriteOutcome> {
  try {
    await pace.call(() => Deno.linkSync(from, to), () => Deno.link(from, to));
    return "written";
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return "exists";
    throw error;
  }
}

async function createFile(path: string, content: Uint8Array): Promise<WriteOutcome> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path, { write: true, createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return "exists";
    throw error;
  }
  try {
    using _ = file;
    await writeAll(file, content);
  } catch (error) {
    await Deno.remove(path);
    throw error;
  }
  return "written";
}

/** One call may write less than it was given. */
async function writeAll(file: Deno.FsFile, content: Uint8Array): Promise<void> {
  for (let written = 0; written < content.length;) {
    written += await file.write(content.subarray(written));
  }
}
