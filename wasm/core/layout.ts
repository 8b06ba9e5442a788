/**
 * Where things lie: in the tables' binary, which the façade writes, and in the core's memory. Read by TypeScript and by
 * AssemblyScript alike, hence nothing but whole numbers, and the one place to change them.
 *
 * A tables' binary is little-endian and made of 32-bit words; every place in it counts from its first byte:
 *
 * | part    | holds                                                                                        |
 * | ------- | -------------------------------------------------------------------------------------------- |
 * | header  | `HEADER_*`, then one record of `LANE_*` for each lane                                        |
 * | forms   | one record of `FORM_*` for each form, in the order of the forms given                         |
 * | anchors | indexes of the forms that are looked for at one offset alone                                 |
 * | lanes   | for each lane a bitmap, the starts of its buckets, its entries, `ENTRY_*`, by bucket, nibbles |
 * | pool    | the bytes of all forms, and their masks, from multiples of 4 on, and `POOL_SLACK_BYTES` zeros |
 *
 * A **lane** is one way of looking: a stream (the content with ASCII letters in lower case, or each byte XORed with the
 * next one, in which a key vanishes), a width of windows, and a stride, the distance between the places that are looked
 * at. A form in a lane of stride 4 has an entry for each of four windows that follow each other: one of them falls on
 * every fourth place, wherever the form begins. The hash of a window is `windowHash`; its highest bits choose a bit of
 * the bitmap and, fewer of them, a bucket; all of them are compared with an entry's.
 *
 * @module
 */

/** "core", and a version that changes with any change of this page, of the hash or of the choice of streams. */
export const MAGIC = 0x65726f63;
export const VERSION = 1;

export const HEADER_MAGIC = 0;
export const HEADER_VERSION = 4;
export const HEADER_TOTAL_BYTES = 8;
export const HEADER_FORM_COUNT = 12;
export const HEADER_FORMS_AT = 16;
export const HEADER_ANCHOR_COUNT = 20;
export const HEADER_ANCHORS_AT = 24;
export const HEADER_LANE_COUNT = 28;
export const HEADER_POOL_AT = 32;
export const HEADER_POOL_BYTES = 36;
export const HEADER_BYTES = 40;

export const LANE_STREAM = 0;
/** Bytes of a window: 1 to 4, or 8. */
export const LANE_WIDTH = 4;
/** The logarithm to base 2 of the number of the bitmap's bits. */
export const LANE_BITMAP_LOG = 8;
export const LANE_BITMAP_AT = 12;
/** The logarithm to base 2 of the number of buckets. */
export const LANE_BUCKETS_LOG = 16;
/** For each bucket the index of its first entry, and last the number of entries. */
export const LANE_STARTS_AT = 20;
export const LANE_ENTRY_COUNT = 24;
export const LANE_ENTRIES_AT = 28;
/** Where the nibbles' groups are, for a lane of few windows; otherwise 0. */
export const LANE_NIBBLES_AT = 32;
export const LANE_BYTES = 36;
export const LANES_MAX = 16;

export const STREAM_FOLDED = 0;
export const STREAM_XORED = 1;

/** The window of a stride above 1; narrower ones are looked for at every place. */
export const LONG_WIDTH = 8;
export const LONG_STRIDE = 4;

/**
 * A lane of few narrow windows has them in eight groups, and for each byte of a window thirty-two bytes: for each value of
 * its low nibble the groups, as bits, that have it in a window, then the same of the high nibble. Sixteen places are looked
 * at together, and only those of a group that has all nibbles go on to the bitmap.
 */
export const NIBBLES_BYTES = 32;

export const BITMAP_LOG_MIN = 8;
export const BITMAP_LOG_MAX = 22;
export const BUCKETS_LOG_MIN = 1;
export const BUCKETS_LOG_MAX = 20;

export const ENTRY_HASH = 0;
export const ENTRY_FORM = 4;
/** Bytes from the start of the form's run to the window. */
export const ENTRY_OFFSET = 8;
export const ENTRY_BYTES = 12;

/** Where the form's bytes are in the pool, and how many. */
export const FORM_BYTES_AT = 0;
export const FORM_LENGTH = 4;
/** Where its mask is in the pool, as long as the form; its bytes again where it has none. */
export const FORM_MASK_AT = 8;
/** The part that the core compares; all of the form unless that is longer than `RUN_BYTES_MAX`. */
export const FORM_RUN_FROM = 12;
export const FORM_RUN_LENGTH = 16;
/** One of `KIND_*`, shifted left by 8 one of `BOUNDARY_*`, by 16 the lowest key, by 24 the highest. */
export const FORM_TRAITS = 20;
/** `NOT_ANCHORED`, or the offset. */
export const FORM_ANCHOR = 24;
export const FORM_RECORD_BYTES = 28;

export const NOT_ANCHORED = 0xffffffff;

export const KIND_EXACT = 0;
export const KIND_FOLDED = 1;
export const KIND_MASKED = 2;
export const KIND_XORED = 3;

export const BOUNDARY_NONE = 0;
export const BOUNDARY_BYTE = 1;
export const BOUNDARY_WIDE = 2;

/** What the core may read past the last form's last byte. */
export const POOL_SLACK_BYTES = 16;

/** The longest run that the core compares by itself, so that it needs to see no more of the content at a time. */
export const RUN_BYTES_MAX = 1024;

/** Multipliers of the hash: odd, so that the hash of a window of 4 bytes or fewer is of that window alone. */
export const HASH_LOW = 0x1e35a7bd;
export const HASH_HIGH = 0x5bd1e995;

/** Bytes of the content that are looked at in one go; they stay in the second-level cache. */
export const CHUNK_BYTES = 65536;
/** What is seen before and after them: the rest of a run, its two neighbours, and what a vector reads too far. */
export const MARGIN_BYTES = 1088;
export const VIEW_BYTES = 67712;

/** The core's memory: sixteen bytes of ones and sixteen of zeros, three views of the content, the tables. */
export const TAIL_MASK = 1024;
export const RAW = 4096;
export const FOLDED = 73728;
export const XORED = 143360;
export const TABLES = 262144;
/** Found and kept of a hit: the form's index and the offset. */
export const HIT_BYTES = 8;
