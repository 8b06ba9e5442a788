/**
 * One folder whose content is somebody else's: nothing outside it is reached, and nothing is read that is larger than it may be.
 *
 * @module
 */

import { type PathStyle, POSIX, resolvePath, WINDOWS } from "./paths.ts";

/** The bytes of a file, or a phrase that says why there are none. */
export type FileReading = { readonly bytes: Uint8Array } | { readonly failure: string };

/** A file below a folder. */
export interface FolderFile {
  /** From the folder, with `/` between names. */
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

  /** A new, empty folder of the system's temporary ones, removed with all that is in it when it goes out of scope. */
  static async temporary(): Promise<Folder & AsyncDisposable> {
    const folder = new Folder(await Deno.realPath(await Deno.makeTempDir({ prefix: "stoq-" })));
    return Object.assign(folder, {
      [Symbol.asyncDispose]: () => unlessGone(Deno.remove(folder.path, { recursive: true }), undefined),
    });
  }

  /** Reads a regular file; `undefined` where nothing is at the path. */
  async read(path: string, limitBytes: number): Promise<FileReading | undefined> {
    try {
      const real = await Deno.realPath(resolvePath(this.#style, this.path, path));
      if (!real.startsWith(this.path + this.#style.separator)) {
        return { failure: "a link leads out of its folder" };
      }
      // A pipe would be waited for.
      const { isFile, size } = await Deno.stat(real);
      if (!isFile) return { failure: "it is no regular file" };
      if (size > limitBytes) return { failure: `it has ${size} bytes, the limit is ${limitBytes}` };
      return { bytes: await Deno.readFile(real) };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
        return undefined;
      }
      if (!(error instanceof Error) || !("code" in error)) throw error;
      return { failure: `the system refuses to read it (${error.code})` };
    }
  }

  /** Writes a file, and the folders on the way to it. The path must be one that stays inside. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const target = resolvePath(this.#style, this.path, path);
    await Deno.mkdir(resolvePath(this.#style, target, ".."), { recursive: true });
    await Deno.writeFile(target, bytes);
  }

  /** All regular files, sorted by path; none where the folder is gone. */
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

/** Who was given a folder to work in may have removed it. */
async function unlessGone<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return otherwise;
    throw error;
  }
}
