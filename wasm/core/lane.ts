/**
 * A lane while it is built: its windows one after the other, then bitmap, buckets and entries.
 *
 * @module
 */

import {
  BITMAP_LOG_MAX,
  BITMAP_LOG_MIN,
  BUCKETS_LOG_MAX,
  BUCKETS_LOG_MIN,
  ENTRY_BYTES,
  HASH_HIGH,
  HASH_LOW,
  LONG_WIDTH,
} from "./layout.ts";
import { nibbleGroups } from "./nibbles.ts";

const ENTRY_WORDS = ENTRY_BYTES / 4;
/** Bits of the bitmap for each entry: of places without a window one in so many is looked up in vain. */
const BITS_PER_ENTRY_LOG = 5;
/** With more windows most places are of some group. */
const NIBBLED_ENTRIES_MAX = 128;

/** The parts of a lane, as they lie in the tables. */
export interface LaneParts {
  readonly bitmapLog: number;
  readonly bitmap: Uint32Array;
  readonly bucketsLog: number;
  readonly starts: Uint32Array;
  readonly entries: Uint32Array;
  /** Empty where there are none. */
  readonly nibbles: Uint32Array;
}

/** Takes in windows of one width in one stream. */
export class LaneBuilder {
  #words = new Uint32Array(1024 * ENTRY_WORDS);
  #used = 0;
  /** The windows themselves, as long as they are few. */
  readonly #windows: Uint8Array[] = [];

  constructor(readonly stream: number, readonly width: number) {}

  /** How many windows it has. */
  get count(): number {
    return this.#used / ENTRY_WORDS;
  }

  /** Takes in the window of `bytes`, as they are in the stream, at `at`, `offset` bytes into the form's run. */
  add(form: number, bytes: Uint8Array, at: number, offset: number): void {
    if (this.#used === this.#words.length) this.#grow();
    if (this.#isNibbled()) this.#windows.push(bytes.slice(at, at + this.width));
    this.#words[this.#used++] = windowHash(bytes, at, this.width);
    this.#words[this.#used++] = form;
    this.#words[this.#used++] = offset;
  }

  #isNibbled(): boolean {
    return this.width !== LONG_WIDTH && this.count <= NIBBLED_ENTRIES_MAX;
  }

  #grow(): void {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
  }

  /** Sorts the entries by bucket; those of one bucket stay in the order in which they came. */
  finish(): LaneParts {
    const words = this.#words;
    const bucketsLog = logFor(this.count, BUCKETS_LOG_MIN, BUCKETS_LOG_MAX);
    const bitmapLog = logFor(this.count << BITS_PER_ENTRY_LOG, BITMAP_LOG_MIN, BITMAP_LOG_MAX);
    const bitmap = new Uint32Array(1 << bitmapLog - 5);
    const starts = new Uint32Array((1 << bucketsLog) + 1);
    for (let at = 0; at < this.#used; at += ENTRY_WORDS) {
      const hash = words[at]!;
      const bit = hash >>> 32 - bitmapLog;
      bitmap[bit >>> 5]! |= 1 << (bit & 31);
      starts[hash >>> 32 - bucketsLog]!++;
    }
    let sum = 0;
    for (let bucket = 0; bucket < starts.length; bucket++) {
      sum += starts[bucket]!;
      starts[bucket] = sum;
    }
    // Each start is now its bucket's end, and moves down with each entry, the last one first.
    const entries = new Uint32Array(this.#used);
    for (let at = this.#used - ENTRY_WORDS; at >= 0; at -= ENTRY_WORDS) {
      const to = --starts[words[at]! >>> 32 - bucketsLog]! * ENTRY_WORDS;
      entries[to] = words[at]!;
      entries[to + 1] = words[at + 1]!;
      entries[to + 2] = words[at + 2]!;
    }
    const nibbles = this.#isNibbled() ? nibbleGroups(this.#windows, this.width) : new Uint32Array(0);
    return { bitmapLog, bitmap, bucketsLog, starts, entries, nibbles };
  }
}

/** The hash of `width` bytes, 1 to 4 or 8, as assembly/lanes.ts computes it of those of the content. */
export function windowHash(bytes: Uint8Array, at: number, width: number): number {
  const narrow = Math.min(width, 4);
  const hash = Math.imul(wordAt(bytes, at, narrow), HASH_LOW);
  return (width === LONG_WIDTH ? hash + Math.imul(wordAt(bytes, at + 4, 4), HASH_HIGH) : hash) >>> 0;
}

function wordAt(bytes: Uint8Array, at: number, width: number): number {
  let word = 0;
  for (let index = 0; index < width; index++) word |= bytes[at + index]! << 8 * index;
  return word;
}

function logFor(count: number, min: number, max: number): number {
  return Math.min(Math.max(32 - Math.clz32(count), min), max);
}
