/**
 * Writing files through Deno.
 *
 * @module
 */

import type { Storage } from "../core/storage.ts";
import { type PathStyle, POSIX, resolvePath, WINDOWS } from "./paths.ts";

/** The machine's file system, for whoever installs plugins. */
export class DenoStorage implements Storage {
  readonly #style: PathStyle = Deno.build.os === "windows" ? WINDOWS : POSIX;

  async withGuard<T>(guardPath: string, work: () => Promise<T>): Promise<T> {
    await Deno.mkdir(this.#parent(guardPath), { recursive: true });
    // The system lets go of it when the process ends, however that happens. The file stays: who removed it would let
    // two in, one by the old file and one by a new.
    using guard = await Deno.open(guardPath, { create: true, write: true });
    await guard.lock(true);
    return await work();
  }

  async writeNew(path: string, content: Uint8Array): Promise<void> {
    await Deno.mkdir(this.#parent(path), { recursive: true });
    await Deno.writeFile(path, content, { createNew: true });
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
