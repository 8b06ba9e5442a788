/**
 * Archives payloads as files and finds them again.
 *
 * @module
 */

import type { ArchiverResponse, PayloadInput, PayloadView, PlainRecord } from "../../src/plugin/define.ts";
import {
  entryPath,
  findRegularFile,
  isBelow,
  isGone,
  outsideFolder,
  Pace,
  quote,
  readRegularFile,
  RegularFile,
  type RegularFileOptions,
  safeName,
  type Storage,
  systemFailure,
} from "../../src/plugin/kit/mod.ts";
import { FiledirError } from "./failure.ts";
import { type NewFileOptions, NewFileWriter } from "./new_file.ts";

/**
 * The place of a payload in the archive: a path relative to the archive's folder, empty for the folder itself, and a file's
 * name.
 */
export interface ArchivePlace {
  readonly subfolder: string;
  readonly name: string;
}

/** Returns `a/8/7/0/0/a8700…`: the SHA-1 in folders of its first five digits, as upstream. */
export async function placeBySha1(content: Uint8Array): Promise<ArchivePlace> {
  const digest = await crypto.subtle.digest("SHA-1", content as Uint8Array<ArrayBuffer>);
  const sha1 = new Uint8Array(digest).toHex();
  return { subfolder: [...sha1.slice(0, 5)].join("/"), name: sha1 };
}

/** Returns the payload's id, in a folder of the day if one is given. */
export function placeById(payloadId: string, dateFolder: string): ArchivePlace {
  return { subfolder: dateFolder, name: safeName("payload id", payloadId) };
}

/** Digits of the SHA-256 in the name of a payload's second place. */
const SHA256_CHARACTERS = 16;

/** What is in a payload's place. */
type Present = "none" | "same" | "other";

/** The archive's folder. */
export class Archive {
  readonly #root: string;
  readonly #writer: NewFileWriter;
  readonly #reading: RegularFileOptions;
  readonly #storage: Storage;
  readonly #shouldFlush: boolean;

  /** @param root absolute, without a separator at its end */
  constructor(root: string, options: NewFileOptions) {
    this.#root = root;
    this.#writer = new NewFileWriter(root, options);
    this.#storage = options.storage;
    this.#reading = { storage: options.storage, pace: new Pace() };
    this.#shouldFlush = options.shouldFlush;
  }

  /**
   * Writes a payload to its place. An existing file with the same content is left alone. If a file with other content is in the
   * place (two contents can have one SHA-1), the payload's place is `<name>.<start of its SHA-256>`.
   *
   * @returns `{"path": …}`, what {@linkcode Archive.get} needs to find the payload again
   * @throws {PluginError} `file-not-regular` where a link, folder, pipe or device is in the place; as `NewFileWriter.write`
   * @throws {FiledirError} `file-exists` where the second place has another content, too
   */
  async keep({ subfolder, name }: ArchivePlace, payload: PayloadView): Promise<ArchiverResponse> {
    const names = [name, `${name}.${payload.sha256.slice(0, SHA256_CHARACTERS)}`];
    for (const candidate of names) {
      if (await this.#keepAs(subfolder, candidate, payload.content)) {
        return { results: { path: this.#pathOf(subfolder, candidate) } };
      }
    }
    const paths = names.map((candidate) => quote(this.#pathOf(subfolder, candidate))).join(" or ");
    throw new FiledirError(
      "file-exists",
      `archive a payload of ${payload.content.length} bytes as ${paths}: both exist with other content`,
    );
  }

  /**
   * Reads the payload that a task names by its `path`. A task may come from a queue to which others write, so
   * the real path, links resolved, must be below the archive's real path.
   *
   * @throws {FiledirError} `path-not-given`, `path-not-readable`, `path-outside-archive`
   * @throws {PluginError} as {@linkcode readRegularFile}
   */
  async get(task: PlainRecord): Promise<PayloadInput> {
    const { path } = task;
    if (typeof path !== "string" || path === "") {
      throw new FiledirError(
        "path-not-given",
        'get an archived payload: "path" of the task must be a path',
      );
    }
    const realFolder = await orNotReadable(this.#root, this.#storage.realPath(this.#root));
    const realPath = await orNotReadable(path, this.#storage.realPath(path));
    if (!isBelow(realPath, realFolder)) {
      throw outsideFolder(
        "path-outside-archive",
        `get the archived payload ${quote(path)}`,
        realPath,
        realFolder,
      );
    }
    const content = await orNotReadable(path, readRegularFile(realPath, this.#reading));
    return { content, payloadMeta: { extraData: task } };
  }

  #pathOf(subfolder: string, name: string): string {
    return entryPath(entryPath(this.#root, subfolder), name);
  }

  /** Writes the content unless its place is taken; says whether the place has this content now. */
  async #keepAs(subfolder: string, name: string, content: Uint8Array): Promise<boolean> {
    // Most payloads of a busy archive are known already; reading is cheaper than writing.
    let present = await this.#find(subfolder, name, content);
    if (present === "none") {
      if (await this.#writer.write(subfolder, name, () => [content]) === "written") return true;
      present = await this.#find(subfolder, name, content);
    }
    return present === "same";
  }

  async #find(subfolder: string, name: string, content: Uint8Array): Promise<Present> {
    const path = this.#pathOf(subfolder, name);
    try {
      const present = await this.#compare(path, content);
      if (present === "same") {
        await this.#writer.folder.check(subfolder);
        // The call that wrote it may not have flushed it yet, or may have failed to.
        await this.#writer.folder.flush(subfolder);
      }
      return present;
    } catch (error) {
      if (isGone(error)) return "none";
      throw systemFailure(error, "file-not-written", `look for ${quote(path)}`);
    }
  }

  /** Compares a file of the same size in parts. */
  async #compare(path: string, content: Uint8Array): Promise<Present> {
    const { size } = await findRegularFile(path, this.#reading);
    if (size !== content.length) return "other";
    using file = await RegularFile.open(path, this.#reading);
    let offset = 0;
    for await (const chunk of file.chunks()) {
      if (!isEqual(chunk, content.subarray(offset, offset + chunk.length))) return "other";
      offset += chunk.length;
    }
    if (offset !== content.length) return "other";
    if (this.#shouldFlush) await file.sync();
    return "same";
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}

async function orNotReadable<T>(path: string, action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    throw systemFailure(error, "path-not-readable", `get the archived payload ${quote(path)}`);
  }
}
