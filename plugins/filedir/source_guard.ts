/**
 * Keeps the provider inside its source while others move folders about.
 *
 * @module
 */

import { entryPath, isBelow, type Pace, quote, RegularFile, type Storage } from "../../src/plugin/kit/mod.ts";
import { FiledirError } from "./failure.ts";
import type { FoundFile } from "./walk.ts";

/**
 * Opens files below a source. Since a file was listed, a folder on its way may have been replaced by a link
 * that leads out. So the folder's real path is looked up once the file is open and before it is read: a folder
 * replaced earlier is seen, one replaced later no longer matters. (To look first would miss a folder that is
 * replaced between looking and opening. One that is replaced and put back between opening and looking is not seen:
 * that takes whoever may rename folders of the source.) One look serves all files of a folder that were opened before it began.
 */
export class SourceGuard {
  readonly #storage: Storage;
  readonly #realSource: string;
  readonly #pace: Pace;
  /** Looks under way, and looks that wait for those: at most one of each for a folder. */
  readonly #running = new Map<string, Promise<string>>();
  readonly #waiting = new Map<string, Promise<string>>();

  /** @param realSource as `storage.realPath` writes it */
  constructor(storage: Storage, realSource: string, pace: Pace) {
    this.#storage = storage;
    this.#realSource = realSource;
    this.#pace = pace;
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
      return await RegularFile.open(path, { storage: this.#storage, pace: this.#pace });
    } catch (error) {
      const realPath = await this.#storage.realPath(path);
      throw isBelow(realPath, this.#realSource) ? error : this.#outside(path, realPath);
    }
  }

  /** The folder's real path, looked up after this call. */
  #look(folder: string): string | Promise<string> {
    return this.#pace.call(() => this.#storage.realPathSync(folder), () => this.#shareLook(folder));
  }

  #shareLook(folder: string): Promise<string> {
    const waiting = this.#waiting.get(folder);
    if (waiting) return waiting;
    const running = this.#running.get(folder);
    if (!running) return this.#begin(folder);
    const next = Promise.allSettled([running]).then(() => {
      this.#waiting.delete(folder);
      return this.#begin(folder);
    });
    this.#waiting.set(folder, next);
    return next;
  }

  #begin(folder: string): Promise<string> {
    const look = this.#storage.realPath(folder).finally(() => this.#running.delete(folder));
    this.#running.set(folder, look);
    return look;
  }

  #outside(path: string, realPath: string): FiledirError {
    return new FiledirError(
      "path-outside-source",
      `read ${quote(path)}: its real path is ${quote(realPath)} and should be below ${
        quote(this.#realSource)
      }`,
    );
  }
}
