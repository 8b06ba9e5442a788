/**
 * The loops over the content. What they test at a place is one bit of a bitmap; all else is out of the way, and is done
 * for few places.
 */
import {
  ENTRY_BYTES,
  ENTRY_FORM,
  ENTRY_HASH,
  ENTRY_OFFSET,
  FOLDED,
  FORM_RECORD_BYTES,
  FORM_RUN_LENGTH,
  HASH_HIGH,
  HASH_LOW,
  HEADER_FORMS_AT,
  LANE_BITMAP_AT,
  LANE_BITMAP_LOG,
  LANE_BUCKETS_LOG,
  LANE_ENTRIES_AT,
  LANE_NIBBLES_AT,
  LANE_STARTS_AT,
  LANE_STREAM,
  LANE_WIDTH,
  LONG_WIDTH,
  MARGIN_BYTES,
  NIBBLES_BYTES,
  STREAM_FOLDED,
  TABLES,
  XORED,
} from "../layout";
import { isRunAt } from "./compare";
import { currentStatus, isCapped, keep, RUNNING, spend } from "./state";

let starts: usize = 0;
let entries: usize = 0;
let bucketShift: u32 = 0;
let bitmap: usize = 0;
let bitShift: u32 = 0;
let stream: usize = 0;
/** The content's offset of the chunk, and its size. */
let chunkFrom: u32 = 0;
let contentBytes: u32 = 0;

/** Looks at `bytes` places of the chunk, whose first is `from` of the content, for the forms of the lane at `lane`. */
export function scanLane(lane: usize, from: u32, bytes: usize, total: u32): void {
  starts = TABLES + <usize>load<u32>(lane, LANE_STARTS_AT);
  entries = TABLES + <usize>load<u32>(lane, LANE_ENTRIES_AT);
  bucketShift = 32 - load<u32>(lane, LANE_BUCKETS_LOG);
  bitmap = TABLES + <usize>load<u32>(lane, LANE_BITMAP_AT);
  bitShift = 32 - load<u32>(lane, LANE_BITMAP_LOG);
  stream = load<u32>(lane, LANE_STREAM) == STREAM_FOLDED ? FOLDED : XORED;
  chunkFrom = from;
  contentBytes = total;
  const width = load<u32>(lane, LANE_WIDTH);
  const nibbles = load<u32>(lane, LANE_NIBBLES_AT);
  if (width == LONG_WIDTH) scanLong(bytes);
  else if (nibbles != 0) scanNibbles(bytes, TABLES + <usize>nibbles, width);
  else scanShort(bytes, width);
}

/** A word whose lowest bit is the hash's in the bitmap. */
@inline
function bits(map: usize, shift: u32, hash: u32): u32 {
  // The processor takes the shift modulo 32.
  return load<u32>(map + ((hash >> (shift + 5)) << 2)) >> (hash >> shift);
}

@inline
function longHash(low: u32, high: u32): u32 {
  return low * HASH_LOW + high * HASH_HIGH;
}

/** Windows of eight bytes at every fourth place, of which each word is read once. */
function scanLong(bytes: usize): void {
  const map = bitmap, shift = bitShift;
  const end = stream + MARGIN_BYTES + bytes;
  let at = stream + MARGIN_BYTES;
  let word = load<u32>(at);
  for (; at < end; at += 16) {
    const word1 = load<u32>(at, 4), word2 = load<u32>(at, 8), word3 = load<u32>(at, 12), word4 = load<u32>(at, 16);
    const hash0 = longHash(word, word1), hash1 = longHash(word1, word2);
    const hash2 = longHash(word2, word3), hash3 = longHash(word3, word4);
    const found0 = bits(map, shift, hash0), found1 = bits(map, shift, hash1);
    const found2 = bits(map, shift, hash2), found3 = bits(map, shift, hash3);
    if ((found0 | found1 | found2 | found3) & 1) {
      if (found0 & 1) probe(hash0, at);
      if (found1 & 1) probe(hash1, at + 4);
      if (found2 & 1) probe(hash2, at + 8);
      if (found3 & 1) probe(hash3, at + 12);
      if (currentStatus() != RUNNING) return;
    }
    word = word4;
  }
}

/** Windows of one to four bytes at every place. */
function scanShort(bytes: usize, width: u32): void {
  const map = bitmap, shift = bitShift, mask = maskOf(width);
  const end = stream + MARGIN_BYTES + bytes;
  for (let at = stream + MARGIN_BYTES; at < end; at += 4) {
    const hash0 = (load<u32>(at) & mask) * HASH_LOW, hash1 = (load<u32>(at, 1) & mask) * HASH_LOW;
    const hash2 = (load<u32>(at, 2) & mask) * HASH_LOW, hash3 = (load<u32>(at, 3) & mask) * HASH_LOW;
    const found0 = bits(map, shift, hash0), found1 = bits(map, shift, hash1);
    const found2 = bits(map, shift, hash2), found3 = bits(map, shift, hash3);
    if ((found0 | found1 | found2 | found3) & 1) {
      if (found0 & 1) probe(hash0, at);
      if (found1 & 1) probe(hash1, at + 1);
      if (found2 & 1) probe(hash2, at + 2);
      if (found3 & 1) probe(hash3, at + 3);
      if (currentStatus() != RUNNING) return;
    }
  }
}

/** The bits of a word that the window has. */
@inline
function maskOf(width: u32): u32 {
  return <u32>-1 >> (32 - (width << 3));
}

/** Few windows of up to four bytes: sixteen places at a time go through the groups of their nibbles. */
function scanNibbles(bytes: usize, tables: usize, width: u32): void {
  const mask = maskOf(width);
  const end = stream + MARGIN_BYTES + bytes;
  for (let at = stream + MARGIN_BYTES; at < end; at += 16) {
    let groups = groupsOf(v128.load(at), tables);
    if (width > 1) groups = v128.and(groups, groupsOf(v128.load(at, 1), tables + NIBBLES_BYTES));
    if (width > 2) groups = v128.and(groups, groupsOf(v128.load(at, 2), tables + 2 * NIBBLES_BYTES));
    if (width > 3) groups = v128.and(groups, groupsOf(v128.load(at, 3), tables + 3 * NIBBLES_BYTES));
    if (!v128.any_true(groups)) continue;
    let places = i8x16.bitmask(i8x16.ne(groups, i8x16.splat(0)));
    for (; places != 0; places &= places - 1) {
      const place = at + ctz(places);
      const hash = (load<u32>(place) & mask) * HASH_LOW;
      if (bits(bitmap, bitShift, hash) & 1) probe(hash, place);
    }
    if (currentStatus() != RUNNING) return;
  }
}

@inline
function groupsOf(bytes: v128, table: usize): v128 {
  const nibble = i8x16.splat(15);
  const low = i8x16.swizzle(v128.load(table), v128.and(bytes, nibble));
  return v128.and(low, i8x16.swizzle(v128.load(table, 16), v128.and(i16x8.shr_u(bytes, 4), nibble)));
}

/** Looks up the window with this hash at `at` of the stream, and keeps the hits of its forms. */
function probe(hash: u32, at: usize): void {
  const start = starts + (<usize>(hash >> bucketShift) << 2);
  const first = load<u32>(start), last = load<u32>(start, 4);
  // A bucket may be as large as hostile rules make it: its work is paid for before it is done.
  spend(last - first);
  if (currentStatus() != RUNNING) return;
  const end = entries + <usize>last * ENTRY_BYTES;
  for (let entry = entries + <usize>first * ENTRY_BYTES; entry < end; entry += ENTRY_BYTES) {
    if (load<u32>(entry, ENTRY_HASH) != hash) continue;
    consider(entry, at - stream);
    if (currentStatus() != RUNNING) return;
  }
}

function consider(entry: usize, place: usize): void {
  const index = load<u32>(entry, ENTRY_FORM);
  if (isCapped(index)) return;
  const form = TABLES + <usize>load<u32>(TABLES, HEADER_FORMS_AT) + <usize>index * FORM_RECORD_BYTES;
  const into = load<u32>(entry, ENTRY_OFFSET);
  const seenAt = chunkFrom + <u32>(place - MARGIN_BYTES);
  // The last places of a chunk may be past the content's end.
  if (into > seenAt || seenAt >= contentBytes) return;
  const offset = seenAt - into;
  if (contentBytes - offset < load<u32>(form, FORM_RUN_LENGTH)) return;
  if (isRunAt(form, place - <usize>into, offset, contentBytes)) keep(index, offset);
}
