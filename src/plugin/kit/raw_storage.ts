/**
 * The file system with every name that a folder can have, of UTF-8 or not.
 *
 * @module
 */

import type { RawFiles } from "../../core/contract/raw_files.ts";
import { hasUnknownName, unknownName } from "../../core/contract/raw_name.ts";
import { splitPath } from "./path.ts";
import type { Storage, StorageFile } from "./storage.ts";
import { isSystemError } from "./system_error.ts";
import { systemStorage } from "./system_storage.ts";

export { bytesOfRawText, lossyText, nameMetadata } from "../../core/contract/raw_name.ts";

/** What Deno shows in place of bytes that are not UTF-8; it may also be part of a name. */
const REPLACEMENT = "\ufffd";

/**
 * Returns a storage whose `readDir` gives every entry a name of its own, by which the other functions reach this entry and no other.
 * Names that are not UTF-8 are raw text: each odd byte is a lone surrogate (`src/core/contract/raw_name.ts`), so that paths can be compared,
 * joined and split as they are. Functions of Deno and Node would take them for other files: use this storage alone.
 *
 * Without `rawFiles` such entries are listed as well, one for each, and the other functions fail for them with `EILSEQ`.
 *
 * @param rawFiles `context.rawFiles`
 */
export function storageWith(rawFiles: RawFiles | undefined, inner: Storage = systemStorage): Storage {
  return new RawStorage(rawFiles, inner);
}

/** Of one listing without raw files: names by which an entry can be opened, and how many others read like each. */
interface SeenNames {
  readonly nameable: Set<string>;
  readonly counts: Map<string, number>;
}

class RawStorage implements Storage {
  readonly #raw: RawFiles | undefined;
  readonly #inner: Storage;

  constructor(rawFiles: RawFiles | undefined, inner: Storage) {
    this.#raw = rawFiles;
    this.#inner = inner;
  }

  async lstat(path: string): Promise<Deno.FileInfo> {
    return await (this.#rawFor(path) ?? this.#inner).lstat(path);
  }
  lstatSync(path: string): Deno.FileInfo {
    return this.#rawFor(path)?.lstat(path) ?? this.#inner.lstatSync(path);
  }
  async stat(path: string): Promise<Deno.FileInfo> {
    return await (this.#rawFor(path) ?? this.#inner).stat(path);
  }
  async realPath(path: string): Promise<string> {
    try {
      return await (this.#rawFor(path) ?? this.#inner).realPath(path);
    } catch (error) {
      return this.#realPathBehind(path, error);
    }
  }
  realPathSync(path: string): string {
    try {
      return this.#rawFor(path)?.realPath(path) ?? this.#inner.realPathSync(path);
    } catch (error) {
      return this.#realPathBehind(path, error);
    }
  }
  async *readDir(path: string): AsyncGenerator<Deno.DirEntry> {
    if (this.#rawFor(path)) return yield* this.#raw!.readDir(path);
    let hasOdd = false;
    const seen: SeenNames = { nameable: new Set(), counts: new Map() };
    for await (const entry of this.#inner.readDir(path)) {
      const isOdd = entry.name.includes(REPLACEMENT);
      if (!isOdd) yield entry;
      else if (!this.#raw) yield await this.#distinguish(path, entry, seen);
      hasOdd ||= isOdd;
    }
    if (!this.#raw || !hasOdd) return;
    for (const entry of this.#raw.readDir(path)) {
      if (!entry.name.isWellFormed() || entry.name.includes(REPLACEMENT)) yield entry;
    }
  }
  async open(path: string, isAtOnce?: boolean): Promise<StorageFile> {
    return this.#rawFor(path)?.open(path) ?? await this.#inner.open(path, isAtOnce);
  }
  async create(path: string, mode: number): Promise<StorageFile> {
    return await (this.#rawFor(path) ?? this.#inner).create(path, mode);
  }
  createSync(path: string, mode: number): StorageFile {
    return this.#rawFor(path)?.create(path, mode) ?? this.#inner.createSync(path, mode);
  }
  async mkdir(path: string, mode: number): Promise<void> {
    await (this.#rawFor(path) ?? this.#inner).mkdir(path, mode);
  }
  mkdirSync(path: string, mode: number): void {
    const raw = this.#rawFor(path);
    if (raw) raw.mkdir(path, mode);
    else this.#inner.mkdirSync(path, mode);
  }
  async mkdirs(path: string, mode: number): Promise<void> {
    const raw = this.#rawFor(path);
    if (!raw) return await this.#inner.mkdirs(path, mode);
    await this.mkdirs(splitPath(path).folder, mode);
    try {
      raw.mkdir(path, mode);
    } catch (error) {
      if (!isSystemError(error) || error.code !== "EEXIST" || !raw.stat(path).isDirectory) throw error;
    }
  }
  async link(from: string, to: string): Promise<void> {
    await (this.#rawFor(from, to) ?? this.#inner).link(from, to);
  }
  linkSync(from: string, to: string): void {
    const raw = this.#rawFor(from, to);
    if (raw) raw.link(from, to);
    else this.#inner.linkSync(from, to);
  }
  async rename(from: string, to: string): Promise<void> {
    await (this.#rawFor(from, to) ?? this.#inner).rename(from, to);
  }
  async remove(path: string): Promise<void> {
    await (this.#rawFor(path) ?? this.#inner).remove(path);
  }
  removeSync(path: string): void {
    const raw = this.#rawFor(path);
    if (raw) raw.remove(path);
    else this.#inner.removeSync(path);
  }
  async utime(path: string, accessed: Date, modified: Date): Promise<void> {
    await (this.#rawFor(path) ?? this.#inner).utime(path, accessed, modified);
  }
  async syncFolder(path: string): Promise<void> {
    await (this.#rawFor(path) ?? this.#inner).syncFolder(path);
  }

  /** What reaches paths of which one is not UTF-8; `undefined` where all are. */
  #rawFor(...paths: readonly string[]): RawFiles | undefined {
    if (paths.every((path) => path.isWellFormed())) return undefined;
    if (this.#raw && !paths.some(hasUnknownName)) return this.#raw;
    const message = "Invalid or incomplete multibyte or wide character (os error 84)";
    throw Object.assign(new Error(message), { code: "EILSEQ" });
  }

  /** A path in UTF-8 may lead by a link to one that is not. */
  #realPathBehind(path: string, error: unknown): string {
    if (error instanceof Deno.errors.InvalidData && this.#raw) return this.#raw.realPath(path);
    throw error;
  }

  /** Of the entries that are listed by one name, at most one can be opened by it: the one that has U+FFFD in its name. */
  async #distinguish(folder: string, entry: Deno.DirEntry, seen: SeenNames): Promise<Deno.DirEntry> {
    const { name } = entry;
    if (!seen.nameable.has(name) && await this.#isNameable(folder, entry)) {
      seen.nameable.add(name);
      return entry;
    }
    const number = (seen.counts.get(name) ?? 0) + 1;
    seen.counts.set(name, number);
    return { ...entry, name: unknownName(name, number) };
  }

  async #isNameable(folder: string, { name, isFile, isDirectory }: Deno.DirEntry): Promise<boolean> {
    try {
      const found = await this.#inner.lstat(`${folder}/${name}`);
      return found.isFile === isFile && found.isDirectory === isDirectory;
    } catch (error) {
      // It may also be too long, as U+FFFD is three bytes.
      if (isSystemError(error)) return false;
      throw error;
    }
  }
}
