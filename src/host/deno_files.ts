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
} from "../core/files.ts";
import { readToEnd } from "./bounded_reader.ts";
import { type PathStyle, pathToUrl, POSIX, resolvePath, urlToPath, WINDOWS } from "./paths.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** The file system of the machine. */
export class DenoFiles implements Files {
  readonly #style: PathStyle = Deno.build.os === "windows" ? WINDOWS : POSIX;

  async kindOf(path: string): Promise<FileKind | undefined> {
    try {
      return kindOf(await Deno.stat(path));
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  async hasEntry(path: string): Promise<boolean> {
    // Asking about a file that may not be read would ask the user for the permission.
    const { state } = await Deno.permissions.query({ name: "read", path });
    if (state !== "granted") return false;
    try {
      return await Deno.lstat(path) !== undefined;
    } catch (error) {
      // Nothing in a folder that may not be searched can be opened either.
      if (isAbsence(error) || error instanceof Deno.errors.PermissionDenied) return false;
      throw error;
    }
  }

  async readText(path: string): Promise<string> {
    const { content } = await this.readBytes(path, MAX_TEXT_BYTES);
    if (!content) throw new RangeError(`it is larger than ${MAX_TEXT_BYTES} bytes`);
    return UTF8.decode(content);
  }

  async readBytes(path: string, limitBytes: number): Promise<BoundedReading> {
    using file = await Deno.open(path);
    const { isFile, size } = await file.stat();
    const sizeBytes = isFile ? size : undefined;
    if (sizeBytes !== undefined && sizeBytes > limitBytes) return { content: undefined, sizeBytes };
    // A file of /proc says 0, and another one may grow while it is read.
    const content = await readToEnd(file, limitBytes, sizeBytes);
    return content ? { content } : { content: undefined, sizeBytes: undefined };
  }

  async list(path: string): Promise<readonly DirectoryEntry[]> {
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
}

function isAbsence(error: unknown): boolean {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return true;
  // A word of a command line that is no path at all may be asked about, too.
  return error instanceof Error && "code" in error && error.code === "ENAMETOOLONG";
}

function kindOf(entry: { readonly isFile: boolean; readonly isDirectory: boolean }): FileKind {
  if (entry.isFile) return "file";
  return entry.isDirectory ? "directory" : "other";
}
