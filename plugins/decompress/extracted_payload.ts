/**
 * A file from an archive as a payload.
 *
 * @module
 */

import type { PayloadInput, Plain, PlainRecord } from "../../src/plugin/define.ts";
import type { ExtractedFile, Extraction } from "../../wasm/seven_zip/mod.ts";
import { baseName, MAX_PATH_LENGTH, shortened } from "./label.ts";
import { PASSWORDS_KEY } from "./passwords.ts";
import { definedFields } from "./defined_fields.ts";

/** Options for extracted payloads. */
export interface PayloadTreatment {
  readonly alwaysDispatch: readonly string[];
  readonly archiveExtracted: boolean;
}

/**
 * Returns the payload of an extracted file.
 *
 * @param container extra_data of the archive; its `filename` names a content that has no name
 */
export function payloadOf(
  file: ExtractedFile,
  extraction: Extraction,
  container: PlainRecord,
  treatment: PayloadTreatment,
): PayloadInput {
  return {
    content: file.content,
    payloadMeta: {
      shouldArchive: treatment.archiveExtracted,
      dispatchTo: treatment.alwaysDispatch,
      extraData: extraDataOf(file, extraction, container),
    },
  };
}

function extraDataOf(file: ExtractedFile, extraction: Extraction, container: PlainRecord): PlainRecord {
  const entry = file.entryIndex === undefined ? undefined : extraction.entries[file.entryIndex];
  const declared = entry?.sizeBytes;
  const filename = file.path === undefined ? unpackedName(container.filename) : baseName(file.path);
  return definedFields({
    filename: filename === undefined ? undefined : shortened(filename, MAX_PATH_LENGTH),
    path: file.path === undefined ? undefined : shortened(file.path, MAX_PATH_LENGTH),
    path_bytes: file.pathBytes,
    modified: entry?.modified,
    encrypted: file.password === undefined ? undefined : true,
    size_declared: declared === file.content.length ? undefined : declared,
    damaged: file.damage,
    [PASSWORDS_KEY]: container[PASSWORDS_KEY],
  });
}

const STREAM_SUFFIX = /\.(?:gz|gzip|z|bz2|xz|lzma|lzma86|zst|zstd)$/i;
const TAR_SUFFIX = /\.(?:tgz|tpz|taz|tbz2?|txz|tzst)$/i;

/** Returns the name of a compressed file without its ending: `a.tar` for `a.tar.gz` and `a.tgz`. */
function unpackedName(container: Plain | undefined): string | undefined {
  if (typeof container !== "string") return undefined;
  const base = baseName(container) ?? "";
  const name = TAR_SUFFIX.test(base) ? base.replace(TAR_SUFFIX, ".tar") : base.replace(STREAM_SUFFIX, "");
  return name === "" || name === base ? undefined : name;
}
