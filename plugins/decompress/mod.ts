/**
 * Worker: unpacks archives, compressed files, installers and disk images, one layer a call, by 7-Zip in
 * WebAssembly. It detects the format, also of an archive that has other data before it.
 *
 * Each file becomes a payload with extra_data `filename` (the last part of its path, as upstream) and, where
 * there is something to say, `path` (the whole path as the archive has it: a label, never used as a path),
 * `path_bytes` (when it is no UTF-8), `modified`, `encrypted`, `size_declared` (when it is not the real size),
 * `damaged` (what is wrong, when the content is incomplete) and `passwords` (handed down from the container).
 *
 * Results, absent when the payload is no archive: `format`, `entry_count`, `entries` (the first 1,000, each with
 * `path`, `size`, `packed_size`, `is_directory`, `link_target`, `is_special`, `encrypted`, `method`, `modified`, `crc`, `host_os`, `comment`,
 * where known), `entries_left_out`, `entry_count_is_at_least` (true when not all entries could be counted, so that `entry_count` and
 * `entries_left_out` are the least there can be), `encrypted`, `header_encrypted`, `password` (the one that fitted, as
 * `{"value", "origin"}`; one of the user's is `{"origin": "user", "index"}`, by its place among the user's, and never its text), `passwords` (when
 * several did),
 * `offset`, `physical_size`, `tail_size`, `method`, `solid`, `comment`, `remarks` (7-Zip's own words) and `suspicious`, see {@linkcode suspiciousTraits}.
 *
 * Passwords are tried in this order: the request's candidates (the user's first, then those that workers found in related payloads), those in
 * `passwords` of the payload's extra_data, those of the option. An archive that stays locked is the blind spot `encrypted`, and the worker is
 * called again when new candidates are known.
 *
 * Each trait in `suspicious` is also a finding, but `size-mismatch` of gzip, which declares the size of its last part alone. Blind spots: `encrypted`, `truncated`, `damaged`, `unsupported`, each with the number of
 * entries that it hit, and the limits below.
 *
 * Limits: the request's budget and `maximum_size`, counted while unpacking and whatever headers say; what comes
 * before a limit is kept. Errors have the codes `not-an-archive`, `archive-encrypted`, `archive-wrong-password`,
 * `archive-truncated`, `archive-damaged`, `archive-unsupported`, `limit-payload-bytes`, `limit-extracted-bytes`, `limit-expansion-ratio`,
 * `limit-payloads`, `limit-discarded-bytes`, `limit-key-derivation` (rounds times passwords are more than 20,000,000; where an archive does not say
 * its rounds, 262,144 are assumed) and `limit-engine-memory`; each says how many entries it hit, or "at least" how many. Damage that
 * loses or may lose content is always an error, with its offset where that is known; `remarks` may say more. Links, devices and pipes are listed, never followed or made. A path
 * of more than 256 folders or 4,096 characters costs no time: its content is extracted under the last part, and `path` is cut. A path
 * that leaves its folder has no effect here and loses nothing, so it is in `suspicious` and a finding, not an error.
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
