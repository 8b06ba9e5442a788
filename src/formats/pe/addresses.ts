/**
 * Where relative virtual addresses of a PE file are in the file.
 *
 * @module
 */

import type { DamageLog } from "../bytes/mod.ts";
import { type DirectoryName, directoryOf, type PeImage } from "./image.ts";
import type { PeSection } from "./sections.ts";

const MAX_U32 = 0xffff_ffff;
const SECTOR_BYTES = 0x200;
const PAGE_BYTES = 0x1000;

/**
 * Returns the offset of a relative virtual address; undefined if no section holds it in the file. The offset may be beyond
 * the file's end. An address before all sections, as all are in an image without sections, is an offset of the headers.
 */
export function rvaToOffset(image: PeImage, rva: number): number | undefined {
  const { sections } = image;
  if (sections.every((section) => rva < section.rva)) return rva;
  let found: PeSection | undefined;
  for (const section of sections) {
    const end = Math.min(section.rva + Math.max(section.virtualBytes, section.rawBytes), MAX_U32);
    if ((found?.rva ?? 0) <= section.rva && section.rva <= rva && rva < end) found = section;
  }
  if (!found || rva - found.rva >= found.rawBytes) return undefined;
  return Math.min(alignedOffset(image, found.rawOffset) + rva - found.rva, MAX_U32);
}

/** Alignments above a sector are ignored, as Windows does. */
function alignedOffset({ optionalHeader }: PeImage, offset: number): number {
  const { fileAlignment = 0, sectionAlignment = 0 } = optionalHeader ?? {};
  const alignment = Math.min(fileAlignment, SECTOR_BYTES);
  const aligned = alignment === 0 ? offset : offset - offset % alignment;
  return sectionAlignment >= PAGE_BYTES ? aligned - aligned % SECTOR_BYTES : aligned;
}

/** Returns the offset of a relative virtual address if it is within the file, the very end included. */
export function offsetInFile(image: PeImage, rva: number): number | undefined {
  const offset = rvaToOffset(image, rva);
  return offset !== undefined && offset <= image.reader.sizeBytes ? offset : undefined;
}

/** Returns where the table of a data directory begins; undefined: there is none, or it is outside the file (damage). */
export function startOfTable(image: PeImage, name: DirectoryName, log: DamageLog): number | undefined {
  const rva = directoryOf(image, name)?.rva ?? 0;
  if (rva === 0) return undefined;
  const start = offsetInFile(image, rva);
  if (start === undefined) {
    log.add(
      "bad-directory",
      `The directory "${name}" must be in the file, got address ${rva}`,
      image.headerOffset,
    );
  }
  return start;
}
