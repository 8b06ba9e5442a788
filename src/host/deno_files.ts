/**
 * Files through Deno.
 *
 * @module
 */

import {
  type BoundedReading,
  type DirectoryEntry,
  type FileKind,
  type Files,
  MAX_TEXT_BYTES,
} from "../core/ports/files.ts";
import { nameNotUtf8 } from "../core/contract/errors.ts";
import type { RawFiles } from "../core/contract/raw_files.ts";
import { readToEnd } from "./bounded_reader.ts";
import { openRawFiles } from "./raw_names.ts";
import { type PathStyle, pathToUrl, POSIX, resolvePath, urlToPath, WINDOWS } from "./paths.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** The file system of the machine. */
export class DenoFiles implements Files {
  readonly #style: PathStyle = Deno.build.os === "windows" ? WINDOWS : POSIX;

  async kindOf(path: string): Promise<FileKind | undefined> {
    try {
      return kindOf(path.isWellFormed() ? await Deno.stat(path) : this.#raw(path).lstat(this.resolve(path)));
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  async hasEntry(path: string): Promise<boolean> {
    if (!path.isWellFormed()) return await this.kindOf(path) !== undefined;
    // Without the permission, `stat` would prompt the user.
    const { state } = await Deno.permissions.query({ name: "read", path });
    if (state !== "granted") return false;
    try {
      return await Deno.lstat(path) !== undefined;
    } catch (error) {
      // A file in a folder that may not be searched can't be opened either.
      if (isAbsence(error) || error instanceof Deno.errors.PermissionDenied) return false;
      throw error;
    }
  }

  async readText(path: string): Promise<string> {
    if (!path.isWellFormed()) throw nameNotUtf8(path);
    const { content } = await this.readBytes(path, MAX_TEXT_BYTES);
    if (!content) throw new RangeError(`it is larger than ${MAX_TEXT_BYTES} bytes`);
    return UTF8.decode(content);
  }

  async readBytes(path: string, limitBytes: number): Promise<BoundedReading> {
    using file = path.isWellFormed() ? await Deno.open(path) : this.#raw(path).open(this.resolve(path));
    const { isFile, size } = await file.stat();
    const sizeBytes = isFile ? size : undefined;
    if (sizeBytes !== undefined && sizeBytes > limitBytes) return { content: undefined, sizeBytes };
    // The size of a file in /proc is 0, and other files may grow while they are read.
    const content = await readToEnd(file, limitBytes, sizeBytes);
    return content ? { content } : { content: undefined, sizeBytes: undefined };
  }

  async list(path: string): Promise<readonly DirectoryEntry[]> {
    if (!path.isWellFormed()) throw nameNotUtf8(path);
    const entries = await Array.fromAsync(Deno.readDir(path));
    return entries
      .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
      .sort((a, b) => a.name < b.name ? -1 : 1);
  }

  resolve(...parts: readonly string[]): string {
    const isAbsolute = parts[0] !== undefined && this.#style.root.test(parts[0]);
    return resolvePath(this.#style, isAbsolute ? "" : Deno.cwd(), ...parts);
  }

  baseName(path: string): string {
    return path.split(this.#style.anySeparator).at(-1)!;
  }

  hasSeparator(word: string): boolean {
    return this.#style.anySeparator.test(word);
  }

  toUrl(path: string): string {
    return pathToUrl(this.#style, path);
  }

  fromUrl(url: string): string {
    return urlToPath(this.#style, url);
  }

  /** Deno would use another path instead. @throws {StoqError} `name-not-utf8` */
  #raw(path: string): RawFiles {
    const files = openRawFiles();
    if (!files) throw nameNotUtf8(path);
    return files;
  }
}

function isAbsence(error: unknown): boolean {
  // The word of a command line need not be a path.
  const codes: unknown[] = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"];
  return error instanceof Error && "code" in error && codes.includes(error.code);
}

function kindOf(entry: { readonly isFile: boolean; readonly isDirectory: boolean }): FileKind {
  if (entry.isFile) return "file";
  return entry.isDirectory ? "directory" : "other";
}
