/**
 * Compiles forms to tables: a lane and a window for each, and all that comparing it takes.
 *
 * @module
 */

import { LaneBuilder, type LaneParts } from "./lane.ts";
import * as at from "./layout.ts";
import { FORMS_MAX, TABLES_BYTES_MAX } from "./limits.ts";
import type { SearchForm } from "./shapes.ts";
import { chooseWindow, type Window } from "./windows.ts";

const BOUNDARIES = { none: at.BOUNDARY_NONE, byte: at.BOUNDARY_BYTE, wide: at.BOUNDARY_WIDE } as const;
const RECORD_WORDS = at.FORM_RECORD_BYTES / 4;

/**
 * Compiles forms to one binary, which may be kept and loaded elsewhere. Equal forms give equal bytes.
 *
 * @throws {Error} for a form that contradicts its own rules, and for too many of them
 */
export function buildTables(forms: readonly SearchForm[]): Uint8Array<ArrayBuffer> {
  const builder = new TablesBuilder();
  for (const form of forms) builder.add(form);
  return builder.finish();
}

const FIRST_FORMS = 1024;
const FIRST_POOL_BYTES = 65536;

/** Compiles forms one by one, like {@linkcode buildTables}, so that a caller need not keep all forms. */
export class TablesBuilder {
  #records = new Uint32Array(FIRST_FORMS * RECORD_WORDS);
  #formCount = 0;
  #pool = new Uint8Array(FIRST_POOL_BYTES);
  readonly #anchors: number[] = [];
  readonly #lanes = new Map<number, LaneBuilder>();
  readonly #window: Window = { offset: 0, width: 0, stride: 1 };
  /** The bytes of the form at hand as they are in its stream. */
  #streamed = new Uint8Array(1024);
  #poolUsed = 0;

  /** Takes in the next form. @throws {Error} for a form that contradicts its own rules, and for too many of them */
  add(form: SearchForm): void {
    const index = this.#formCount++;
    if (index === FORMS_MAX) throw new Error(`Cannot build tables of more than ${FORMS_MAX} forms`);
    checkForm(form, index);
    this.#reserve(form);
    const bytesAt = this.#keep(form.bytes);
    const runFrom = form.anchoredAt === undefined ? this.#addWindows(form, index) : 0;
    if (form.anchoredAt !== undefined) this.#anchors.push(index);
    const kind = kindOf(form);
    const records = this.#records;
    const record = index * RECORD_WORDS;
    records[record + at.FORM_BYTES_AT / 4] = bytesAt;
    records[record + at.FORM_LENGTH / 4] = form.bytes.length;
    records[record + at.FORM_MASK_AT / 4] = form.mask ? this.#keep(form.mask) : bytesAt;
    records[record + at.FORM_RUN_FROM / 4] = runFrom;
    records[record + at.FORM_RUN_LENGTH / 4] = Math.min(form.bytes.length, at.RUN_BYTES_MAX);
    records[record + at.FORM_TRAITS / 4] = kind | BOUNDARIES[form.boundary] << 8 |
      (form.xor?.from ?? 0) << 16 |
      (form.xor?.to ?? 0) << 24;
    // An offset beyond all content is one that is never there.
    records[record + at.FORM_ANCHOR / 4] = Math.min(form.anchoredAt ?? at.NOT_ANCHORED, at.NOT_ANCHORED - 1) +
      (form.anchoredAt === undefined ? 1 : 0);
  }

  #reserve({ bytes, mask }: SearchForm): void {
    if (this.#formCount * RECORD_WORDS > this.#records.length) {
      const records = new Uint32Array(this.#records.length * 2);
      records.set(this.#records);
      this.#records = records;
    }
    const poolBytes = this.#poolUsed + inWords(bytes.length) + (mask ? inWords(mask.length) : 0) +
      at.POOL_SLACK_BYTES;
    if (poolBytes > TABLES_BYTES_MAX) {
      throw new Error(`Cannot build tables: the forms have ${poolBytes} bytes`);
    }
    if (poolBytes <= this.#pool.length) return;
    const pool = new Uint8Array(Math.max(poolBytes, this.#pool.length * 2));
    pool.set(this.#pool);
    this.#pool = pool;
  }

  #keep(bytes: Uint8Array): number {
    const from = this.#poolUsed;
    copy(bytes, this.#pool, from);
    this.#poolUsed += inWords(bytes.length);
    return from;
  }

  /** Puts the form into a lane; answers where its run begins. */
  #addWindows(form: SearchForm, index: number): number {
    if (form.xor && form.bytes.length === 1) {
      this.#addKeys(form.bytes[0]!, form.xor, index);
      return 0;
    }
    const stream = form.xor ? at.STREAM_XORED : at.STREAM_FOLDED;
    const length = this.#stream(form.bytes, stream);
    const bytes = this.#streamed;
    const window = this.#window;
    chooseWindow(bytes, length, form.mask, stream, window);
    if (window.width === 0) {
      throw new Error(`Cannot look for form ${index}: no byte of it is known in all its bits`);
    }
    const runFrom = Math.max(
      0,
      Math.min(window.offset - at.RUN_BYTES_MAX / 2, form.bytes.length - at.RUN_BYTES_MAX),
    );
    const lane = this.#lane(stream, window.width);
    // Where windows are equal the later one comes first: its form begins earlier.
    for (let step = window.stride - 1; step >= 0; step--) {
      lane.add(index, bytes, window.offset + step, window.offset + step - runFrom);
    }
    return runFrom;
  }

  /** Writes bytes as they are in a stream; answers how many. */
  #stream(bytes: Uint8Array, stream: number): number {
    if (bytes.length > this.#streamed.length) this.#streamed = new Uint8Array(bytes.length * 2);
    const streamed = this.#streamed;
    if (stream === at.STREAM_FOLDED) {
      for (let index = 0; index < bytes.length; index++) streamed[index] = foldByte(bytes[index]!);
      return bytes.length;
    }
    for (let index = 1; index < bytes.length; index++) {
      streamed[index - 1] = bytes[index]! ^ bytes[index - 1]!;
    }
    return bytes.length - 1;
  }

  /** A single byte has no next one with which it could be XORed: it is looked for under each of its keys. */
  #addKeys(byte: number, { from, to }: { from: number; to: number }, index: number): void {
    const lane = this.#lane(at.STREAM_FOLDED, 1);
    const folded = new Set<number>();
    for (let key = from; key <= to; key++) folded.add(foldByte(byte ^ key));
    for (const value of folded) lane.add(index, Uint8Array.of(value), 0, 0);
  }

  #lane(stream: number, width: number): LaneBuilder {
    const key = stream << 8 | width;
    let lane = this.#lanes.get(key);
    if (!lane) this.#lanes.set(key, lane = new LaneBuilder(stream, width));
    return lane;
  }

  /** The tables of all forms. @throws {Error} for too many of them */
  finish(): Uint8Array<ArrayBuffer> {
    const records = this.#records.subarray(0, this.#formCount * RECORD_WORDS);
    const pool = this.#pool.subarray(0, this.#poolUsed + at.POOL_SLACK_BYTES);
    const lanes = [...this.#lanes.values()].map((lane) => ({ lane, parts: lane.finish() }));
    const formsAt = at.HEADER_BYTES + lanes.length * at.LANE_BYTES;
    const anchorsAt = formsAt + records.length * 4;
    const lanesAt = anchorsAt + this.#anchors.length * 4;
    const poolAt = lanes.reduce((sum, { parts }) => sum + partsBytes(parts), lanesAt);
    const totalBytes = poolAt + pool.length;
    if (totalBytes > TABLES_BYTES_MAX) {
      throw new Error(`Cannot build tables: they would have ${totalBytes} bytes`);
    }
    const tables = new Uint8Array(totalBytes);
    const words = new Uint32Array(tables.buffer);
    words[at.HEADER_MAGIC / 4] = at.MAGIC;
    words[at.HEADER_VERSION / 4] = at.VERSION;
    words[at.HEADER_TOTAL_BYTES / 4] = totalBytes;
    words[at.HEADER_FORM_COUNT / 4] = this.#formCount;
    words[at.HEADER_FORMS_AT / 4] = formsAt;
    words[at.HEADER_ANCHOR_COUNT / 4] = this.#anchors.length;
    words[at.HEADER_ANCHORS_AT / 4] = anchorsAt;
    words[at.HEADER_LANE_COUNT / 4] = lanes.length;
    words[at.HEADER_POOL_AT / 4] = poolAt;
    words[at.HEADER_POOL_BYTES / 4] = pool.length;
    words.set(records, formsAt / 4);
    words.set(this.#anchors, anchorsAt / 4);
    let partsAt = lanesAt;
    lanes.forEach(({ lane, parts }, index) => {
      writeLane(words, at.HEADER_BYTES + index * at.LANE_BYTES, lane, parts, partsAt);
      partsAt += partsBytes(parts);
    });
    tables.set(pool, poolAt);
    return tables;
  }
}

function writeLane(
  words: Uint32Array,
  laneAt: number,
  lane: LaneBuilder,
  parts: LaneParts,
  partsAt: number,
): void {
  const startsAt = partsAt + parts.bitmap.byteLength;
  const entriesAt = startsAt + parts.starts.byteLength;
  words[(laneAt + at.LANE_STREAM) / 4] = lane.stream;
  words[(laneAt + at.LANE_WIDTH) / 4] = lane.width;
  words[(laneAt + at.LANE_BITMAP_LOG) / 4] = parts.bitmapLog;
  words[(laneAt + at.LANE_BITMAP_AT) / 4] = partsAt;
  words[(laneAt + at.LANE_BUCKETS_LOG) / 4] = parts.bucketsLog;
  words[(laneAt + at.LANE_STARTS_AT) / 4] = startsAt;
  words[(laneAt + at.LANE_ENTRY_COUNT) / 4] = lane.count;
  words[(laneAt + at.LANE_ENTRIES_AT) / 4] = entriesAt;
  const nibblesAt = entriesAt + parts.entries.byteLength;
  words[(laneAt + at.LANE_NIBBLES_AT) / 4] = parts.nibbles.length > 0 ? nibblesAt : 0;
  words.set(parts.nibbles, nibblesAt / 4);
  words.set(parts.bitmap, partsAt / 4);
  words.set(parts.starts, startsAt / 4);
  words.set(parts.entries, entriesAt / 4);
}

function partsBytes({ bitmap, starts, entries, nibbles }: LaneParts): number {
  return bitmap.byteLength + starts.byteLength + entries.byteLength + nibbles.byteLength;
}

/** What is copied by a loop: for so few bytes a call of the engine takes longer. */
const LOOPED_BYTES_MAX = 64;

function copy(from: Uint8Array, to: Uint8Array, at: number): void {
  if (from.length > LOOPED_BYTES_MAX) to.set(from, at);
  else for (let index = 0; index < from.length; index++) to[at + index] = from[index]!;
}

function foldByte(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

function kindOf({ mask, isCaseInsensitive, xor }: SearchForm): number {
  if (mask) return at.KIND_MASKED;
  if (isCaseInsensitive) return at.KIND_FOLDED;
  return xor ? at.KIND_XORED : at.KIND_EXACT;
}

function checkForm(form: SearchForm, index: number): void {
  const fault = faultOf(form);
  if (fault) throw new Error(`Cannot look for form ${index}: ${fault}`);
}

function faultOf({ bytes, mask, isCaseInsensitive, xor, anchoredAt }: SearchForm): string | undefined {
  if (bytes.length === 0) return "it has no bytes";
  if (Number(mask !== undefined) + Number(isCaseInsensitive) + Number(xor !== undefined) > 1) {
    return "only one of mask, case-insensitivity and xor may be";
  }
  if (mask && mask.length !== bytes.length) return "its mask has another length";
  if (mask && hasOtherBits(bytes, mask)) return "it has bits that its mask leaves out";
  if (isCaseInsensitive && hasUpperCase(bytes)) return "it has an upper-case letter";
  if (xor && !(isKey(xor.from) && isKey(xor.to) && xor.from <= xor.to)) {
    return "its keys are not a range of bytes";
  }
  if (anchoredAt !== undefined && !(Number.isInteger(anchoredAt) && anchoredAt >= 0)) {
    return "its anchor is no offset";
  }
  return undefined;
}

function hasOtherBits(bytes: Uint8Array, mask: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if ((bytes[at]! & ~mask[at]!) !== 0) return true;
  return false;
}

function hasUpperCase(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (foldByte(bytes[at]!) !== bytes[at]) return true;
  return false;
}

function isKey(key: number): boolean {
  return Number.isInteger(key) && key >= 0 && key <= 255;
}

function inWords(bytes: number): number {
  return bytes + 3 & ~3;
}
