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

/** Puts texts into one buffer: their number, the offsets behind each (32 bits, little endian), their UTF-8. */
export function packTexts(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  // Three bytes are what a UTF-16 unit takes at most.
  const room = texts.reduce((sum, text) => sum + text.length * 3, 0);
  const content = new Uint8Array(room);
  const head = new Uint8Array(4 * (texts.length + 1));
  const view = new DataView(head.buffer);
  view.setUint32(0, texts.length, true);
  let end = 0;
  for (const [index, text] of texts.entries()) {
    end += encoder.encodeInto(text, content.subarray(end)).written;
    view.setUint32(4 * (index + 1), end, true);
  }
  const packed = new Uint8Array(head.length + end);
  packed.set(head);
  packed.set(content.subarray(0, end), head.length);
  return packed;
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
