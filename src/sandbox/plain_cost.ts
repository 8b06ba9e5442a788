/**
 * Estimates how many bytes decoded plain data takes in memory. It bounds what a runner can make the main process allocate.
 *
 * The estimate follows V8 where a few bytes of JSON become many bytes of heap: records whose fields have the same names in the same
 * order share a hidden class, and a record with many fields is a hash table.
 *
 * @module
 */

import { isArrayIndex } from "../core/contract/plain.ts";

/** The data takes more memory than it may. */
export class CostError extends Error {
  override readonly name = "CostError";
}

/** Bytes of a list without its items. */
const LIST = 48;
/** Bytes of an item's place in a list. */
const ITEM = 12;
/** Bytes of a record with room for its first fields. */
const RECORD = 56;
/** Fields that are included in {@link RECORD}. */
const FIRST_FIELDS = 4;
/** Bytes of a further field's place. */
const FIELD = 16;
/** Fields after which a record is a hash table. */
const MAX_FAST_FIELDS = 16;
/** Bytes of an entry of a hash table with a single entry. */
const ENTRY = 128;
/** Bytes of a hidden class, of the transition to it, and of its `Shape` here. */
const SHAPE = 512;
/** Bytes of a hidden class for each field that it describes. */
const SHAPE_FIELD = 24;
/** Bytes of a text without its characters, or with them where these are few. */
const TEXT = 32;
/** Characters that are included in {@link TEXT}. */
const SHORT_TEXT = 12;
/** Bytes of a number that is not small and whole. */
const NUMBER = 16;
/** Bytes of a `Uint8Array` and its buffer without the content. */
const BYTES = 400;
/** A sequence of first keys of records: V8 has a hidden class for each. */
interface Shape {
  readonly fields: number;
  next?: Map<string, Shape>;
}

/** The memory layout of a record that is being filled. */
export interface RecordForm {
  shape: Shape;
  fields: number;
}

/** Sums up what data takes. */
export class CostMeter {
  readonly #root: Shape = { fields: 0 };
  #leftBytes: number;
  #textBytes = 0;

  constructor(limitBytes: number) {
    this.#leftBytes = limitBytes;
  }

  /** @throws {CostError} for more than is left */
  #spend(bytes: number): void {
    this.#leftBytes -= bytes;
    if (this.#leftBytes < 0) throw new CostError();
  }

  list(): void {
    this.#spend(LIST);
  }

  item(): void {
    this.#spend(ITEM);
  }

  record(): RecordForm {
    this.#spend(RECORD);
    return { shape: this.#root, fields: 0 };
  }

  /** Adds a new field of a record. */
  field(form: RecordForm, key: string): void {
    if (isArrayIndex(key)) return this.#spend(ENTRY);
    if (++form.fields > MAX_FAST_FIELDS) return this.#spend(ENTRY + TEXT + charactersOf(key));
    if (form.fields > FIRST_FIELDS) this.#spend(FIELD);
    form.shape = form.shape.next?.get(key) ?? this.#newShape(form.shape, key);
  }

  /** Starts a text; its pieces follow. */
  text(): void {
    this.#textBytes = 0;
    this.#spendOnText(TEXT);
  }

  piece(text: string): void {
    this.#spendOnText(charactersOf(text));
  }

  /** Bytes of the latest text with all its pieces. */
  get textBytes(): number {
    return this.#textBytes;
  }

  #spendOnText(bytes: number): void {
    this.#textBytes += bytes;
    this.#spend(bytes);
  }

  number(value: number): void {
    if ((value | 0) !== value) this.#spend(NUMBER);
  }

  bytes(length: number): void {
    this.#spend(BYTES + length);
  }

  /**
   * Subtracts a text that was converted to bytes or a number.
   *
   * @param bytes what it took; its length does not tell, because V8 stores a long text in pieces
   */
  dropText(bytes: number): void {
    this.#leftBytes += bytes;
  }

  /** Counts the text of a value that JSON lacks, and subtracts it: it is dropped once the value is made. */
  passingText(length: number): void {
    const bytes = TEXT + (length <= SHORT_TEXT ? 0 : length);
    this.#spend(bytes);
    this.#leftBytes += bytes;
  }

  #newShape(from: Shape, key: string): Shape {
    const fields = from.fields + 1;
    this.#spend(SHAPE + fields * SHAPE_FIELD + TEXT + charactersOf(key));
    const shape = { fields };
    (from.next ??= new Map()).set(key, shape);
    return shape;
  }
}

/** Returns the bytes of a text's characters beyond those that are included: V8 stores each in one or two bytes. */
function charactersOf(text: string): number {
  if (text.length <= SHORT_TEXT) return 0;
  return /^[\0-\xff]*$/.test(text) ? text.length : 2 * text.length;
}

/** Returns whether plain data takes no more than a limit. The decoder on the other side never counts more. */
export function isWithinCost(value: unknown, limitBytes: number): boolean {
  try {
    addCost(new CostMeter(limitBytes), value);
    return true;
  } catch (error) {
    if (error instanceof CostError) return false;
    throw error;
  }
}

function addCost(meter: CostMeter, value: unknown): void {
  if (typeof value === "string") {
    meter.text();
    meter.piece(value);
  } else if (typeof value === "number") {
    if (!Number.isFinite(value) || Object.is(value, -0)) meter.passingText(SHORT_TEXT);
    meter.number(value);
  } else if (value instanceof Uint8Array) {
    meter.passingText(Math.ceil(value.length / 3) * 4);
    meter.bytes(value.length);
  } else if (Array.isArray(value)) {
    meter.list();
    for (const item of value) {
      meter.item();
      addCost(meter, item);
    }
  } else if (typeof value === "object" && value !== null) {
    const form = meter.record();
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      meter.field(form, key);
      addCost(meter, item);
    }
  }
}
