/**
 * Reads the directory of a zip without unpacking: what its two sets of headers say, and where they disagree.
 *
 * Readers of zips differ in which end record, which name and which size they believe; malware lives in the difference.
 * So {@link parseZipDirectory} lists all end records, compares each entry's central with its local header, and finds
 * entries that share bytes, local headers to which no entry leads, and data before and behind the zip. To unpack, use
 * `wasm/seven_zip`.
 *
 * Specification: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT; AES:
 * https://www.winzip.com/en/support/aes-encryption/
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseZipDirectory } from "./mod.ts";
 *
 * // A zip without entries, behind four other bytes.
 * const content = new Uint8Array(4 + 22);
 * content.set([0x50, 0x4b, 5, 6], 4);
 *
 * const { entries, prefixBytes, end } = parseZipDirectory(content)!;
 * assert.deepEqual(entries, []);
 * assert.equal(end!.offset, 4);
 * assert.equal(prefixBytes, 4);
 * assert.equal(parseZipDirectory(new Uint8Array(100)), undefined);
 * ```
 *
 * @module
 */

export type { ZipDisagreement, ZipEntry } from "./central_entry.ts";
export { parseZipDirectory, ZIP_LIMITS, type ZipDirectory, type ZipOverlap } from "./directory.ts";
export { MAX_OTHER_ENDS, MAX_TAIL_BYTES, type ZipEnd } from "./end_record.ts";
export type { ZipAes, ZipExtraField } from "./extra_fields.ts";
export type { ZipLocalHeader } from "./local_header.ts";
