/**
 * Folders as source, archive and destination. Provider, source and destination archiver, connector.
 *
 * - Provider: every regular file of `source_dir` whose name does not begin with a dot (with `recursive` also
 *   those in the folders below), or the one file that `source_dir` names, once. Payload `extra_data`:
 *   `{"filename", "source_dir"}`, `source_dir` being the folder that the file is in. Where one of them is not UTF-8, its
 *   text has U+FFFD in place of the odd bytes, and `filename_bytes` or `source_dir_bytes` has all bytes in base64. A folder of up to 10,000
 *   entries comes in the order of its names; a larger one in sorted runs of 10,000, so that neither memory
 *   nor the wait for the first payload grows with the tree. Symbolic links are not followed. Files that
 *   can't be read or have more than 1 GiB, and folders that can't be listed, are reported as losses; so is a file whose name
 *   is not UTF-8 where it can't be opened, that is not on Linux, without all permissions or not in the main process; links, devices, pipes and sockets as skipped. A file that is merely over the engine's payload limit is
 *   read, so that the engine reports it. What the run itself writes (results, archives, logs, STOQ_HOME) is left out,
 *   wherever it lies; a `source_dir` that is itself there is refused. A file whose results could not be kept is read
 *   and delivered again after 1 s, then after 2 s, 4 s, … at most 60 s, up to `max_deliveries` times; while 10,000
 *   files wait for that, no new ones are delivered. Files always stay where they are. Where the storage does not answer at once,
 *   the next few files are opened ahead of their turn, at most eight at a time, and those of up to 1 MB are read as well.
 * - Connector: one file per response, `<results_dir>[/<date>]/<scan_id>`, stoQ's JSON and a line end. The
 *   date is the response's time.
 * - Destination archiver: `<archive_dir>/a/8/7/0/0/<sha1>` with `use_sha`, else
 *   `<archive_dir>[/<date>]/<payload_id>`, the date being today's; result `{"path": …}`. A file that is there
 *   already is left alone.
 * - Source archiver: the file that the task's `path` names, which must be inside `archive_dir` once all links
 *   are resolved; payload `extra_data` is the task.
 *
 * Files appear whole and never replace another. They are written in `results.partial` and `archive.partial`
 * beside the two folders and linked to their place; where that can't be (the folder is a mount point) they
 * are written in place. A crash of the process may leave files in those folders; they can be deleted when no
 * stoQ runs. Nothing is flushed to the disk.
 *
 * `date_format` knows `%Y %y %m %d %j %H %M %S %%`, in UTC; another directive is an error at load.
 *
 * Limits: two contents with one SHA-1 (they can be made) of one size share one place, and the first stays.
 *
 * @module
 */

import { definePlugin, serializeResponse } from "../../src/plugin/define.ts";
import {
  entryPath,
  OutputGuard,
  quote,
  safeName,
  storageWith,
  trimSeparators,
} from "../../src/plugin/kit/mod.ts";
import { archivePayload, getArchived, placeById, placeBySha1 } from "./archive.ts";
import { parseDateFormat } from "./date_format.ts";
import { FiledirError } from "./failure.ts";
import { ingestFiles } from "./ingest.ts";
import { createNewFileWriter } from "./new_file.ts";

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
}

/** The plugin; a date format that can't be read fails here. */
export default definePlugin<FiledirOptions>((options, { log, signal: closed, outputPaths, rawFiles }) => {
  const writeDate = parseDateFormat(options.dateFormat);
  const resultsDir = trimSeparators(options.resultsDir);
  const archiveDir = trimSeparators(options.archiveDir);
  const results = createNewFileWriter(resultsDir, log);
  const archive = createNewFileWriter(archiveDir, log);

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
        storage: storageWith(rawFiles),
        isRecursive: options.recursive,
        outputs: new OutputGuard(outputPaths, log),
        signal: AbortSignal.any([signal, closed]),
        log,
      });
    },

    async archive(payload) {
      const date = options.dateMode ? writeDate(new Date()) : "";
      const place = options.useSha ? await placeBySha1(payload.content) : placeById(payload.payloadId, date);
      return await archivePayload(archive, archiveDir, place, payload);
    },

    get: (task) => getArchived(archiveDir, task),

    async save(response) {
      const name = safeName("scan id", response.scanId);
      const json = `${serializeResponse(response, { compactly: options.compactly })}\n`;
      const folder = options.dateMode
        ? entryPath(resultsDir, writeDate(new Date(response.time)))
        : resultsDir;
      if ((await results.write(folder, name, new TextEncoder().encode(json))) === "exists") {
        throw new FiledirError(
          "file-exists",
          `save results as ${quote(entryPath(folder, name))}: the file exists and should not`,
        );
      }
    },
  };
});
