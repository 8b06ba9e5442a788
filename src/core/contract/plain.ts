/**
 * Plain data: what plugins and the engine hand to each other.
 *
 * @module
 */

/** JSON's values plus bytes. It survives a process boundary and says nothing about who made it. */
export type Plain = null | boolean | number | string | Uint8Array | readonly Plain[] | PlainRecord;

/** A record of plain data; a key whose value is `undefined` counts as absent. */
export interface PlainRecord {
  /** Any name, `__proto__` included. */
  readonly [key: string]: Plain | undefined;
}

/** Whether a value is an object that is no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether plain data is a record, neither a list nor bytes. */
export function isPlainRecord(value: Plain | undefined): value is PlainRecord {
  return isRecord(value) && !(value instanceof Uint8Array);
}

/** Deepest nesting of plain data. */
export const MAX_PLAIN_DEPTH = 100;

/** Why a value can't become plain data. */
export class NotPlainError extends Error {
  override readonly name = "NotPlainError";
  /** `size`: larger than allowed. `shape`: something that has no plain form. */
  readonly kind: "size" | "shape";

  constructor(kind: "size" | "shape", message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Adds a key to a record that does not have it.
 *
 * An assignment to `__proto__` would change the record's prototype. An assignment to an array index would make V8 keep room
 * for all indexes below it: 12 kB for `{"1023": 1}`. What is defined as read-only is kept in a hash table instead.
 */
export function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__" || isArrayIndex(key)) {
    Object.defineProperty(record, key, { value, enumerable: true, configurable: true });
  } else record[key] = value;
}

/** Whether JavaScript takes a key for a place in an array. */
export function isArrayIndex(key: string): boolean {
  const first = key.charCodeAt(0);
  // Decides most names quickly.
  if (!(first >= 48 && first <= 57) || key.length > 10) return false;
  const index = Number(key);
  return index < 2 ** 32 - 1 && String(index) === key;
}

/**
 * Copies an answer of a plugin into plain data. The copy holds no reference to objects of the plugin.
 *
 * Dates become ISO text, maps records, sets lists, big integers numbers where they fit and text where they do not;
 * `undefined` is dropped from records and `null` in lists. Several values may be as large as the limit together; once they
 * were not, nothing is copied any more.
 */
export class PlainCopier {
  #leftBytes: number;

  /** @param limitBytes roughly the size of the JSON that may come out */
  constructor(limitBytes: number) {
    this.#leftBytes = limitBytes;
  }

  /** @throws {NotPlainError} for functions and symbols, nesting beyond {@link MAX_PLAIN_DEPTH} (so for cycles) and size */
  copy(value: unknown): Plain {
    return this.#copy(value, 0);
  }

  #copy(value: unknown, depth: number): Plain {
    if (depth > MAX_PLAIN_DEPTH) {
      throw new NotPlainError(
        "shape",
        `results are nested deeper than ${MAX_PLAIN_DEPTH}, or refer to themselves`,
      );
    }
    switch (typeof value) {
      case "string":
        this.#spend(value.length + 2);
        return value;
      case "number":
      case "boolean":
        this.#spend(4);
        return value;
      case "undefined":
        return null;
      case "bigint": {
        this.#spend(8);
        const number = Number(value);
        return Number.isSafeInteger(number) ? number : value.toString();
      }
      case "object":
        this.#spend(2);
        return value === null ? null : this.#copyObject(value, depth + 1);
      default:
        throw new NotPlainError("shape", `results hold a ${typeof value}, which is not data`);
    }
  }

  #copyObject(value: object, depth: number): Plain {
    if (ArrayBuffer.isView(value)) {
      this.#spend(value.byteLength);
      return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
    }
    if (Array.isArray(value)) return this.#copyList(value, depth);
    if (value instanceof Date) return this.#copyDate(value);
    if (value instanceof Set) return this.#copyList([...value], depth);
    if (value instanceof Map) return this.#copyEntries(value.entries(), depth);
    return this.#copyEntries(Object.entries(value), depth);
  }

  /** A plugin's own class of dates may have methods that return anything, so none of them is called. */
  #copyDate(date: Date): Plain {
    if (Number.isNaN(Date.prototype.getTime.call(date))) return null;
    const text = Date.prototype.toISOString.call(date);
    this.#spend(text.length);
    return text;
  }

  #copyList(list: readonly unknown[], depth: number): Plain[] {
    // A sparse array of length 2^32 costs nothing to make: pay for its length before walking it.
    this.#spend(list.length * 2);
    return Array.from(list, (item) => this.#copy(item, depth));
  }

  #copyEntries(entries: Iterable<[unknown, unknown]>, depth: number): PlainRecord {
    const record: Record<string, Plain> = {};
    for (const [name, item] of entries) {
      if (item === undefined) continue;
      const key = String(name);
      this.#spend(key.length + 4);
      const copy = this.#copy(item, depth);
      setOwn(record, key, copy);
    }
    return record;
  }

  #spend(bytes: number): void {
    this.#leftBytes -= bytes;
    if (this.#leftBytes < 0) throw new NotPlainError("size", "results are larger than the limit");
  }
}
