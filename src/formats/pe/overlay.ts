/**
 * What follows the sections of a PE file.
 *
 * @module
 */

import type { PeImage } from "./image.ts";

/** Bytes behind the last section: an installer's archive, certificates, or something that was hidden there. */
export interface Overlay {
  /** Offset in the file. */
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Finds the overlay; undefined: nothing follows the sections, or there are none. */
export function findOverlay({ sections, reader }: PeImage): Overlay | undefined {
  const offset = Math.max(0, ...sections.map(({ rawOffset, rawBytes }) => rawOffset + rawBytes));
  const hasOverlay = sections.length > 0 && offset < reader.sizeBytes;
  return hasOverlay ? { offset, sizeBytes: reader.sizeBytes - offset } : undefined;
}
