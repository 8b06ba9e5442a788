/**
 * Provider, source and destination archiver, connector: folders as source, archive and destination.
 *
 * Provider:
 *
 * - Delivers every regular file of `source_dir` whose name does not begin with a dot, once; with `recursive` also those in the
 *   folders below. `source_dir` may also name one file. Files always stay where they are.
 * - Payload `extra_data`: `{"filename", "source_dir"}`; `source_dir` is the folder that holds the file. If one of them is not
 *   UTF-8, its text has U+FFFD in place of the invalid bytes, and `filename_bytes` or `source_dir_bytes` has all bytes in base64.
 * - A folder of up to 10,000 entries is delivered in the order of its names, a larger one in sorted runs of 10,000. So neither
 *   memory nor the wait for the first payload grows with the folder.
 * - Symbolic links are not followed. Links, devices, pipes and sockets are reported as skipped. Files that can't be read or have
 *   more than 1 GiB, and folders that can't be listed, are reported as losses. So is a file whose name is not UTF-8, unless it
 *   runs on Linux with all permissions in the main process. A file above the engine's payload limit is read, so that the engine
 *   reports it.
 * - What the run itself writes (results, archives, logs, STOQ_HOME) is left out, wherever it lies. A `source_dir` inside these is
 *   refused.
 * - A file whose results could not be kept is read and delivered again after 1 s, then after 2 s, 4 s, … at most 60 s, up to
 *   `max_deliveries` times. While 10,000 files wait for that, no new ones are delivered.
 * - If the storage is slow, up to eight files are opened ahead of their turn, and those of up to 1 MB are read.
 *
 * Connector: writes one file for each response, `<results_dir>[/<date>]/<scan_id>`: stoQ's JSON and a line end. The date is the
 * response's time.
 *
 * Destination archiver: writes `<archive_dir>/a/8/7/0/0/<sha1>` with `use_sha`, else `<archive_dir>[/<date>]/<payload_id>` with
 * today's date. Result: `{"path": …}`. An existing file is left alone if its content is the payload's. Otherwise `.` and 16 digits
 * of the SHA-256 are appended to the payload's name, so that a collision of SHA-1 loses nothing.
 *
 * Source archiver: reads the file that the task's `path` names. With all links resolved it must be inside `archive_dir`. Payload
 * `extra_data` is the task.
 *
 * Files appear whole and never replace another file. They are written in `results.partial` and `archive.partial` beside the two
 * folders and linked to their place. Where that is impossible (the folder is a mount point) they are written in place. A crash of
 * the process may leave files in those folders; delete them when no stoQ runs. Below `results_dir` and `archive_dir` no symbolic
 * link is followed: a link in the place of a folder or file is an error.
 *
 * Files have the mode 0600 and folders 0700; with `shared` 0644 and 0755, under the umask. Existing folders keep their mode. With
 * `sync` (the default) content and names are on the device before a response or payload counts as saved, so a power failure loses
 * none. This takes a few milliseconds for each file; files that are saved at the same time share them. Without `sync` files
 * survive a crash of the process, but not a power failure within the next seconds.
 *
 * `date_format` knows `%Y %y %m %d %j %H %M %S %%`, in UTC; any other directive is an error when the plugin is loaded.
 *
 * Limits: another user who may rename folders of `archive_dir` can put a link in a folder's place between two calls, so that a
 * file is written elsewhere. That is reported as an error.
 *
 * @module
 */

import {
  definePlugin,
  type Plugin,
  type PluginContext,
  type ResponseWriter,
} from "../../src/plugin/define.ts";
import {
  entryPath,
  OutputGuard,
  quote,
  safeName,
  type Storage,
  storageWith,
  systemStorage,
  trimSeparators,
} from "../../src/plugin/kit/mod.ts";
import { Archive, placeById, placeBySha1 } from "./archive.ts";
import { parseDateFormat } from "./date_format.ts";
import { FiledirError } from "./failure.ts";
import { ingestFiles } from "./ingest.ts";
import { NewFileWriter } from "./new_file.ts";

const LINE_END = Uint8Array.of(0x0a);

/** filedir's options, as its manifest declares them; folders are absolute. */
export interface FiledirOptions {
  /** Folder whose files are ingested, or one file; needed by the provider alone. */
  readonly sourceDir?: string;
  /** Whether folders below `sourceDir` are entered. */
  readonly recursive: boolean;
  /** Folder of the results. */
  readonly resultsDir: string;
  /** Whether results are one line instead of indented. */
  readonly compactly: boolean;
  /** Folder of the archived payloads. */
  readonly archiveDir: string;
  /** Whether archived payloads are named by their SHA-1 instead of their id. */
  readonly useSha: boolean;
  /** Whether results, and payloads named by their id, are in folders by date. */
  readonly dateMode: boolean;
  /** Those folders' names, as `parseDateFormat` reads them. */
  readonly dateFormat: string;
  /** Whether other users can read results and archived payloads. */
  readonly shared: boolean;
  /** Whether results and archived payloads are flushed to the device before they count as saved. */
  readonly sync: boolean;
}

/** Makes the plugin. It fails for a date format that can't be parsed. */
export default definePlugin<FiledirOptions>((options, context) =>
  createFiledir(systemStorage, options, context)
);

/** Returns the plugin over a storage. */
export function createFiledir(
  storage: Storage,
  options: FiledirOptions,
  { log, signal: closed, outputPaths, rawFiles }: Omit<PluginContext, "stoqHome" | "pluginDir">,
): Plugin {
  const writeDate = parseDateFormat(options.dateFormat);
  const resultsDir = trimSeparators(options.resultsDir);
  const writing = { storage, log, isShared: options.shared, shouldFlush: options.sync };
  const results = new NewFileWriter(resultsDir, writing);
  const archive = new Archive(trimSeparators(options.archiveDir), writing);

  return {
    async *ingest(signal) {
      if (!options.sourceDir) {
        throw new FiledirError(
          "source-not-set",
          "the option source_dir must be set to the folder or file to ingest: --plugin-opts filedir:source_dir=PATH, or " +
            "source_dir = PATH in section [filedir] of stoq.cfg",
        );
      }
      yield* ingestFiles(options.sourceDir, {
        storage: storageWith(rawFiles, storage),
        isRecursive: options.recursive,
        outputs: new OutputGuard(outputPaths, log),
        signal: AbortSignal.any([signal, closed]),
        log,
      });
    },

    async archive(payload) {
      const date = options.dateMode ? writeDate(new Date()) : "";
      const place = options.useSha ? await placeBySha1(payload.content) : placeById(payload.payloadId, date);
      return await archive.keep(place, payload);
    },

    get: (task) => archive.get(task),

    async save(response, writer) {
      const name = safeName("scan id", response.scanId);
      const folder = options.dateMode ? writeDate(new Date(response.time)) : "";
      if (await results.write(folder, name, () => lineOf(writer, options.compactly)) === "exists") {
        const path = entryPath(entryPath(resultsDir, folder), name);
        throw new FiledirError(
          "file-exists",
          `save results as ${quote(path)}: the file exists already`,
        );
      }
    },
  };
}

function* lineOf(writer: ResponseWriter, compactly: boolean): Generator<Uint8Array> {
  yield* writer.chunks({ compactly });
  yield LINE_END;
}
