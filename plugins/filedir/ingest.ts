/**
 * The provider: a folder's files, or one file, as payloads.
 *
 * @module
 */

import type { Delivery, Logger } from "../../src/plugin/define.ts";
import { FiledirError, isSystemError, quote, systemReason } from "./failure.ts";
import { entryPath, isBelow, splitPath, trimSeparators } from "./path.ts";
import { readRegularFile } from "./regular_file.ts";
import { type FoundFile, walkFiles, type WalkOptions } from "./walk.ts";

/**
 * Delivers every file of a folder, or the one file that `source` names. Files are read when they are asked
 * for, one at a time. One in a folder that can't be read is logged and left out.
 *
 * @throws {FiledirError} `source-not-readable` when the folder can't be listed or the one file can't be read
 */
export async function* ingestFiles(source: string, options: WalkOptions): AsyncGenerator<Delivery> {
  if (!(await isFolder(source))) {
    yield deliveryOf(splitPath(source), await readSource(source));
    return;
  }
  const realSource = await Deno.realPath(source);
  for await (const file of walkFiles(trimSeparators(source), options)) {
    const content = await readOrLog(entryPath(file.folder, file.name), realSource, options.log);
    if (options.signal.aborted) return;
    if (content !== undefined) yield deliveryOf(file, content);
  }
}

async function isFolder(source: string): Promise<boolean> {
  try {
    return (await Deno.stat(source)).isDirectory;
  } catch (error) {
    throw sourceNotReadable(source, error);
  }
}

/** Who names one file may name it by a link. */
async function readSource(source: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(await Deno.realPath(source));
  } catch (error) {
    throw sourceNotReadable(source, error);
  }
}

function sourceNotReadable(source: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  return new FiledirError("source-not-readable", `ingest ${quote(source)}: ${systemReason(error)}`, {
    cause: error,
  });
}

async function readOrLog(path: string, realSource: string, log: Logger): Promise<Uint8Array | undefined> {
  try {
    return await readBelow(path, realSource);
  } catch (error) {
    if (error instanceof FiledirError) log.warn(`skip a file: ${error.message}`);
    else if (isSystemError(error)) log.warn(`skip a file: read ${quote(path)}: ${systemReason(error)}`);
    else throw error;
    return undefined;
  }
}

/** Since it was listed, a folder on the way may have been replaced by a link that leads out. */
async function readBelow(path: string, realSource: string): Promise<Uint8Array> {
  const realPath = await Deno.realPath(path);
  if (isBelow(realPath, realSource)) return await readRegularFile(path);
  throw new FiledirError(
    "path-outside-source",
    `read ${quote(path)}: its real path is ${quote(realPath)} and should be below ${quote(realSource)}`,
  );
}

/** The files stay where they are, whatever becomes of the delivery. */
function deliveryOf({ folder, name }: FoundFile, content: Uint8Array): Delivery {
  const extraData = { filename: name, source_dir: folder };
  return {
    item: { kind: "payload", payload: { content, payloadMeta: { extraData } } },
    settle() {},
  };
}
