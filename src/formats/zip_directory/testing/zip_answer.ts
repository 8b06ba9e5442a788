/**
 * A zip in the form in which `tools/oracle/zipfile_answers.py` prints one.
 *
 * @module
 */

import { parseZipDirectory } from "../mod.ts";

/** Returns what the script would print; undefined: the bytes are no zip with an end record. */
export function zipAnswer(content: Uint8Array): unknown {
  const directory = parseZipDirectory(content);
  return directory?.end && {
    comment: directory.end.comment,
    entries: directory.entries.map((entry) => ({
      crc32: entry.crc32,
      externalAttributes: entry.externalAttributes,
      flags: entry.flags,
      localOffset: entry.localOffset,
      method: entry.method,
      modified: entry.modified ?? null,
      name: entry.name,
      packedBytes: entry.packedBytes,
      sizeBytes: entry.sizeBytes,
    })),
  };
}
