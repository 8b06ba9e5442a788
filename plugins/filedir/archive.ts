/**
 * The archiver: keeps payloads as files and finds them again.
 *
 * @module
 */

import type { ArchiverResponse, PayloadInput, PayloadView, PlainRecord } from "../../src/plugin/define.ts";
import {
  entryPath,
  isBelow,
  isSystemError,
  quote,
  readRegularFile,
  safeName,
  systemReason,
} from "../../src/plugin/kit/mod.ts";
import { FiledirError } from "./failure.ts";
import type { NewFileWriter } from "./new_file.ts";

/**
 * Where in the archive a payload belongs: a path relative to the archive's folder, empty for the folder
 * itself, and a file's name.
 */
export interface ArchivePlace {
  readonly subfolder: string;
  readonly name: string;
}

/** `a/8/7/0/0/a8700…`: the SHA-1 in folders of its first five digits, which is upstream's layout. */
export async function placeBySha1(content: Uint8Array): Promise<ArchivePlace> {
  const digest = await crypto.subtle.digest("SHA-1", content as Uint8Array<ArrayBuffer>);
  const sha1 = new Uint8Array(digest).toHex();
  return { subfolder: [...sha1.slice(0, 5)].join("/"), name: sha1 };
}

/** The payload's id, in a folder of the day if one is given. */
export function placeById(payloadId: string, dateFolder: string): ArchivePlace {
  return { subfolder: dateFolder, name: safeName("payload id", payloadId) };
}

/**
 * Writes a payload to its place; a file that is there already is left alone.
 *
 * @returns `{"path": …}`, what {@linkcode getArchived} needs to find the payload again
 * @throws {FiledirError} `file-exists` when what is there is no file of the same size
 */
export async function archivePayload(
  writer: NewFileWriter,
  archiveFolder: string,
  { subfolder, name }: ArchivePlace,
  payload: PayloadView,
): Promise<ArchiverResponse> {
  const folder = subfolder === "" ? archiveFolder : entryPath(archiveFolder, subfolder);
  const path = entryPath(folder, name);
  // Most payloads of a busy archive are known; looking first saves writing them once more.
  let present = await lookUp(path);
  if (present === undefined && (await writer.write(folder, name, payload.content)) === "exists") {
    present = await lookUp(path);
  }
  if (present !== undefined && !(present.isFile && present.size === payload.content.length)) {
    throw new FiledirError(
      "file-exists",
      `archive a payload of ${payload.content.length} bytes as ${
        quote(path)
      }: what is there should be a file of that size`,
    );
  }
  return { results: { path } };
}

async function lookUp(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (!isSystemError(error)) throw error;
    throw new FiledirError("file-not-written", `look for ${quote(path)}: ${systemReason(error)}`, {
      cause: error,
    });
  }
}

/**
 * Reads the payload that a task names by its `path`. A task may come from a queue that strangers write to, so
 * the real path, links resolved, must be below the archive's real path.
 *
 * @throws {FiledirError} `path-not-given`, `path-not-readable`, `path-outside-archive`, or as {@linkcode
 * readRegularFile}
 */
export async function getArchived(archiveFolder: string, task: PlainRecord): Promise<PayloadInput> {
  const { path } = task;
  if (typeof path !== "string" || path === "") {
    throw new FiledirError("path-not-given", 'get an archived payload: the task\'s "path" should be a path');
  }
  const realFolder = await orNotReadable(archiveFolder, Deno.realPath(archiveFolder));
  const realPath = await orNotReadable(path, Deno.realPath(path));
  if (!isBelow(realPath, realFolder)) {
    throw new FiledirError(
      "path-outside-archive",
      `get the archived payload ${quote(path)}: its real path is ${quote(realPath)} and should be below ${
        quote(realFolder)
      }`,
    );
  }
  const content = await orNotReadable(path, readRegularFile(realPath));
  return { content, payloadMeta: { extraData: task } };
}

async function orNotReadable<T>(path: string, action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const reason = systemReason(error);
    throw new FiledirError("path-not-readable", `get the archived payload ${quote(path)}: ${reason}`, {
      cause: error,
    });
  }
}
