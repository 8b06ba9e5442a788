/**
 * Many texts in one buffer, each decoded when it is asked for.
 *
 * @module
 */

/** Texts by index. */
export interface TextTable {
  /** Number of texts. */
  readonly length: number;
  /** A text; the index must be below {@linkcode TextTable.length}. */
  get(index: number): string;
}

/** Three bytes are what a UTF-16 unit takes at most. */
const UNIT_BYTES_MAX = 3;
const FIRST_BYTES = 65_536;
const FIRST_TEXTS = 1_024;
const ENCODER = new TextEncoder();

/** Puts texts into one buffer: their number, the offsets behind each (32 bits, little endian), their UTF-8. */
export class TextTableWriter {
  #content = new Uint8Array(FIRST_BYTES);
  #contentBytes = 0;
  #ends = new Uint32Array(FIRST_TEXTS);
  #count = 0;

  /** Adds a text behind the others. */
  add(text: string): void {
    const room = this.#contentBytes + text.length * UNIT_BYTES_MAX;
    if (room > this.#content.length) this.#content = grown(this.#content, room);
    if (this.#count === this.#ends.length) this.#ends = grown(this.#ends, this.#count + 1);
    if (text.length > 0) {
      this.#contentBytes += ENCODER.encodeInto(text, this.#content.subarray(this.#contentBytes)).written;
    }
    this.#ends[this.#count++] = this.#contentBytes;
  }

  /** The buffer with all texts. */
  finish(): Uint8Array {
    const head = 4 * (this.#count + 1);
    const packed = new Uint8Array(head + this.#contentBytes);
    const view = new DataView(packed.buffer);
    view.setUint32(0, this.#count, true);
    for (let index = 0; index < this.#count; index++) {
      view.setUint32(4 * (index + 1), this.#ends[index]!, true);
    }
    packed.set(this.#content.subarray(0, this.#contentBytes), head);
    return packed;
  }
}

function grown<List extends Uint8Array | Uint32Array>(list: List, length: number): List {
  const larger = new (list.constructor as new (length: number) => List)(Math.max(list.length * 2, length));
  larger.set(list);
  return larger;
}

/** The same for texts that are all at hand. */
export function packTexts(texts: readonly string[]): Uint8Array {
  const writer = new TextTableWriter();
  for (const text of texts) writer.add(text);
  return writer.finish();
}

/** Reads what {@linkcode packTexts} wrote. @throws {RangeError} when its offsets don't fit it */
export function unpackTexts(packed: Uint8Array): TextTable {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const length = packed.length < 4 ? 0 : view.getUint32(0, true);
  const start = 4 * (length + 1);
  if (start > packed.length) {
    throw new RangeError("Cannot read a table of texts: it is shorter than its offsets");
  }
  const endOf = (index: number) => index < 0 ? 0 : view.getUint32(4 * (index + 1), true);
  for (let index = 0, last = 0; index < length; index++) {
    const end = endOf(index);
    if (end < last || start + end > packed.length) {
      throw new RangeError(`Cannot read a table of texts: text ${index} lies outside`);
    }
    last = end;
  }
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const get = (index: number) =>
    decoder.decode(packed.subarray(start + endOf(index - 1), start + endOf(index)));
  return { length, get };
}
