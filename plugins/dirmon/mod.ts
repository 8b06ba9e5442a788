/**
 * Watches a folder and delivers every file that appears in it. Provider; ends only when it is stopped.
 *
 * - A file is delivered when its size and modification time have stayed the same for `settle_time` seconds. It
 *   is delivered again when size, modification time or inode change, and not as long as they don't. No system
 *   says portably whether a file is still open for writing, so a writer that pauses for longer needs a longer
 *   `settle_time`, or better a name that is ignored (`mail.eml.part`) and a rename at the end.
 * - Payload `extra_data`: `{"filename", "source_dir"}`, `source_dir` being the folder that the file is in. Where one of them is not
 *   UTF-8, its text has U+FFFD in place of the odd bytes, and `filename_bytes` or `source_dir_bytes` has all bytes in base64.
 * - Files that are there at the start are left out until they change; with `existing` they come first.
 *   `recursive` (the default) also watches the folders below, new ones too.
 * - Left out: files and folders whose name begins with `.` or `~$` or ends with `~`, `.crdownload`, `.filepart`,
 *   `.part`, `.partial`, `.swo`, `.swp`, `.swx` or `.tmp` in upper or lower case. Compiled Python, which the
 *   original ignores, is a payload like any other.
 * - `include` and `exclude` are globs on the path below `source_dir`, which `parseGlob` in `glob.ts` describes:
 *   `*.eml` in any folder, `/*.eml` at the top, `in/**` below `in`. What excludes a folder excludes what is in it. They see
 *   U+FFFD where a name is not UTF-8.
 * - Symbolic links are not followed, except `source_dir` itself. Files that can't be read or have more than
 *   1 GiB, and folders that can't be listed, are reported as losses; so is a file whose name is not UTF-8 where it can't be opened,
 *   that is not on Linux, without all permissions or not in the main process; links, devices, pipes and
 *   sockets as skipped; each once until it changes. A file that is merely over the engine's payload limit is read, so
 *   that the engine reports it.
 * - What the run itself writes (results, archives, logs, STOQ_HOME, `move_dir`, `failed_dir`) is left out, wherever it
 *   lies below `source_dir`. A `source_dir` that is itself there is refused.
 *
 * When the results are kept, `after_scan` leaves the file, deletes it or moves it to `move_dir`, where it keeps its
 * place below `source_dir` and never replaces another: a name that is taken gets `.1`, `.2`, … behind it. A file
 * that has changed meanwhile stays, and is delivered again. To be sure of that, a file is renamed to `stoq-…-NAME`
 * before it is deleted; one that is not what was scanned gets its name back, or where another has taken it a name
 * beside it. Two versions of a file differ in size, modification time (ms), inode or device.
 * A file whose scan was stopped stays, and is delivered again after a restart with `existing`. A deletion or move
 * that fails is an error of the run, `settle-failed`: the file stays, and is not delivered again before it changes.
 * Folders that dirmon makes have the mode 0700.
 *
 * A file whose results could not be kept is read and delivered again after 1 s, then after 2 s, 4 s, … at most 60 s,
 * up to `max_deliveries` times. After that it is moved to `failed_dir`, in the same way, with a report beside it:
 * `NAME.stoq-error.json` with `time`, `attempts`, `errors` (`code`, `plugin`, `role`, `error`; at most 20) and
 * `errors_left_out`. Without `failed_dir` it stays, and is not delivered again before it changes. While 10,000 files
 * wait for another delivery, no new ones are delivered.
 *
 * The system's events say where to look. They can get lost, so the whole folder is listed when the system says
 * so, when the events fail (one about a name that is not UTF-8 does), and once a minute. After three failures in
 * a row, or where events are refused (a limit of the system is reached), the folder is listed every 5 s for a
 * minute instead. Network folders often give no events: `poll_interval` is for them.
 *
 * Memory: a path and a state, together about 200 bytes, for each file that is there or waits, never contents.
 * What was delivered is not remembered beyond the run.
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
  /** Whether files that are there at the start are delivered. */
  readonly existing: boolean;
  /** Globs of the files that are delivered; empty: all. */
  readonly include: readonly string[];
  /** Globs of the files and folders that are left out. */
  readonly exclude: readonly string[];
  /** Seconds for which a file must stay the same. */
  readonly settleTime: number;
  /** What becomes of a file whose results were saved. */
  readonly afterScan: "leave" | "delete" | "move";
  /** Folder to which files are moved. */
  readonly moveDir?: string;
  /** Folder to which files are moved whose results can't be kept. */
  readonly failedDir?: string;
  /** Seconds between two looks at everything, instead of events. */
  readonly pollInterval?: number;
}

/**
 * The plugin. Options that can't be used fail here: a glob that can't be read, a folder that is missing or not usable; without
 * `source_dir` only `ingest` fails.
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
