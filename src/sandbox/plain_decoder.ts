/**
 * Decodes untrusted JSON in steps, with limits of memory and of the time for which it blocks the event loop.
 *
 * `JSON.parse` can allocate thirty times the bytes of its input, and can't be interrupted.
 *
 * @module
 */

import { MAX_PLAIN_DEPTH, setOwn } from "../core/contract/plain.ts";
import { CostMeter, type RecordForm } from "./plain_cost.ts";
import { BYTES_KEY, MARK, NUMBER_KEY } from "./plain_codec.ts";

/** Longest piece of a text that is decoded in one step, in bytes. */
const PIECE_BYTES = 65_536;
/** Deepest nesting: records and lists of an answer, and plain data within them. */
const MAX_DEPTH = MAX_PLAIN_DEPTH + 10;
/** Longest number, in characters: `JSON.stringify` writes at most 25. */
const MAX_NUMBER_CHARACTERS = 64;
/** Most digits of a whole number that is exact. */
const MAX_WHOLE_DIGITS = 15;
const DIGIT_0 = 0x30;
/** Length of a slice of time, in milliseconds. */
const SLICE_MS = 5;
/** Tokens between two readings of the clock. */
const TOKENS_PER_LOOK = 256;
/** Part of the JSON that is decoded at once and from which short texts and numbers are cut, in bytes: decoding each separately is slow. */
const WINDOW_BYTES = 16_384;
/** Longest text that V8 copies when it is cut from another one; a longer one would keep the whole window. */
const MAX_COPIED_CHARACTERS = 12;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
/** One character for each byte. */
const byteDecoder = new TextDecoder("latin1");

const [QUOTE, BACKSLASH, COMMA, COLON, LIST, LIST_END, RECORD, RECORD_END, LETTER_U, T, F, N] = [
  ...'"\\,:[]{}utfn',
].map((character) => character.charCodeAt(0));

/** What must follow. */
type Expected = "value" | "first item" | "key" | "first key" | "rest of text" | "comma or end" | "nothing";

/** A list or record that is not complete. */
interface Frame {
  /** Index of its first item among the values; `undefined` for a record. */
  readonly start: number | undefined;
  /** Absent while the record may still be a mark of bytes or a number. */
  record: Record<string, unknown> | undefined;
  form: RecordForm | undefined;
  key: string;
  bytes: MarkText | undefined;
  number: MarkText | undefined;
}

/** The text of a marked value. */
interface MarkText {
  readonly text: string;
  readonly costBytes: number;
}

/**
 * Returns the data of JSON that `encodePlain` wrote.
 *
 * @param limitBytes memory that the data may take
 * @param pause awaited after each slice of time, so that the event loop runs; rejects to stop decoding
 * @throws {SyntaxError} for anything but plain data, {CostError} for more than the limit
 */
export async function decodeBounded(
  json: Uint8Array,
  limitBytes: number,
  pause: () => Promise<void>,
): Promise<unknown> {
  const reading = new PlainDecoder(json, limitBytes);
  while (!reading.advance(performance.now() + SLICE_MS)) await pause();
  return reading.value;
}

class PlainDecoder {
  value: unknown;
  readonly #json: Uint8Array;
  readonly #meter: CostMeter;
  readonly #frames: Frame[] = [];
  /** Items of all lists that are not complete. */
  readonly #values: unknown[] = [];
  #expected: Expected = "value";
  #at = 0;
  /** The start of a text that is not complete, and whether it is a key. */
  #text = "";
  #isKey = false;
  #window = "";
  #windowStart = 0;

  constructor(json: Uint8Array, limitBytes: number) {
    this.#json = json;
    this.#meter = new CostMeter(limitBytes);
  }

  /** Continues until a time; returns whether the end is reached. */
  advance(untilMs: number): boolean {
    for (let tokens = 1; this.#at < this.#json.length; tokens++) {
      this.#readToken();
      if (tokens % TOKENS_PER_LOOK === 0 && performance.now() > untilMs) return false;
    }
    if (this.#expected !== "nothing") this.#fail();
    return true;
  }

  #readToken(): void {
    if (this.#expected === "rest of text") return this.#readText();
    const byte = this.#json[this.#at]!;
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return void this.#at++;
    switch (this.#expected) {
      case "first item":
        return byte === LIST_END ? this.#end() : this.#readValue(byte);
      case "value":
        return this.#readValue(byte);
      case "first key":
        return byte === RECORD_END ? this.#end() : this.#readKey(byte);
      case "key":
        return this.#readKey(byte);
      case "comma or end":
        return this.#readComma(byte);
      case "nothing":
        return this.#fail();
    }
  }

  #readValue(byte: number): void {
    switch (byte) {
      case QUOTE:
        return this.#beginText(false);
      case LIST:
      case RECORD:
        return this.#begin(byte);
      case T:
        return this.#readWord("true", true);
      case F:
        return this.#readWord("false", false);
      case N:
        return this.#readWord("null", null);
      default:
        return this.#readNumber();
    }
  }

  #begin(byte: number): void {
    if (this.#frames.length === MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH}`);
    const start = byte === LIST ? this.#values.length : undefined;
    if (byte === LIST) this.#meter.list();
    this.#at++;
    this.#expected = byte === LIST ? "first item" : "first key";
    this.#frames.push({
      start,
      record: undefined,
      form: undefined,
      key: "",
      bytes: undefined,
      number: undefined,
    });
  }

  #readComma(byte: number): void {
    const isList = this.#frames.at(-1)!.start !== undefined;
    if (byte === COMMA) {
      this.#at++;
      this.#expected = isList ? "value" : "key";
    } else if (byte === (isList ? LIST_END : RECORD_END)) this.#end();
    else this.#fail();
  }

  #end(): void {
    this.#at++;
    const frame = this.#frames.pop()!;
    if (frame.start === undefined) return this.#complete(this.#recordOf(frame));
    // A list that grew with its items would have spare capacity.
    const items = this.#values.slice(frame.start);
    this.#values.length = frame.start;
    this.#complete(items);
  }

  /** Returns a record, or the bytes or the number that it marks. */
  #recordOf(frame: Frame): unknown {
    const { bytes, number } = frame;
    if (bytes !== undefined) {
      const content = Uint8Array.fromBase64(bytes.text);
      this.#meter.dropText(bytes.costBytes);
      this.#meter.bytes(content.length);
      return content;
    }
    if (number !== undefined) {
      const value = Number(number.text);
      this.#meter.dropText(number.costBytes);
      this.#meter.number(value);
      return value;
    }
    return this.#openRecord(frame);
  }

  #openRecord(frame: Frame): Record<string, unknown> {
    frame.form ??= this.#meter.record();
    return frame.record ??= {};
  }

  #complete(value: unknown): void {
    const frame = this.#frames.at(-1);
    this.#expected = "comma or end";
    if (!frame) {
      this.value = value;
      this.#expected = "nothing";
    } else if (frame.start === undefined) {
      this.#setField(frame, value);
    } else {
      this.#meter.item();
      this.#values.push(value);
    }
  }

  #setField(frame: Frame, value: unknown): void {
    let { key } = frame;
    if (key.startsWith(MARK)) {
      if (typeof value === "string" && (key === BYTES_KEY || key === NUMBER_KEY)) {
        const text: MarkText = { text: value, costBytes: this.#meter.textBytes };
        return void (key === BYTES_KEY ? frame.bytes = text : frame.number = text);
      }
      key = key.slice(MARK.length);
    }
    const record = this.#openRecord(frame);
    if (!Object.hasOwn(record, key)) this.#meter.field(frame.form!, key);
    setOwn(record, key, value);
  }

  #readKey(byte: number): void {
    if (byte !== QUOTE) this.#fail();
    this.#beginText(true);
  }

  #beginText(isKey: boolean): void {
    this.#at++;
    this.#text = "";
    this.#isKey = isKey;
    // The value of a key depends on the record.
    if (!isKey) this.#meter.text();
    this.#readText();
  }

  /** Reads a piece of a text. It ends with the text, or after many bytes between two characters or escapes. */
  #readText(): void {
    const json = this.#json;
    const start = this.#at;
    const cut = start + PIECE_BYTES;
    let at = start;
    let hasEscapes = false;
    let bits = 0;
    for (; at < json.length; at++) {
      const byte = json[at]!;
      if (byte === QUOTE || (at >= cut && (byte & 0xc0) !== 0x80)) break;
      if (byte < 0x20) this.#fail();
      bits |= byte;
      if (byte !== BACKSLASH) continue;
      hasEscapes = true;
      at += json[at + 1] === LETTER_U ? 5 : 1;
    }
    let text: string;
    if (at - start <= MAX_COPIED_CHARACTERS && !hasEscapes && bits < 0x80) text = this.#cut(start, at);
    else {
      text = decoder.decode(json.subarray(start, at));
      if (hasEscapes) text = JSON.parse(`"${text}"`) as string;
    }
    this.#at = at;
    if (!this.#isKey) this.#meter.piece(text);
    else if (this.#text.length > PIECE_BYTES) throw new SyntaxError("a key is too long");
    this.#text = this.#text === "" ? text : this.#text + text;
    if (json[at] !== QUOTE) this.#expected = "rest of text";
    else this.#endText();
  }

  #endText(): void {
    this.#at++;
    const text = this.#text;
    this.#text = "";
    if (!this.#isKey) return this.#complete(text);
    while (this.#json[this.#at] === 0x20) this.#at++;
    if (this.#json[this.#at] !== COLON) this.#fail();
    this.#at++;
    this.#frames.at(-1)!.key = text;
    this.#expected = "value";
  }

  #readWord(word: string, value: boolean | null): void {
    const end = this.#at + word.length;
    if (this.#cut(this.#at, end) !== word) this.#fail();
    this.#at = end;
    this.#complete(value);
  }

  #readNumber(): void {
    const start = this.#at;
    let end = start;
    let whole = 0;
    for (
      let digit = this.#json[end]! - DIGIT_0;
      digit >= 0 && digit <= 9;
      digit = this.#json[++end]! - DIGIT_0
    ) {
      whole = whole * 10 + digit;
    }
    // Most numbers are whole and not negative.
    const isWhole = !isOfNumber(this.#json[end]) && end > start && end - start <= MAX_WHOLE_DIGITS &&
      (this.#json[start] !== DIGIT_0 || end - start === 1);
    if (isWhole) return this.#endNumber(end, whole);
    while (isOfNumber(this.#json[end])) end++;
    if (end === start || end - start > MAX_NUMBER_CHARACTERS) this.#fail();
    this.#endNumber(end, JSON.parse(this.#cut(start, end)) as number);
  }

  #endNumber(end: number, value: number): void {
    this.#at = end;
    this.#meter.number(value);
    this.#complete(value);
  }

  /** Returns a short part of the JSON, which is ASCII. */
  #cut(start: number, end: number): string {
    if (start < this.#windowStart || end > this.#windowStart + this.#window.length) {
      this.#windowStart = start;
      this.#window = byteDecoder.decode(this.#json.subarray(start, start + WINDOW_BYTES));
    }
    return this.#window.slice(start - this.#windowStart, end - this.#windowStart);
  }

  #fail(): never {
    throw new SyntaxError(`unexpected byte at offset ${this.#at}`);
  }
}

/** Returns whether a byte is a digit, a sign, a point or the letter of an exponent. */
function isOfNumber(byte: number | undefined): boolean {
  return byte !== undefined &&
    ((byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2b || byte === 0x2e || byte === 0x65 ||
      byte === 0x45);
}
