/**
 * The provider: complete files as payloads.
 *
 * @module
 */

import { type Delivery, type DeliveryOutcome, quote } from "../../src/plugin/define.ts";
import {
  entryPath,
  isGone,
  nameMetadata,
  type OutputGuard,
  outsideFolder,
  relativeTo,
  skippedFile,
  splitRelative,
  systemStorage,
} from "../../src/plugin/kit/mod.ts";
import { type AfterScan, finishFile } from "./after_scan.ts";
import { describeFailure } from "./failure_report.ts";
import { type CompleteFile, type DueFile, FolderMonitor, type MonitorOptions } from "./monitor.ts";
import { readMarked } from "./regular_file.ts";

/** How to ingest. */
export interface IngestOptions extends MonitorOptions {
  readonly outputs: OutputGuard;
  readonly afterScan: AfterScan;
  /** Folder for files whose results can't be kept; without it they stay. */
  readonly failedDir: string | undefined;
}

/**
 * Delivers every file of a folder that is new or changed, once it is complete, until the signal is aborted.
 * Each file is read when the consumer requests it; one that can't be read is reported as skipped.
 */
export async function* ingestFolder(options: IngestOptions): AsyncGenerator<Delivery> {
  const monitor = await FolderMonitor.open(options);
  try {
    for (let found = await monitor.next(); found; found = await monitor.next()) {
      if ("code" in found) {
        yield { item: { kind: "skipped", skipped: found }, settle() {} };
        continue;
      }
      const content = await readComplete(monitor, found, options);
      if (options.signal.aborted) return;
      if (content) yield deliveryOf(found, content, monitor, options);
    }
  } finally {
    await monitor.close();
  }
}

/** Reads a file, and reports to the monitor whether it was read, has changed or is refused. */
async function readComplete(
  monitor: FolderMonitor,
  file: CompleteFile,
  options: IngestOptions,
): Promise<Uint8Array | undefined> {
  const path = entryPath(options.root, file.path);
  try {
    const content = await readBelow(path, file.mark, options);
    if (content === "output" || content) monitor.delivered(file);
    else monitor.examineAgain(file.path);
    return content === "output" ? undefined : content;
  } catch (error) {
    if (isGone(error)) options.log.info(`skip ${quote(path)}: it vanished before it was read`);
    else await monitor.refuse(file.path, skippedFile(path, error));
    return undefined;
  }
}

/** Reads a file unless a folder on the way was replaced by a link that leads out, or became an output. */
async function readBelow(
  path: string,
  mark: string,
  { root, outputs, storage = systemStorage }: IngestOptions,
): Promise<Uint8Array | "output" | undefined> {
  const [realRoot, realPath] = [await storage.realPath(root), await storage.realPath(path)];
  outputs.refresh();
  if (outputs.excludes(realPath)) return "output";
  if (relativeTo(realRoot, realPath)) return await readMarked(path, mark, storage);
  throw outsideFolder("path-outside-source", `read ${quote(path)}`, realPath, realRoot);
}

function deliveryOf(
  file: DueFile,
  content: Uint8Array,
  monitor: FolderMonitor,
  options: IngestOptions,
): Delivery {
  const { folder, name } = splitRelative(file.path);
  const extraData = {
    ...nameMetadata("filename", name),
    ...nameMetadata("source_dir", entryPath(options.root, folder)),
  };
  return {
    item: { kind: "payload", payload: { content, payloadMeta: { extraData } } },
    attempt: file.attempt,
    settle: (outcome) => settle(file, outcome, monitor, options),
  };
}

/** Removes a file only if its results are kept or it is in the folder for failed files. */
async function settle(
  file: DueFile,
  outcome: DeliveryOutcome,
  monitor: FolderMonitor,
  { root, afterScan, failedDir, log, storage }: IngestOptions,
): Promise<void> {
  if (outcome.status === "done") return await finishFile(root, file, afterScan, log, storage);
  if (outcome.status !== "failed") return;
  if (outcome.shouldRetry) return monitor.deliverLater(file);
  if (failedDir === undefined) return;
  const report = describeFailure(file, outcome.errors, new Date());
  await finishFile(root, file, { kind: "move", folder: failedDir, report }, log, storage);
}
