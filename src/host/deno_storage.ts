/**
 * Writes files through Deno.
 *
 * @module
 */

import type { Storage } from "../core/ports/storage.ts";
import { type PathStyle, POSIX, resolvePath, WINDOWS } from "./paths.ts";

/** Only the owner may read folders and files: they list the installed plugins and what is scanned. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** The machine's file system, for installing plugins. Existing folders keep their mode. */
export class DenoStorage implements Storage {
  readonly #style: PathStyle = Deno.build.os === "windows" ? WINDOWS : POSIX;

  async withGuard<T>(guardPath: string, work: () => Promise<T>): Promise<T> {
    await Deno.mkdir(this.#parent(guardPath), { recursive: true, mode: FOLDER_MODE });
    // The system releases the lock when the process ends for any reason. The file is kept: if it were removed, one process
    // could lock the old file and another one a new file.
    using guard = await Deno.open(guardPath, { create: true, write: true, mode: FILE_MODE });
    await guard.lock(true);
    return await work();
  }

  async writeNew(path: string, content: Uint8Array): Promise<void> {
    await Deno.mkdir(this.#parent(path), { recursive: true, mode: FOLDER_MODE });
    await Deno.writeFile(path, content, { createNew: true, mode: FILE_MODE });
  }

  async replace(path: string, content: Uint8Array): Promise<void> {
    const temporary = `${path}.${crypto.randomUUID()}`;
    try {
      await this.writeNew(temporary, content);
      await Deno.rename(temporary, path);
    } catch (error) {
      await this.remove(temporary);
      throw error;
    }
  }

  async move(from: string, to: string): Promise<void> {
    await Deno.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    try {
      await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  #parent(path: string): string {
    return resolvePath(this.#style, path, "..");
  }
}
