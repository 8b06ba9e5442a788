/**
 * Damage that 7-Zip only hints at: remarks about an archive that cost some of its entries, and where they are.
 *
 * @module
 */

import type { ProblemKind } from "./extraction.ts";
import { formatOfSignature } from "./formats.ts";
import type { NewProblem } from "./harvest.ts";
import { wholeNumber } from "./listing.ts";
import { kindOfRemark } from "./messages.ts";
import type { OpenedArchive } from "./open_archive.ts";
import { findTarHeader } from "./tar_header.ts";

/** What is said of a zip that ends early. */
export const CUT = "Unexpected end of archive";

/** Formats whose entries follow each other, so that 7-Zip stops where a header is broken. */
const SEQUENTIAL: ReadonlySet<string> = new Set(["tar", "Cpio", "Ar", "Arj", "Lzh"]);

/** The damage of an archive as a whole; `input` are its bytes as they came. */
export function damageOf(archive: OpenedArchive, input: Uint8Array): NewProblem[] {
  // What the repair does to the end of a zip is no error of the archive's own.
  if (archive.isCut) return [{ kind: "truncated", detail: CUT, offset: input.length }];
  return [
    ...skippedStart(archive, input),
    ...remarkedDamage(archive, input),
    ...hiddenEntries(archive, input),
    ...foldersWithContent(archive),
  ];
}

// 7-Zip looks for the next header when the first one is broken.
function skippedStart({ listing, format }: OpenedArchive, input: Uint8Array): NewProblem[] {
  const offset = wholeNumber(listing.archive.get("Offset")) ?? 0;
  const signed = offset > 0 ? formatOfSignature(input) : undefined;
  if (signed === undefined) return [];
  const detail = `it starts like ${signed}, and only ${format} at offset ${offset} could be opened`;
  return [{ kind: "damaged", detail, offset: 0 }];
}

function remarkedDamage({ listing, format }: OpenedArchive, input: Uint8Array): NewProblem[] {
  const { archive, errors, warnings } = listing;
  const tailBytes = wholeNumber(archive.get("Tail Size")) ?? 0;
  const stop = SEQUENTIAL.has(format) && tailBytes > 0 ? input.length - tailBytes : undefined;
  const offsetOf = (kind: ProblemKind) => kind === "truncated" ? input.length : stop;
  return [...errors, ...warnings].flatMap((detail) => {
    const kind = kindOfRemark(detail);
    return kind === undefined ? [] : [{ kind, detail, offset: offsetOf(kind) }];
  });
}

// In a zip a name that ends in a slash is a folder, even if its header says otherwise. Other formats give folders a size.
function foldersWithContent({ listing, format, isListingComplete }: OpenedArchive): NewProblem[] {
  if (format !== "zip") return [];
  const folders = listing.entries.filter(({ kind, sizeBytes = 0 }) => kind === "directory" && sizeBytes > 0);
  if (folders.length === 0) return [];
  return [{
    kind: "damaged",
    detail: "it is a folder with content, which was not unpacked",
    entryCount: folders.length,
    isEntryCountAtLeast: !isListingComplete || listing.entryCount > listing.entries.length,
    firstPath: folders[0]?.path,
  }];
}

// A lone block of zeros ends a tar for 7-Zip, and not for GNU tar: what follows may be hidden on purpose.
function hiddenEntries({ listing, format }: OpenedArchive, input: Uint8Array): NewProblem[] {
  const tailBytes = wholeNumber(listing.archive.get("Tail Size")) ?? 0;
  const isEnded = listing.errors.length === 0;
  const offset = format === "tar" && isEnded ? findTarHeader(input, input.length - tailBytes) : undefined;
  const detail = "entries follow the end of the archive and were not unpacked";
  return offset === undefined ? [] : [{ kind: "damaged", detail, offset }];
}
