/**
 * Sections of a PE file as the module shows them.
 *
 * @module
 */

import type { ModuleRecord } from "../module_value.ts";
import type { PeImage, PeSection } from "./pe_image.ts";

/** A section with all its members. */
export function sectionRecord({ file }: PeImage, section: PeSection): ModuleRecord {
  const { at } = section;
  return {
    name: section.name,
    full_name: section.fullName,
    virtual_size: section.virtualSize,
    virtual_address: section.virtualAddress,
    raw_data_size: section.rawSize,
    raw_data_offset: section.rawOffset,
    pointer_to_relocations: file.u32(at + 24),
    pointer_to_line_numbers: file.u32(at + 28),
    number_of_relocations: file.u16(at + 32),
    number_of_line_numbers: file.u16(at + 34),
    characteristics: file.u32(at + 36),
  };
}

/** Index of the first section that holds an offset of the file; `null`: there is none; undefined: not known. */
export function sectionIndexAt({ sections }: PeImage, offset: number): number | null | undefined {
  for (const [i, { rawOffset, rawSize }] of sections.entries()) {
    // The engine adds numbers of 32 bits.
    if (rawOffset + rawSize > 0xffff_ffff) return undefined;
    if (offset >= rawOffset && offset < rawOffset + rawSize) return i;
  }
  return null;
}
