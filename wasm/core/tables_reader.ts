/**
 * Checks tables that come from a file: whatever they hold, the core must stay within them and within its memory, and end.
 * Whether they say what they should is for the file's digest to prove.
 *
 * @module
 */

import * as at from "./layout.ts";
import { CONTENT_BYTES_MAX, FORMS_MAX, TABLES_BYTES_MAX } from "./limits.ts";

/**
 * Checks the size and the header's start, before anything is copied.
 *
 * @throws {Error} for what are no tables, or of another version
 */
export function checkHeader(tables: Uint8Array): void {
  require(
    tables.length >= at.HEADER_BYTES && tables.length <= TABLES_BYTES_MAX && tables.length % 4 === 0,
    "size",
  );
  const view = new DataView(tables.buffer, tables.byteOffset, tables.byteLength);
  require(view.getUint32(at.HEADER_MAGIC, true) === at.MAGIC, "magic number");
  require(view.getUint32(at.HEADER_VERSION, true) === at.VERSION, "version");
  require(view.getUint32(at.HEADER_TOTAL_BYTES, true) === tables.length, "total size");
  // The memory is made for this many.
  const formsBytes = view.getUint32(at.HEADER_FORM_COUNT, true) * at.FORM_RECORD_BYTES;
  require(formsBytes <= tables.length, "number of forms");
}

/**
 * Checks all the rest of the tables, as words.
 *
 * @throws {Error} that names what is damaged
 */
export function checkTables(words: Uint32Array): void {
  const formCount = words[at.HEADER_FORM_COUNT / 4]!;
  const laneCount = words[at.HEADER_LANE_COUNT / 4]!;
  const poolBytes = words[at.HEADER_POOL_BYTES / 4]!;
  require(formCount <= FORMS_MAX, "number of forms");
  require(laneCount <= at.LANES_MAX, "number of lanes");
  requireRoom(words, 0, at.HEADER_BYTES + laneCount * at.LANE_BYTES, "lanes");
  requireRoom(words, words[at.HEADER_FORMS_AT / 4]!, formCount * at.FORM_RECORD_BYTES, "forms");
  requireRoom(words, words[at.HEADER_POOL_AT / 4]!, poolBytes, "pool");
  require(poolBytes >= at.POOL_SLACK_BYTES, "size of the pool");
  checkForms(words, formCount, poolBytes - at.POOL_SLACK_BYTES);
  checkAnchors(words, formCount);
  for (let index = 0; index < laneCount; index++) {
    checkLane(words, (at.HEADER_BYTES + index * at.LANE_BYTES) / 4, formCount);
  }
}

function checkForms(words: Uint32Array, formCount: number, poolBytes: number): void {
  let record = words[at.HEADER_FORMS_AT / 4]! / 4;
  for (let form = 0; form < formCount; form++, record += at.FORM_RECORD_BYTES / 4) {
    const length = words[record + at.FORM_LENGTH / 4]!;
    require(length > 0 && words[record + at.FORM_BYTES_AT / 4]! + length <= poolBytes, "bytes of a form");
    require(words[record + at.FORM_MASK_AT / 4]! + length <= poolBytes, "mask of a form");
    const runLength = words[record + at.FORM_RUN_LENGTH / 4]!;
    const runFrom = words[record + at.FORM_RUN_FROM / 4]!;
    require(
      runLength === Math.min(length, at.RUN_BYTES_MAX) && runFrom + runLength <= length,
      "run of a form",
    );
    const traits = words[record + at.FORM_TRAITS / 4]!;
    require((traits & 255) <= at.KIND_XORED && (traits >>> 8 & 255) <= at.BOUNDARY_WIDE, "traits of a form");
  }
}

function checkAnchors(words: Uint32Array, formCount: number): void {
  const from = words[at.HEADER_ANCHORS_AT / 4]!;
  const count = words[at.HEADER_ANCHOR_COUNT / 4]!;
  const formsAt = words[at.HEADER_FORMS_AT / 4]!;
  requireRoom(words, from, count * 4, "anchors");
  let last = -1;
  for (let index = 0; index < count; index++) {
    const form = words[from / 4 + index]!;
    require(form > last && form < formCount, "anchored form");
    const anchor = words[(formsAt + form * at.FORM_RECORD_BYTES + at.FORM_ANCHOR) / 4]!;
    require(anchor !== at.NOT_ANCHORED, "anchor of a form");
    last = form;
  }
}

function checkLane(words: Uint32Array, lane: number, formCount: number): void {
  const width = words[lane + at.LANE_WIDTH / 4]!;
  require(words[lane + at.LANE_STREAM / 4]! <= at.STREAM_XORED, "stream of a lane");
  require(width === at.LONG_WIDTH || width >= 1 && width <= 4, "width of a lane");
  const bitmapLog = words[lane + at.LANE_BITMAP_LOG / 4]!;
  const bucketsLog = words[lane + at.LANE_BUCKETS_LOG / 4]!;
  require(bitmapLog >= at.BITMAP_LOG_MIN && bitmapLog <= at.BITMAP_LOG_MAX, "size of a bitmap");
  require(bucketsLog >= at.BUCKETS_LOG_MIN && bucketsLog <= at.BUCKETS_LOG_MAX, "number of buckets");
  requireRoom(words, words[lane + at.LANE_BITMAP_AT / 4]!, 2 ** bitmapLog / 8, "bitmap");
  const startsAt = words[lane + at.LANE_STARTS_AT / 4]!;
  const entriesAt = words[lane + at.LANE_ENTRIES_AT / 4]!;
  const entryCount = words[lane + at.LANE_ENTRY_COUNT / 4]!;
  const buckets = 2 ** bucketsLog;
  requireRoom(words, startsAt, (buckets + 1) * 4, "buckets");
  requireRoom(words, entriesAt, entryCount * at.ENTRY_BYTES, "entries");
  const nibblesBytes = Math.min(width, 4) * at.NIBBLES_BYTES;
  requireRoom(words, words[lane + at.LANE_NIBBLES_AT / 4]!, nibblesBytes, "nibbles");
  checkStarts(words.subarray(startsAt / 4, startsAt / 4 + buckets + 1), entryCount);
  const formsAt = words[at.HEADER_FORMS_AT / 4]! / 4;
  const end = entriesAt / 4 + entryCount * at.ENTRY_BYTES / 4;
  for (let entry = entriesAt / 4; entry < end; entry += at.ENTRY_BYTES / 4) {
    const form = words[entry + at.ENTRY_FORM / 4]!;
    require(form < formCount, "form of an entry");
    const runLength = words[formsAt + (form * at.FORM_RECORD_BYTES + at.FORM_RUN_LENGTH) / 4]!;
    require(words[entry + at.ENTRY_OFFSET / 4]! < runLength, "offset of an entry");
  }
}

function checkStarts(starts: Uint32Array, entryCount: number): void {
  let last = 0;
  for (let index = 0; index < starts.length; index++) {
    const start = starts[index]!;
    require(start >= last && start <= entryCount, "start of a bucket");
    last = start;
  }
}

function requireRoom(words: Uint32Array, from: number, bytes: number, what: string): void {
  require(from % 4 === 0 && from + bytes <= words.length * 4, `place of ${what}`);
}

function require(isFine: boolean, what: string): void {
  if (!isFine) throw new Error(`Cannot load tables of the scanning core: damaged ${what}`);
}

/**
 * Checks that offsets in the content fit.
 *
 * @throws {RangeError} for content that is too long
 */
export function checkContent(content: Uint8Array): void {
  if (content.length > CONTENT_BYTES_MAX) {
    throw new RangeError(`Cannot scan ${content.length} bytes: ${CONTENT_BYTES_MAX} is the most`);
  }
}
