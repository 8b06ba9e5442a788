/**
 * A folder in which files are written, and the folders below it.
 *
 * @module
 */

import { PluginError } from "../../core/contract/plugin_error.ts";
import { kindOf } from "./file_failure.ts";
import { Pace } from "./pace.ts";
import { entryPath, relativeTo, splitPath, splitRelative } from "./path.ts";
import { quote } from "./printable.ts";
import { SharedCalls } from "./shared_calls.ts";
import type { Storage } from "./storage.ts";
import { isGone, isSystemError } from "./system_error.ts";
import { systemStorage } from "./system_storage.ts";

/** Options of an output folder; all have defaults. */
export interface OutputFolderOptions {
  readonly storage?: Storage;
  readonly pace?: Pace;
  /** Mode of the folders that are made, cut by the umask; default 0700. */
  readonly mode?: number;
  /** Whether {@linkcode OutputFolder.flush} flushes; default true. */
  readonly shouldFlush?: boolean;
}

/**
 * A folder for output. It may be a link, as the user named it; below it no link is followed: another user may have put it there.
 * Relative paths have `/` between their names, and the folder itself is the empty one.
 */
export class OutputFolder {
  /** As it was given. */
  readonly path: string;
  readonly #storage: Storage;
  readonly #pace: Pace;
  readonly #mode: number;
  readonly #shouldFlush: boolean;
  readonly #flushes: SharedCalls<void>;
  /** Folders in which this process made others since they were last flushed, with a number that grows. */
  readonly #unflushed = new Map<string, number>();
  #additions = 0;
  /** Unknown before the folder was first used. */
  #realPath: string | undefined;

  /** @param path absolute, without a separator at its end */
  constructor(path: string, options: OutputFolderOptions = {}) {
    this.path = path;
    this.#storage = options.storage ?? systemStorage;
    this.#pace = options.pace ?? new Pace();
    this.#mode = options.mode ?? 0o700;
    this.#shouldFlush = options.shouldFlush ?? true;
    this.#flushes = new SharedCalls((folder) => this.#storage.syncFolder(folder));
  }

  /**
   * Makes a folder below this one and those on the way to it, unless they exist.
   *
   * @returns its path
   * @throws {PluginError} `folder-not-usable` where a link or a file is in a folder's place
   * @throws the operating system's error
   */
  async make(relative: string): Promise<string> {
    if (this.#realPath === undefined) await this.#makeRoot();
    if (relative === "") return this.path;
    try {
      await this.check(relative);
    } catch (error) {
      // If a file is in a folder's place, making the folders finds it.
      if (!isGone(error)) throw error;
      await this.#makeRoot();
      await this.#makeBelow(relative);
      await this.check(relative);
    }
    return entryPath(this.path, relative);
  }

  /** Forgets that the folder exists, so that the next {@linkcode OutputFolder.make} makes it again. */
  forget(): void {
    this.#realPath = undefined;
  }

  /**
   * Checks that no link is on the way to a folder below this one. Call it before a file is written there and again
   * afterwards, to notice a folder that was replaced by a link in between.
   *
   * @throws {PluginError} `folder-not-usable`
   * @throws the operating system's error
   */
  async check(relative: string): Promise<void> {
    if (relative === "") return;
    const path = entryPath(this.path, relative);
    const real = await this.#realPathOf(path);
    if (this.#realPath !== undefined && isSame(relativeTo(this.#realPath, real), relative)) return;
    // The folder itself may be a link that leads elsewhere now.
    this.#realPath = await this.#realPathOf(this.path);
    if (isSame(relativeTo(this.#realPath, real), relative)) return;
    throw new PluginError(
      "folder-not-usable",
      `write in ${quote(path)}: its real path must be ${quote(entryPath(this.#realPath, relative))}, got ${
        quote(real)
      }`,
    );
  }

  /**
   * Returns once the names in a folder below this one, and the folders that were made on the way to it, are on the device.
   * Calls at the same time share their flushes.
   *
   * @throws the operating system's error
   */
  async flush(relative: string): Promise<void> {
    if (!this.#shouldFlush) return;
    const folders = [entryPath(this.path, relative)];
    for (let folder = relative; folder !== "";) {
      folder = splitRelative(folder).folder;
      folders.push(entryPath(this.path, folder));
    }
    folders.push(this.#parent);
    const [first, ...above] = folders;
    const due = [first!, ...above.filter((folder) => this.#unflushed.has(folder))];
    const outcomes = await Promise.allSettled(due.map((folder) => this.#flush(folder)));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  async #flush(folder: string): Promise<void> {
    const additions = this.#unflushed.get(folder);
    try {
      await this.#flushes.call(folder);
    } catch (error) {
      // The permission may cover this folder and not the one around it.
      if (folder !== this.#parent || !(error instanceof Deno.errors.NotCapable)) throw error;
    }
    if (this.#unflushed.get(folder) === additions) this.#unflushed.delete(folder);
  }

  get #parent(): string {
    return splitPath(this.path).folder;
  }

  async #realPathOf(path: string): Promise<string> {
    return await this.#pace.call(() => this.#storage.realPathSync(path), () => this.#storage.realPath(path));
  }

  async #makeRoot(): Promise<void> {
    try {
      this.#realPath = await this.#realPathOf(this.path);
    } catch (error) {
      if (!isGone(error)) throw error;
      await this.#storage.mkdirs(this.path, this.#mode);
      this.#added(this.#parent);
      this.#realPath = await this.#realPathOf(this.path);
    }
  }

  /** Makes folders from the top, so that none is made behind a link. */
  async #makeBelow(relative: string): Promise<void> {
    let folder = this.path;
    for (const name of relative.split("/")) {
      const path = entryPath(folder, name);
      try {
        await this.#pace.call(
          () => this.#storage.mkdirSync(path, this.#mode),
          () => this.#storage.mkdir(path, this.#mode),
        );
        this.#added(folder);
      } catch (error) {
        if (!isSystemError(error) || error.code !== "EEXIST") throw error;
        await this.#checkFolder(path);
      }
      folder = path;
    }
  }

  async #checkFolder(path: string): Promise<void> {
    const info = await this.#storage.lstat(path);
    if (info.isDirectory) return;
    throw new PluginError(
      "folder-not-usable",
      `write in ${quote(path)}: must be a folder, got ${kindOf(info)}`,
    );
  }

  #added(folder: string): void {
    if (this.#shouldFlush) this.#unflushed.set(folder, ++this.#additions);
  }
}

/** Compares relative paths; some systems store names with other letters than those of the call. */
function isSame(relative: string | undefined, expected: string): boolean {
  if (relative === expected) return true;
  if (relative === undefined || Deno.build.os === "linux") return false;
  const fold = (text: string) => text.normalize("NFC").toLowerCase();
  return fold(relative) === fold(expected);
}
