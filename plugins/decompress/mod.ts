/**
 * Worker: unpacks archives, compressed files, installers and disk images, one layer a call, by 7-Zip in WebAssembly. It detects
 * the format, also of an archive that has other data before it.
 *
 * Each file becomes a payload. Its extra_data has `filename` (the last part of its path, as upstream) and, if known:
 *
 * - `path`: the whole path as the archive has it, a label that is never used as a path; `path_bytes` if it is not UTF-8;
 * - `modified`, `encrypted`, and `size_declared` if it differs from the real size;
 * - `damaged`: what is wrong if the content is incomplete;
 * - `passwords`: those of the container.
 *
 * Results, absent if the payload is not an archive:
 *
 * - `format`, `entry_count`, `entries`: the first 1,000, each with `path`, `size`, `packed_size`, `is_directory`, `link_target`,
 *   `is_special`, `encrypted`, `method`, `modified`, `crc`, `host_os`, `comment`, as far as known;
 * - `entries_left_out`, and `entry_count_is_at_least`, which is true if not all entries could be counted;
 * - `encrypted`, `header_encrypted`, `password`: the one that fitted, as `{"value", "origin"}`. One of the user's is
 *   `{"origin": "user", "index"}`, its place among the user's passwords, never its text. `passwords` if several fitted;
 * - `offset`, `physical_size`, `tail_size`, `method`, `solid`, `comment`, `remarks` (7-Zip's own words);
 * - `suspicious`: traits that common packers do not leave, each with `trait`, `count` and `first`, the path of the first entry.
 *
 * Each trait is also a finding, except `size-mismatch` of gzip, which declares the size of its last part only.
 *
 * Passwords are tried in this order: the request's candidates (the user's first, then those that workers found in related
 * payloads), those in `passwords` of the payload's extra_data, those of the option. An archive that stays locked is the blind spot
 * `encrypted`, and the worker is called again when new candidates are known.
 *
 * Blind spots: `encrypted`, `truncated`, `damaged`, `unsupported`, each with the number of entries that it concerns, and the
 * limits below.
 *
 * Limits: the request's budget and `maximum_size`, counted while unpacking; sizes in headers do not matter. What comes before a
 * limit is kept. Links, devices and pipes are listed, never followed or made. The content at a path of more than 256 folders or
 * 4,096 characters is extracted under the last part, and `path` is cut. A path that leaves its folder has no effect, so it is a
 * finding and not an error.
 *
 * Errors: `not-an-archive`, `archive-encrypted`, `archive-wrong-password`, `archive-truncated`, `archive-damaged`,
 * `archive-unsupported`, `limit-payload-bytes`, `limit-extracted-bytes`, `limit-expansion-ratio`, `limit-payloads`,
 * `limit-discarded-bytes`, `limit-engine-memory` and `limit-key-derivation` (rounds times passwords are more than 20,000,000; if an
 * archive does not declare its rounds, 262,144 are assumed). Each says how many entries it concerns, or "at least" how many.
 * Damage that loses or may lose content is always an error, with its offset if that is known; `remarks` may say more.
 *
 * Formats: those of 7-Zip 24, https://www.7-zip.org/
 *
 * @module
 */

import {
  definePlugin,
  type PayloadView,
  type RequestView,
  type WorkerResponse,
} from "../../src/plugin/define.ts";
import { excludedBy, loadSevenZip } from "../../wasm/seven_zip/mod.ts";
import { describeArchive, writtenPaths } from "./archive_results.ts";
import { blindSpotsOf } from "./blind_spots.ts";
import { payloadOf } from "./extracted_payload.ts";
import { failureOf } from "./failure.ts";
import { gatherCandidates } from "./passwords.ts";
import { findingsOf, suspiciousTraits } from "./suspicious.ts";

/** Options as the manifest declares them. */
export interface DecompressOptions {
  /** Tried after those of the request and the payload. */
  readonly passwords: readonly string[];
  /** Largest file, in bytes, when that is less than the budget's. */
  readonly maximumSize: number | undefined;
  /** Workers for every extracted payload. */
  readonly alwaysDispatch: readonly string[];
  /** Whether archivers keep extracted payloads. */
  readonly archiveExtracted: boolean;
  /** Only these formats. */
  readonly formats: readonly string[] | undefined;
  /** All formats but these. */
  readonly excludeFormats: readonly string[];
}

/** The plugin; 7-Zip is loaded when it is made. */
export default definePlugin<DecompressOptions>(async (options) => {
  const excludedFormats = [
    ...excludedBy({ formats: options.formats, excludedFormats: options.excludeFormats }),
  ];
  const sevenZip = await loadSevenZip();
  return {
    scan(payload: PayloadView, { passwords = [], budget }: RequestView): WorkerResponse {
      const { payloadMeta: { extraData } } = payload;
      const candidates = gatherCandidates(passwords, extraData, options.passwords);
      const extraction = sevenZip.extract(payload.content, {
        passwords: candidates.map(({ value }) => value),
        excludedFormats,
        limits: {
          fileBytes: Math.min(options.maximumSize ?? Infinity, budget.payloadBytes),
          totalBytes: budget.extractedBytes,
          files: budget.payloads,
        },
      });
      const traits = suspiciousTraits(extraction, writtenPaths(extraction));
      return {
        results: describeArchive(extraction, { traits, candidates }),
        extracted: extraction.files.map((file) => payloadOf(file, extraction, extraData, options)),
        errors: extraction.problems.map((problem) => failureOf(problem, budget)),
        findings: findingsOf(traits, extraction.format),
        blindSpots: blindSpotsOf(extraction),
      };
    },
  };
});
