/**
 * Files in memory that can be written, for tests of what installs plugins.
 *
 * @module
 */

import type { Storage } from "../../core/ports/storage.ts";
import { MemoryFiles } from "./memory_files.ts";

/** {@link MemoryFiles} that can be written; `failAt` makes the named step fail. */
export class MemoryStorage extends MemoryFiles implements Storage {
  /** `writeNew /work/x`, `move /work/x`, …: the step that fails, once. */
  failAt: string | undefined;
  #guarded: Promise<unknown> = Promise.resolve();

  withGuard<T>(_guardPath: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#guarded.then(work);
    this.#guarded = turn.catch(() => {});
    return turn;
  }

  async writeNew(path: string, content: Uint8Array): Promise<void> {
    this.#step("writeNew", path);
    if (await this.kindOf(path) !== undefined) throw new Error(`${path} exists`);
    this.files.set(path, content.slice());
  }

  replace(path: string, content: Uint8Array): Promise<void> {
    this.#step("replace", path);
    this.files.set(path, content.slice());
    return Promise.resolve();
  }

  async move(from: string, to: string): Promise<void> {
    this.#step("move", to);
    if (await this.kindOf(to) !== undefined) throw new Error(`${to} exists`);
    for (const [path, content] of [...this.files]) {
      if (!path.startsWith(`${from}/`)) continue;
      this.files.delete(path);
      this.files.set(to + path.slice(from.length), content);
    }
  }

  remove(path: string): Promise<void> {
    for (const other of [...this.files.keys()]) {
      if (other === path || other.startsWith(`${path}/`)) this.files.delete(other);
    }
    return Promise.resolve();
  }

  #step(name: string, path: string): void {
    if (this.failAt === undefined || !`${name} ${path}`.startsWith(this.failAt)) return;
    this.failAt = undefined;
    throw new Error("no space left on device");
  }
}
