/**
 * Keeps the provider inside its source while others move folders about.
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
 * Opens files below a source. Since a file was listed, a folder on its way may have been replaced by a link
 * that leads out. So the folder's real path is looked up once the file is open and before it is read: a folder
 * replaced earlier is seen, one replaced later no longer matters. (To look first would miss a folder that is
 * replaced between looking and opening. One that is replaced and put back between opening and looking is not seen:
 * that takes whoever may rename folders of the source.) One look serves all files of a folder that were opened before it began.
 */
export class SourceGuard {
  readonly #realSource: string;
  readonly #pace: Pace;
  readonly #storage: Storage;
  readonly #looks: SharedCalls<string>;

  /** @param realSource as `Deno.realPath` writes it */
  constructor(realSource: string, pace = new Pace(), storage: Storage = systemStorage) {
    this.#realSource = realSource;
    this.#pace = pace;
    this.#storage = storage;
    this.#looks = new SharedCalls((folder) => storage.realPath(folder));
  }

  /** Opens a file, of which nothing is read yet; fails as `RegularFile.open`, or with `path-outside-source`. */
  async open({ folder, name }: FoundFile): Promise<RegularFile> {
    const path = entryPath(folder, name);
    const file = await this.#openOrExplain(path);
    try {
      const realFolder = await this.#look(folder);
      if (realFolder !== this.#realSource && !isBelow(realFolder, this.#realSource)) {
        throw this.#outside(path, entryPath(realFolder, name));
      }
      return file;
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  /** That a path leads out says more than what is wrong with the file there. */
  async #openOrExplain(path: string): Promise<RegularFile> {
    try {
      return await RegularFile.open(path, { pace: this.#pace, storage: this.#storage });
    } catch (error) {
      const realPath = await this.#storage.realPath(path);
      throw isBelow(realPath, this.#realSource) ? error : this.#outside(path, realPath);
    }
  }

  /** The folder's real path, looked up after this call. */
  #look(folder: string): string | Promise<string> {
    return this.#pace.call(() => this.#storage.realPathSync(folder), () => this.#looks.call(folder));
  }

  #outside(path: string, realPath: string): PluginError {
    return outsideFolder("path-outside-source", `read ${quote(path)}`, realPath, this.#realSource);
  }
}
