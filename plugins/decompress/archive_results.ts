/**
 * The description of an archive, as results.
 *
 * @module
 */

import type { PasswordCandidate, Plain, PlainRecord } from "../../src/plugin/define.ts";
import type { Entry, Extraction } from "../../wasm/seven_zip/mod.ts";
import { MAX_PATH_LENGTH, shortened } from "./label.ts";
import { definedFields } from "./defined_fields.ts";
import { fittingRecord } from "./passwords.ts";
import type { FoundTrait } from "./suspicious.ts";

/** Most entries that are described; more are counted. */
export const MAX_DESCRIBED_ENTRIES = 1000;

/** What is described beside the extraction itself. */
export interface ArchiveDetails {
  readonly traits: readonly FoundTrait[];
  /** The passwords that were tried. */
  readonly candidates: readonly PasswordCandidate[];
}

/** Returns the results; `undefined` when not even the format is known. */
export function describeArchive(
  extraction: Extraction,
  { traits, candidates }: ArchiveDetails,
): Plain | undefined {
  const { format, archive, entries, entryCount } = extraction;
  const passwords = extraction.passwords.map((value) => fittingRecord(value, candidates));
  if (format === undefined) return undefined;
  const isLocked = extraction.problems.some(({ kind }) => kind === "encrypted" || kind === "wrong-password");
  if (archive === undefined) return definedFields({ format, header_encrypted: isLocked || undefined });
  const described = entries.slice(0, MAX_DESCRIBED_ENTRIES);
  const paths = writtenPaths(extraction);
  return definedFields({
    format,
    offset: archive.offset || undefined,
    physical_size: archive.physicalBytes,
    tail_size: archive.tailBytes || undefined,
    method: archive.method,
    solid: archive.isSolid,
    encrypted: entries.some((entry) => entry.isEncrypted) || isLocked || undefined,
    header_encrypted: archive.isHeaderEncrypted || undefined,
    password: passwords[0],
    passwords: passwords.length > 1 ? passwords : undefined,
    comment: archive.comment,
    remarks: archive.remarks.length > 0 ? archive.remarks : undefined,
    suspicious: traits.length > 0 ? traits.map((trait) => ({ ...trait })) : undefined,
    entry_count: entryCount,
    entry_count_is_at_least: extraction.isEntryCountAtLeast || undefined,
    entries: described.map((entry, index) => describeEntry(entry, paths.get(index))),
    entries_left_out: entryCount - described.length || undefined,
  });
}

/** Returns the paths as they are written, by entry, where it was extracted; the listing has some characters replaced. */
export function writtenPaths({ files }: Extraction): ReadonlyMap<number | undefined, string | undefined> {
  return new Map(files.map((file) => [file.entryIndex, file.path]));
}

function describeEntry(entry: Entry, writtenPath: string | undefined): PlainRecord {
  const path = writtenPath ?? entry.path;
  return definedFields({
    path: path === undefined ? undefined : shortened(path, MAX_PATH_LENGTH),
    size: entry.sizeBytes,
    packed_size: entry.packedBytes,
    is_directory: entry.kind === "directory" || undefined,
    is_special: entry.kind === "special" || undefined,
    link_target: entry.linkTarget === undefined ? undefined : shortened(entry.linkTarget, MAX_PATH_LENGTH),
    encrypted: entry.isEncrypted || undefined,
    method: entry.method,
    modified: entry.modified,
    crc: entry.crc32,
    host_os: entry.hostSystem,
    comment: entry.comment,
  });
}
