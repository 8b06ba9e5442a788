/**
 * Files in memory, for tests of what reads files.
 *
 * @module
 */

import type { BoundedReading, DirectoryEntry, FileKind, Files } from "../../core/ports/files.ts";
import { pathToUrl, POSIX, resolvePath, urlToPath } from "../paths.ts";

/** A small POSIX file system below `/work`; directories exist where files are in them. */
export class MemoryFiles implements Files {
  /** Absolute path → content. */
  protected readonly files: Map<string, string | Uint8Array>;

  constructor(files: Readonly<Record<string, string | Uint8Array>>) {
    this.files = new Map(Object.entries(files).map(([path, content]) => [this.resolve(path), content]));
  }

  kindOf(path: string): Promise<FileKind | undefined> {
    const absolute = this.resolve(path);
    if (this.files.has(absolute)) return Promise.resolve("file");
    return Promise.resolve(this.#below(absolute).length > 0 ? "directory" : undefined);
  }

  async hasEntry(path: string): Promise<boolean> {
    return await this.kindOf(path) !== undefined;
  }

  async readText(path: string): Promise<string> {
    return new TextDecoder("utf-8", { fatal: true }).decode(await this.#content(path));
  }

  async readBytes(path: string, limitBytes: number): Promise<BoundedReading> {
    const content = await this.#content(path);
    return content.length <= limitBytes ? { content } : { content: undefined, sizeBytes: content.length };
  }

  #content(path: string): Promise<Uint8Array> {
    const content = this.files.get(this.resolve(path));
    if (content === undefined) return Promise.reject(new Error(`no file at ${path}`));
    return Promise.resolve(typeof content === "string" ? new TextEncoder().encode(content) : content);
  }

  list(path: string): Promise<readonly DirectoryEntry[]> {
    const entries = new Map<string, FileKind>();
    for (const rest of this.#below(this.resolve(path))) {
      const [name, ...deeper] = rest.split("/");
      entries.set(name!, deeper.length > 0 ? "directory" : "file");
    }
    return Promise.resolve([...entries].sort().map(([name, kind]) => ({ name, kind })));
  }

  resolve(...parts: readonly string[]): string {
    return resolvePath(POSIX, parts[0]?.startsWith("/") ? "" : "/work", ...parts);
  }

  baseName(path: string): string {
    return path.split("/").at(-1)!;
  }

  hasSeparator(word: string): boolean {
    return word.includes("/");
  }

  toUrl(path: string): string {
    return pathToUrl(POSIX, path);
  }

  fromUrl(url: string): string {
    return urlToPath(POSIX, url);
  }

  #below(folder: string): string[] {
    const prefix = folder === "/" ? "/" : `${folder}/`;
    return [...this.files.keys()].filter((path) => path.startsWith(prefix)).map((path) =>
      path.slice(prefix.length)
    );
  }
}
