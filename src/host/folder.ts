/**
 * A folder with untrusted content: nothing outside it is read or written, and reads are limited in size.
 *
 * @module
 */

import { type PathStyle, POSIX, resolvePath, WINDOWS } from "./paths.ts";

/** The bytes of a file, or the reason why it can't be read. */
export type FileReading = { readonly bytes: Uint8Array } | { readonly failure: string };

/** A file below a folder. */
export interface FolderFile {
  /** Path from the folder, with `/` between names. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Files below a folder, by paths with `/` between their names. */
export class Folder {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly #style: PathStyle = Deno.build.os === "windows" ? WINDOWS : POSIX;

  private constructor(path: string) {
    this.path = path;
  }

  /** @throws when there is no such folder */
  static async open(path: string): Promise<Folder> {
    return new Folder(await Deno.realPath(path));
  }

  /** Creates an empty temporary folder, which is removed with its content at the end of its scope. */
  static async temporary(): Promise<Folder & AsyncDisposable> {
    const folder = new Folder(await Deno.realPath(await Deno.makeTempDir({ prefix: "stoq-" })));
    return Object.assign(folder, {
      [Symbol.asyncDispose]: () => unlessGone(Deno.remove(folder.path, { recursive: true }), undefined),
    });
  }

  /** Reads a regular file; `undefined` if nothing is at the path. */
  async read(path: string, limitBytes: number): Promise<FileReading | undefined> {
    try {
      const real = await Deno.realPath(resolvePath(this.#style, this.path, path));
      if (!real.startsWith(this.path + this.#style.separator)) {
        return { failure: "a link leads outside its folder" };
      }
      // Reading a pipe would wait for its other end.
      const { isFile, size } = await Deno.stat(real);
      if (!isFile) return { failure: "it is not a regular file" };
      if (size > limitBytes) return { failure: `it has ${size} bytes, the limit is ${limitBytes}` };
      return { bytes: await Deno.readFile(real) };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
        return undefined;
      }
      if (!(error instanceof Error) || !("code" in error)) throw error;
      return { failure: `it can't be read (${error.code})` };
    }
  }

  /** Writes a file and creates its folders. The path must stay inside the folder. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const target = resolvePath(this.#style, this.path, path);
    await Deno.mkdir(resolvePath(this.#style, target, ".."), { recursive: true });
    await Deno.writeFile(target, bytes);
  }

  /** All regular files, sorted by path; none if the folder is gone. */
  async files(): Promise<FolderFile[]> {
    const paths = await this.#walk("");
    return await Promise.all(
      paths.sort().map(async (path) => ({
        path,
        bytes: await Deno.readFile(resolvePath(this.#style, this.path, path)),
      })),
    );
  }

  async #walk(below: string): Promise<string[]> {
    const folder = resolvePath(this.#style, this.path, below);
    const entries = await unlessGone(Array.fromAsync(Deno.readDir(folder)), []);
    const paths = await Promise.all(entries.map(async ({ name, isFile, isDirectory }) => {
      const path = below === "" ? name : `${below}/${name}`;
      if (isDirectory) return await this.#walk(path);
      return isFile ? [path] : [];
    }));
    return paths.flat();
  }
}

/** A plugin that works in the folder may have removed it. */
async function unlessGone<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return otherwise;
    throw error;
  }
}
