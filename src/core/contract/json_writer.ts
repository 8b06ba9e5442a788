/**
 * Writes data as JSON piece by piece, so that no text as long as the whole is ever made.
 *
 * What is small is written by `JSON.stringify` at once, which is several times as fast as walking it; what is large is walked, with a
 * stack of its own, however deeply it is nested.
 *
 * @module
 */

import { escapeJson, isLead } from "./json_text.ts";
import type { Plain } from "./plain.ts";

/** A list whose items are made when they are written. */
export class LazyList {
  readonly #items: readonly unknown[];
  readonly #map: (item: never) => Node;

  /** Maps the items of a list. */
  constructor(items: readonly unknown[], map: (item: never) => Node) {
    this.#items = items;
    this.#map = map;
  }

  get length(): number {
    return this.#items.length;
  }

  /** The item at an index. */
  at(index: number): Node {
    return this.#map(this.#items[index] as never);
  }
}

/** What can be written: plain data with lazy lists in it. */
export type Node = Plain | LazyList | readonly Node[] | NodeRecord;

/** A record with JSON's names. */
export interface NodeRecord {
  readonly [key: string]: Node | undefined;
  /** Whether stoQ itself makes the keys, so that a sole key `base64` is no plugin's. */
  readonly [OWN_KEYS]?: true;
}

/** Marks a record of names: `{ [OWN_KEYS]: true, … }`. */
export const OWN_KEYS: unique symbol = Symbol("own keys");

/** Characters of JSON that are encoded together: chunks are about as many bytes long. */
const CHUNK_CHARS = 65_536;

/** Characters, roughly, up to which data is small. */
const SMALL_CHARS = 16_384;

/** Bytes of a piece of base64 without padding in its midst. */
const BASE64_BYTES = 3 * 4096;

const encoder = new TextEncoder();

/** A container that is being written. */
interface Frame {
  readonly close: string;
  /** Keys of a record; absent for a list. */
  readonly keys?: readonly string[];
  readonly length: number;
  at(index: number): Node;
  next: number;
}

/** Writes one value. */
export class JsonWriter {
  readonly #indent: number;
  #text = "";
  #depth = 0;
  /** For the small container that is written next. */
  #replacer: typeof replaceSpecials | undefined;

  /** @param indent spaces for each level of nesting; 0: all on one line */
  constructor(indent: number) {
    this.#indent = indent;
  }

  /** UTF-8 of the value's JSON, in chunks of about 64 KiB. */
  *chunks(root: Node): Generator<Uint8Array> {
    const frames: Frame[] = [];
    let value = root;
    for (;;) {
      const frame = this.#open(value);
      if (frame) frames.push(frame);
      else if (isLong(value)) yield* this.#writeAll(this.#longPieces(value));
      else this.#text += this.#shortPiece(value);
      let innermost = frames.at(-1);
      while (innermost && innermost.next === innermost.length) {
        frames.pop();
        this.#close(innermost);
        innermost = frames.at(-1);
      }
      if (!innermost) break;
      this.#text += (innermost.next > 0 ? "," : "") + this.#lineStart;
      if (innermost.keys) {
        yield* this.#writeAll(textPieces(innermost.keys[innermost.next]!));
        this.#text += this.#indent > 0 ? ": " : ":";
      }
      if (this.#text.length >= CHUNK_CHARS) yield this.#takeChunk();
      value = innermost.at(innermost.next++);
    }
    if (this.#text.length > 0) yield this.#takeChunk();
  }

  *#writeAll(pieces: Iterable<string>): Generator<Uint8Array> {
    for (const piece of pieces) {
      this.#text += piece;
      if (this.#text.length >= CHUNK_CHARS) yield this.#takeChunk();
    }
  }

  #takeChunk(): Uint8Array {
    const chunk = encoder.encode(this.#text);
    this.#text = "";
    return chunk;
  }

  /** Begins a container that is too large to be written at once. */
  #open(value: Node): Frame | undefined {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return undefined;
    const survey = new Survey();
    if (survey.visit(value)) {
      this.#replacer = survey.hasSpecials ? replaceSpecials : undefined;
      return undefined;
    }
    const frame = value instanceof LazyList || Array.isArray(value)
      ? listFrame(value)
      : recordFrame(value as NodeRecord);
    if (frame.length === 0) {
      this.#text += frame.keys ? "{}" : "[]";
      return { ...frame, close: "" };
    }
    this.#text += frame.keys ? "{" : "[";
    this.#depth++;
    return frame;
  }

  #close({ close }: Frame): void {
    if (close === "") return;
    this.#depth--;
    this.#text += this.#lineStart + close;
  }

  get #lineStart(): string {
    return this.#indent > 0 ? `\n${" ".repeat(this.#indent * this.#depth)}` : "";
  }

  /** JSON of a value that `JSON.stringify` can write. */
  #shortPiece(value: Node): string {
    const json = escapeJson(JSON.stringify(value, this.#replacer, this.#indent));
    // Line breaks within texts are escaped: these are those of the layout.
    return this.#indent > 0 && typeof value === "object" ? json.replaceAll("\n", this.#lineStart) : json;
  }

  *#longPieces(value: string | Uint8Array): Generator<string> {
    if (typeof value === "string") return yield* textPieces(value);
    if (isUtf8(value)) {
      yield '"';
      for (const text of decodedPieces(value)) yield* bodyPieces(text);
      yield '"';
      return;
    }
    this.#depth++;
    yield `{${this.#lineStart}"base64":${this.#indent > 0 ? " " : ""}"`;
    for (let at = 0; at < value.length; at += BASE64_BYTES) {
      yield value.subarray(at, at + BASE64_BYTES).toBase64();
    }
    this.#depth--;
    yield `"${this.#lineStart}}`;
  }
}

function isLong(value: Node): value is string | Uint8Array {
  return typeof value === "string" ? value.length > SMALL_CHARS : value instanceof Uint8Array;
}

function listFrame(list: LazyList | readonly Node[]): Frame {
  return { close: "]", length: list.length, at: (index) => list.at(index) ?? null, next: 0 };
}

function recordFrame(record: NodeRecord): Frame {
  const names = Object.keys(record).filter((name) => record[name] !== undefined);
  const sole = soleBase64(record);
  const keys = sole === undefined ? names : [sole];
  return { close: "}", keys, length: keys.length, at: (index) => record[names[index]!]!, next: 0 };
}

/** A text in quotes, in pieces. */
function* textPieces(text: string): Generator<string> {
  yield '"';
  yield* bodyPieces(text);
  yield '"';
}

/** What stands between the quotes, in pieces; pairs of surrogates stay together. */
function* bodyPieces(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + SMALL_CHARS, text.length);
    if (end < text.length && isLead(text.charCodeAt(end - 1))) end--;
    yield escapeJson(JSON.stringify(text.slice(at, end))).slice(1, -1);
    at = end;
  }
}

/** Finds out whether a container is small, so that `JSON.stringify` may write it. */
class Survey {
  /** Characters that are left until it is large. */
  #room = SMALL_CHARS;
  /** Whether it holds what `JSON.stringify` alone writes otherwise. */
  hasSpecials = false;

  /** @returns whether the container is small */
  visit(container: object): boolean {
    if (container instanceof Uint8Array) return this.#visitBytes(container);
    if (container instanceof LazyList) return false;
    // So much for each that what is small is not nested deeply.
    this.#room -= 64;
    if (Array.isArray(container)) {
      for (let index = 0; index < container.length; index++) {
        if (!this.#visitItem(container[index])) return false;
      }
      return true;
    }
    for (const key in container) {
      const item = (container as NodeRecord)[key];
      if (item === undefined) continue;
      if (key === "base64") this.hasSpecials = true;
      this.#room -= key.length;
      if (!this.#visitItem(item)) return false;
    }
    return true;
  }

  #visitItem(item: unknown): boolean {
    this.#room -= typeof item === "string" ? item.length + 4 : 8;
    if (this.#room < 0) return false;
    return typeof item !== "object" || item === null || this.visit(item);
  }

  #visitBytes({ length }: Uint8Array): boolean {
    this.hasSpecials = true;
    this.#room -= 2 * length;
    return this.#room >= 0;
  }
}

/** A replacer for small containers. */
function replaceSpecials(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (value instanceof Uint8Array) return bytesNode(value);
  const key = soleBase64(value as NodeRecord);
  return key === undefined ? value : { [key]: (value as NodeRecord).base64 };
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function bytesNode(bytes: Uint8Array): string | NodeRecord {
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { [OWN_KEYS]: true, base64: bytes.toBase64() };
  }
}

/** The key in place of a record's only key `base64`. */
function soleBase64(record: NodeRecord): "base64_key" | undefined {
  if (record.base64 === undefined || record[OWN_KEYS]) return undefined;
  for (const key in record) if (key !== "base64" && record[key] !== undefined) return undefined;
  return "base64_key";
}

/** Valid UTF-8 with at most so many bytes is decoded at once. */
const DECODED_BYTES = 65_536;

/** Whether bytes are valid UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    for (const _ of decodedPieces(bytes));
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** The text that bytes are, in pieces. @throws {TypeError} where they are no UTF-8 */
export function* decodedPieces(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (let at = 0; at < bytes.length; at += DECODED_BYTES) {
    yield decoder.decode(bytes.subarray(at, at + DECODED_BYTES), { stream: true });
  }
  yield decoder.decode();
}
