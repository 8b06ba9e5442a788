/**
 * Files that appear whole and replace nothing.
 *
 * @module
 */

import type { Logger } from "../../src/plugin/define.ts";
import {
  entryPath,
  isGone,
  isSystemError,
  OutputFolder,
  Pace,
  quote,
  type Storage,
  type StorageFile,
  systemFailure,
  systemReason,
  writeAll,
} from "../../src/plugin/kit/mod.ts";

/** Whether a file was written, or one of that name existed and was left alone. */
export type WriteOutcome = "written" | "exists";

/** How to write. */
export interface NewFileOptions {
  readonly storage: Storage;
  readonly log: Logger;
  /** Whether files and folders can be read by other users. */
  readonly isShared: boolean;
  /** Whether a file counts as written only once it is on the device. */
  readonly shouldFlush: boolean;
}

/** Returns the content of a file; called again if the file must be written a second time. */
export type FileContent = () => Iterable<Uint8Array>;

/**
 * Writes new files below `root`. Unfinished files are in the folder `<root>.partial` beside it and get their place by a hard
 * link, which unlike a renaming never replaces a file. Where that is impossible (`root` is a mount point, its parent is
 * read-only, the file system has no hard links) files are written in place, with one warning in the log.
 *
 * Below `root` no link is followed. With `shouldFlush` content and names are on the device once a file counts as written.
 */
export class NewFileWriter {
  /** The root. */
  readonly folder: OutputFolder;
  readonly #storage: Storage;
  readonly #log: Logger;
  readonly #pace = new Pace();
  readonly #partialFolder: string;
  readonly #mode: number;
  readonly #shouldFlush: boolean;
  #canStage = true;
  #hasPartialFolder = false;

  /** @param root absolute, without a separator at its end */
  constructor(root: string, { storage, log, isShared, shouldFlush }: NewFileOptions) {
    const mode = isShared ? 0o755 : 0o700;
    this.folder = new OutputFolder(root, { storage, pace: this.#pace, mode, shouldFlush });
    this.#storage = storage;
    this.#log = log;
    this.#partialFolder = `${root}.partial`;
    this.#mode = isShared ? 0o644 : 0o600;
    this.#shouldFlush = shouldFlush;
  }

  /**
   * Writes a file, and makes its folder if there is none. The file has its name only once it is complete.
   *
   * @param subfolder relative to the root, empty for the root itself
   * @throws {FiledirError} `file-not-written` with the operating system's reason
   * @throws {PluginError} `folder-not-usable` where a link or a file is in a folder's place
   */
  async write(subfolder: string, name: string, content: FileContent): Promise<WriteOutcome> {
    const path = entryPath(entryPath(this.folder.path, subfolder), name);
    try {
      await this.folder.make(subfolder);
      const outcome = await this.#publish(subfolder, path, content);
      if (outcome === "written") {
        await this.folder.check(subfolder);
        await this.folder.flush(subfolder);
      }
      return outcome;
    } catch (error) {
      throw systemFailure(error, "file-not-written", `write ${quote(path)}`);
    }
  }

  async #publish(subfolder: string, path: string, content: FileContent): Promise<WriteOutcome> {
    if (this.#canStage) {
      try {
        return await this.#writeStaged(subfolder, path, content);
      } catch (error) {
        if (!(error instanceof StagingRefused)) throw error;
        this.#canStage = false;
        const root = quote(this.folder.path);
        this.#log.warn(
          `write files below ${root} in place, where they may be seen unfinished: ${error.message}`,
        );
      }
    }
    return await this.#writeInPlace(subfolder, path, content);
  }

  /** Makes the folder again and repeats `act` if the folder is gone. */
  async #inFolder<T>(subfolder: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!isGone(error)) throw error;
      this.folder.forget();
      await this.folder.make(subfolder);
      return await act();
    }
  }

  async #writeStaged(subfolder: string, path: string, content: FileContent): Promise<WriteOutcome> {
    const partial = entryPath(this.#partialFolder, crypto.randomUUID());
    const file = await refusable(NO_FOLDER, `create ${quote(partial)}`, this.#createPartial(partial));
    try {
      await this.#fillAndClose(file, content);
      // If the folder can't be made, links may still work.
      const what = `link ${quote(partial)} to ${quote(path)}`;
      return await this.#inFolder(subfolder, () => refusable(NO_LINK, what, this.#link(partial, path)));
    } finally {
      await this.#removeUnfinished(partial);
    }
  }

  async #createPartial(partial: string): Promise<StorageFile> {
    if (!this.#hasPartialFolder) await this.#makePartialFolder();
    try {
      return await this.#create(partial);
    } catch (error) {
      if (!isGone(error)) throw error;
      await this.#makePartialFolder();
      return await this.#create(partial);
    }
  }

  /** The folder is beside the root, where another user may have put a link. */
  async #makePartialFolder(): Promise<void> {
    const path = this.#partialFolder;
    try {
      await this.#storage.mkdir(path, 0o700);
    } catch (error) {
      if (!isSystemError(error) || error.code !== "EEXIST") throw error;
      if (!(await this.#storage.lstat(path)).isDirectory) {
        throw new StagingRefused(`${quote(path)} must be a folder`);
      }
    }
    this.#hasPartialFolder = true;
  }

  async #writeInPlace(subfolder: string, path: string, content: FileContent): Promise<WriteOutcome> {
    const created = await this.#inFolder(subfolder, () => this.#createOrFind(path));
    if (created === "exists") return created;
    using file = created;
    try {
      await this.#fill(file, content);
    } catch (error) {
      // An unfinished file must not be taken for a result.
      await this.#removeUnfinished(path);
      throw error;
    }
    // A complete file stays even if it can't be flushed: another call may have found it already.
    if (this.#shouldFlush) await file.sync();
    return "written";
  }

  async #createOrFind(path: string): Promise<StorageFile | "exists"> {
    try {
      return await this.#create(path);
    } catch (error) {
      if (isSystemError(error) && error.code === "EEXIST") return "exists";
      throw error;
    }
  }

  async #create(path: string): Promise<StorageFile> {
    return await this.#pace.call(
      () => this.#storage.createSync(path, this.#mode),
      () => this.#storage.create(path, this.#mode),
    );
  }

  async #fill(file: StorageFile, content: FileContent): Promise<void> {
    for (const chunk of content()) await writeAll(file, chunk, this.#pace);
  }

  async #link(from: string, to: string): Promise<WriteOutcome> {
    try {
      await this.#pace.call(() => this.#storage.linkSync(from, to), () => this.#storage.link(from, to));
      return "written";
    } catch (error) {
      if (isSystemError(error) && error.code === "EEXIST") return "exists";
      throw error;
    }
  }

  async #fillAndClose(file: StorageFile, content: FileContent): Promise<void> {
    using _ = file;
    await this.#fill(file, content);
    if (this.#shouldFlush) await file.sync();
  }

  /** Removes a file. A failure is logged and does not change the outcome of the write. */
  async #removeUnfinished(path: string): Promise<void> {
    try {
      await this.#pace.call(() => this.#storage.removeSync(path), () => this.#storage.remove(path));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#log.warn(`leave the unfinished file ${quote(path)}: ${systemReason(error)}`);
    }
  }
}

/** Staging is impossible; the file may still be written in place. */
class StagingRefused extends Error {}

async function refusable<T>(codes: readonly string[], what: string, action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (!isSystemError(error) || !codes.includes(error.code)) throw error;
    throw new StagingRefused(`${what}: ${systemReason(error)}`);
  }
}

const NO_FOLDER = ["EACCES", "EPERM", "EROFS", "ENOTDIR"];
const NO_LINK = ["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];
