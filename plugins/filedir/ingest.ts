/**
 * The provider: a folder's files, or one file, as payloads.
 *
 * @module
 */

import { type Delivery, PluginError } from "../../src/plugin/define.ts";
import {
  entryPath,
  isSystemError,
  Pace,
  quote,
  readRegularFile,
  RegularFile,
  splitPath,
  systemReason,
  trimSeparators,
} from "../../src/plugin/kit/mod.ts";
import { FiledirError } from "./failure.ts";
import { MAX_READ_AHEAD_BYTES, openAhead } from "./read_ahead.ts";
import { SourceGuard } from "./source_guard.ts";
import type { FoundFile, WalkOptions } from "./walk.ts";

/**
 * Delivers every file of a folder, or the one file that `source` names. The next few files are opened ahead,
 * and read if they are small. One in a folder that can't be read is logged and left out.
 *
 * @throws {FiledirError} `source-not-readable` when the folder can't be listed or the one file can't be read
 */
export async function* ingestFiles(
  source: string,
  options: WalkOptions,
  pace = new Pace(),
): AsyncGenerator<Delivery> {
  if (!(await isFolder(source))) {
    yield deliveryOf(splitPath(source), await readSource(source));
    return;
  }
  const guard = new SourceGuard(await Deno.realPath(source), pace);
  const open = (found: FoundFile) => openAndReadSmall(guard, found);
  for await (const { found, opened } of openAhead(trimSeparators(source), options, open, pace)) {
    const content = await readOrLog(found, opened, options.log);
    if (options.signal.aborted) return;
    if (content !== undefined) yield deliveryOf(found, content);
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

async function readOrLog(
  { folder, name }: FoundFile,
  opened: Promise<RegularFile>,
  log: WalkOptions["log"],
): Promise<Uint8Array | undefined> {
  try {
    using file = await opened;
    return await file.readToEnd();
  } catch (error) {
    if (error instanceof PluginError) log.warn(`skip a file: ${error.message}`);
    else if (isSystemError(error)) {
      log.warn(`skip a file: read ${quote(entryPath(folder, name))}: ${systemReason(error)}`);
    } else throw error;
    return undefined;
  }
}

async function openAndReadSmall(guard: SourceGuard, found: FoundFile): Promise<RegularFile> {
  const file = await guard.open(found);
  try {
    if (file.sizeBytes <= MAX_READ_AHEAD_BYTES) await file.readSize();
    return file;
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

/** The files stay where they are, whatever becomes of the delivery. */
function deliveryOf({ folder, name }: FoundFile, content: Uint8Array): Delivery {
  const extraData = { filename: name, source_dir: folder };
  return {
    item: { kind: "payload", payload: { content, payloadMeta: { extraData } } },
    settle() {},
  };
}
