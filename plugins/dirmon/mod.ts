/**
 * Provider: watches a folder and delivers every file that appears in it or changes. It ends only when it is stopped.
 *
 * When a file is delivered:
 *
 * - A file is complete when its size and modification time have stayed the same for `settle_time` seconds. It is delivered again
 *   when size, modification time or inode change. No system reports portably whether a file is still open for writing. A writer
 *   that pauses for longer needs a longer `settle_time`, or an ignored name (`mail.eml.part`) and a rename at the end.
 * - Files that exist at the start are left out until they change; with `existing` they are delivered first. `recursive` (the
 *   default) also watches the folders below, new ones included.
 *
 * Payload `extra_data`: `{"filename", "source_dir"}`; `source_dir` is the folder that holds the file. If one of them is not
 * UTF-8, its text has U+FFFD in place of the invalid bytes, and `filename_bytes` or `source_dir_bytes` has all bytes in base64.
 *
 * What is left out:
 *
 * - Files and folders whose name begins with `.` or `~$` or ends with `~`, `.crdownload`, `.filepart`, `.part`, `.partial`,
 *   `.swo`, `.swp`, `.swx` or `.tmp`, in upper or lower case. Compiled Python, which the original ignores, is delivered.
 * - What `include` and `exclude` leave out: globs on the path below `source_dir`. `*.eml` matches in any folder, `/*.eml` at the
 *   top, `in/**` below `in`. A folder that is excluded is excluded with its content. Globs see U+FFFD where a name is not UTF-8.
 * - What the run itself writes (results, archives, logs, STOQ_HOME, `move_dir`, `failed_dir`), wherever it lies below
 *   `source_dir`. A `source_dir` inside these is refused.
 * - Links, devices, pipes and sockets are reported as skipped. Symbolic links are not followed, except `source_dir` itself.
 * - Files that can't be read or have more than 1 GiB, and folders that can't be listed, are reported as losses. So is a file whose
 *   name is not UTF-8, unless it runs on Linux with all permissions in the main process. Each is reported once until it changes.
 *   A file above the engine's payload limit is read, so that the engine reports it.
 *
 * When the results are kept, `after_scan` leaves the file, deletes it, or moves it to `move_dir`. There it keeps its place below
 * `source_dir` and never replaces another file: if its name is taken, it gets `.1`, `.2`, … appended. A file that has changed
 * since it was read stays, and is delivered again. To notice such a change, a file is renamed to `stoq-…-NAME` before it is
 * deleted. If it is not the file that was scanned, it gets its name back, or another name if that is taken. Two versions of a file
 * differ in size, modification time (ms), inode or device. A file whose scan was stopped stays; a restart with `existing`
 * delivers it again. A deletion or move that fails is an error of the run, `settle-failed`: the file stays, and is not delivered
 * again before it changes. Folders that dirmon makes have the mode 0700.
 *
 * A file whose results could not be kept is read and delivered again after 1 s, then after 2 s, 4 s, … at most 60 s, up to
 * `max_deliveries` times. Then it is moved to `failed_dir` in the same way, with a report beside it: `NAME.stoq-error.json` with
 * `time`, `attempts`, `errors` (`code`, `plugin`, `role`, `error`; at most 20) and `errors_left_out`. Without `failed_dir` it
 * stays, and is not delivered again before it changes. While 10,000 files wait for another delivery, no new ones are delivered.
 *
 * The system's events name the paths to examine. Events can get lost, so the whole folder is listed when the system reports that,
 * when the events fail (an event about a name that is not UTF-8 does), and once a minute. After three failures in a row, or where
 * events are refused (a limit of the system is reached), the folder is listed every 5 s for a minute. Network folders often give
 * no events: use `poll_interval`.
 *
 * Memory: about 200 bytes for each file that exists or waits, never contents. What was delivered is forgotten at the end of the
 * run.
 *
 * @module
 */

import { definePlugin, type Plugin, type PluginContext } from "../../src/plugin/define.ts";
import {
  entryPath,
  OutputGuard,
  splitRelative,
  type Storage,
  storageWith,
} from "../../src/plugin/kit/mod.ts";
import { findSource, planAfterScan, planFailedDir, sourceNotSet } from "./folders.ts";
import { ingestFolder, type IngestOptions } from "./ingest.ts";
import { createSelection } from "./selection.ts";
import { isTaken } from "./taken_file.ts";

/** dirmon's options, as its manifest declares them; folders are absolute. */
export interface DirmonOptions {
  /** Folder that is watched; without it nothing can be ingested. */
  readonly sourceDir?: string;
  /** Whether folders below `sourceDir` are watched. */
  readonly recursive: boolean;
  /** Whether files that exist at the start are delivered. */
  readonly existing: boolean;
  /** Globs of the files that are delivered; empty: all. */
  readonly include: readonly string[];
  /** Globs of the files and folders that are left out. */
  readonly exclude: readonly string[];
  /** Seconds for which a file must stay the same. */
  readonly settleTime: number;
  /** What to do with a file whose results were kept. */
  readonly afterScan: "leave" | "delete" | "move";
  /** Folder for files that were scanned. */
  readonly moveDir?: string;
  /** Folder for files whose results can't be kept. */
  readonly failedDir?: string;
  /** Seconds between two full listings, instead of events. */
  readonly pollInterval?: number;
}

/**
 * Makes the provider. It fails for a glob that can't be parsed and a folder that is missing or not usable; without `source_dir`
 * only `ingest` fails.
 */
export default definePlugin<DirmonOptions>((options, context) =>
  createDirmon(storageWith(context.rawFiles), options, context)
);

/** Returns the plugin over a storage. */
export async function createDirmon(
  storage: Storage,
  options: DirmonOptions,
  context: PluginContext,
): Promise<Plugin> {
  const { sourceDir } = options;
  const ingestOptions = sourceDir ? await planIngestion(storage, sourceDir, options, context) : undefined;

  return {
    async *ingest(signal) {
      if (!ingestOptions) throw sourceNotSet();
      yield* ingestFolder({ ...ingestOptions, signal: AbortSignal.any([signal, context.signal]) });
    },
  };
}

async function planIngestion(
  storage: Storage,
  sourceDir: string,
  options: DirmonOptions,
  { log, outputPaths }: PluginContext,
): Promise<Omit<IngestOptions, "signal">> {
  const { include, exclude, recursive: isRecursive, pollInterval } = options;
  const source = await findSource(sourceDir, storage);
  const afterScan = await planAfterScan(options.afterScan, options.moveDir, source, storage);
  const failedDir = await planFailedDir(options.failedDir, source, storage);
  const ownOutputs = [
    ...afterScan.kind === "move" ? [afterScan.folder] : [],
    ...failedDir ? [failedDir] : [],
  ];
  const outputs = new OutputGuard([...outputPaths, ...ownOutputs], log);
  outputs.checkSource(source.root, source.realRoot);
  const isLeftOut = (path: string) =>
    isTaken(splitRelative(path).name) || outputs.excludes(entryPath(source.realRoot, path));
  return {
    ...source,
    storage,
    outputs,
    afterScan,
    failedDir,
    selection: createSelection({ include, exclude, isRecursive, isLeftOut }),
    isRecursive,
    shouldDeliverExisting: options.existing,
    settleMs: options.settleTime * 1000,
    pollIntervalMs: pollInterval === undefined ? undefined : pollInterval * 1000,
    log,
  };
}
