/**
 * Keeps the provider inside its source while other users rename folders.
 *
 * @module
 */

import type { PluginError } from "../../src/plugin/define.ts";
import {
  entryPath,
  isBelow,
  outsideFolder,
  Pace,
  quote,
  RegularFile,
  SharedCalls,
  type Storage,
  systemStorage,
} from "../../src/plugin/kit/mod.ts";
import type { FoundFile } from "./walk.ts";

/**
 * Opens files below a source. After a file was listed, a folder on its path may have been replaced by a link that leads out. So
 * the folder's real path is resolved after the file was opened and before it is read: a folder that was replaced earlier is
 * noticed, one that is replaced later does not matter. (Resolving it first would miss a folder that is replaced before the file
 * is opened. A folder that is replaced and put back between opening and resolving is not noticed; only a user who may rename
 * folders of the source can do that.) One resolution serves all files of a folder that were opened before it began.
 */
export class SourceGuard {
  readonly #realSource: string;
  readonly #pace: Pace;
  readonly #storage: Storage;
  readonly #resolutions: SharedCalls<string>;

  /** @param realSource as `Deno.realPath` writes it */
  constructor(realSource: string, pace = new Pace(), storage: Storage = systemStorage) {
    this.#realSource = realSource;
    this.#pace = pace;
    this.#storage = storage;
    this.#resolutions = new SharedCalls((folder) => storage.realPath(folder));
  }

  /** Opens a file without reading it; fails as `RegularFile.open`, or with `path-outside-source`. */
  async open({ folder, name }: FoundFile): Promise<RegularFile> {
    const path = entryPath(folder, name);
    const file = await this.#openOrExplain(path);
    try {
      const realFolder = await this.#realPathOf(folder);
      if (realFolder !== this.#realSource && !isBelow(realFolder, this.#realSource)) {
        throw this.#outside(path, entryPath(realFolder, name));
      }
      return file;
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  /** Opens a file; that its path leads out is reported before what is wrong with the file. */
  async #openOrExplain(path: string): Promise<RegularFile> {
    try {
      return await RegularFile.open(path, { pace: this.#pace, storage: this.#storage });
    } catch (error) {
      const realPath = await this.#storage.realPath(path);
      throw isBelow(realPath, this.#realSource) ? error : this.#outside(path, realPath);
    }
  }

  /** Returns the folder's real path, resolved after this call. */
  #realPathOf(folder: string): string | Promise<string> {
    return this.#pace.call(() => this.#storage.realPathSync(folder), () => this.#resolutions.call(folder));
  }

  #outside(path: string, realPath: string): PluginError {
    return outsideFolder("path-outside-source", `read ${quote(path)}`, realPath, this.#realSource);
  }
}
