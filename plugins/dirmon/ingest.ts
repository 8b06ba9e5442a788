/**
 * The provider: complete files as payloads.
 *
 * @module
 */

import { type Delivery, PluginError, quote } from "../../src/plugin/define.ts";
import {
  entryPath,
  isGone,
  isSystemError,
  relativeTo,
  splitRelative,
  systemReason,
} from "../../src/plugin/kit/mod.ts";
import { type AfterScan, finishFile } from "./after_scan.ts";
import { DirmonError } from "./failure.ts";
import { type CompleteFile, FolderMonitor, type MonitorOptions } from "./monitor.ts";
import { readMarked } from "./regular_file.ts";

/** How to ingest. */
export interface IngestOptions extends MonitorOptions {
  readonly afterScan: AfterScan;
}

/**
 * Delivers every file of a folder that is new or changed, once it is complete, until the signal is aborted.
 * Files are read when they are asked for, one at a time; one that can't be read is logged and left out.
 */
export async function* ingestFolder(options: IngestOptions): AsyncGenerator<Delivery> {
  const monitor = await FolderMonitor.open(options);
  try {
    for (let file = await monitor.next(); file; file = await monitor.next()) {
      const content = await readComplete(monitor, file, options);
      if (options.signal.aborted) return;
      if (content) yield deliveryOf(file, content, options);
    }
  } finally {
    await monitor.close();
  }
}

/** Reads a file and tells the monitor what became of it. */
async function readComplete(
  monitor: FolderMonitor,
  file: CompleteFile,
  { root, log }: IngestOptions,
): Promise<Uint8Array | undefined> {
  const path = entryPath(root, file.path);
  try {
    const content = await readBelow(root, path, file.mark);
    if (content) monitor.delivered(file);
    else monitor.retry(file.path);
    return content;
  } catch (error) {
    if (isGone(error)) log.info(`skip a file: ${quote(path)} vanished before it was read`);
    else await monitor.refuse(file.path, reasonOf(error, path));
    return undefined;
  }
}

function reasonOf(error: unknown, path: string): string {
  if (error instanceof PluginError) return error.message;
  if (isSystemError(error)) return `read ${quote(path)}: ${systemReason(error)}`;
  throw error;
}

/** Since it was listed, a folder on the way may have been replaced by a link that leads out. */
async function readBelow(root: string, path: string, mark: string): Promise<Uint8Array | undefined> {
  const [realRoot, realPath] = [await Deno.realPath(root), await Deno.realPath(path)];
  if (relativeTo(realRoot, realPath)) return await readMarked(path, mark);
  throw new DirmonError(
    "path-outside-source",
    `read ${quote(path)}: its real path is ${quote(realPath)} and should be below ${quote(realRoot)}`,
  );
}

function deliveryOf(
  file: CompleteFile,
  content: Uint8Array,
  { root, afterScan, log }: IngestOptions,
): Delivery {
  const { folder, name } = splitRelative(file.path);
  const extraData = { filename: name, source_dir: entryPath(root, folder) };
  return {
    item: { kind: "payload", payload: { content, payloadMeta: { extraData } } },
    async settle(outcome) {
      if (outcome.status === "done") await finishFile(root, file, afterScan, log);
    },
  };
}
