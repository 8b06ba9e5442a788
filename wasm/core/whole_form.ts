/**
 * Compares whole forms where the core does not: at their anchors, and those of which it saw but a part.
 *
 * @module
 */

import * as at from "./layout.ts";

/** The forms of checked tables. */
export class WholeForms {
  readonly #tables: Uint8Array;
  readonly #words: Uint32Array;
  readonly #formsAt: number;
  readonly #poolAt: number;

  constructor(tables: Uint8Array, words: Uint32Array) {
    this.#tables = tables;
    this.#words = words;
    this.#formsAt = words[at.HEADER_FORMS_AT / 4]!;
    this.#poolAt = words[at.HEADER_POOL_AT / 4]!;
  }

  /** One word of a form's record, `field` being one of `FORM_*`. */
  field(form: number, field: number): number {
    return this.#words[(this.#formsAt + form * at.FORM_RECORD_BYTES + field) / 4]!;
  }

  /** The byte of the pool at `place`. */
  poolByte(place: number): number {
    return this.#tables[this.#poolAt + place]!;
  }

  /** Whether all of the form fits into the content at `offset`, with a key and neighbours of its own. */
  isPossibleAt(form: number, content: Uint8Array, offset: number): boolean {
    return offset + this.field(form, at.FORM_LENGTH) <= content.length &&
      this.#hasKeyAt(form, content, offset) && this.#isWordAt(form, content, offset);
  }

  /** How many bytes at the start of the form are in the content at `offset`. */
  commonBytes(form: number, content: Uint8Array, offset: number): number {
    const length = Math.min(this.field(form, at.FORM_LENGTH), content.length - offset);
    const kind = this.field(form, at.FORM_TRAITS) & 255;
    const key = this.#keyAt(form, content, offset);
    const bytesAt = this.#poolAt + this.field(form, at.FORM_BYTES_AT);
    const maskAt = this.#poolAt + this.field(form, at.FORM_MASK_AT);
    for (let index = 0; index < length; index++) {
      let byte = content[offset + index]! ^ key;
      if (kind === at.KIND_MASKED) byte &= this.#tables[maskAt + index]!;
      else if (kind === at.KIND_FOLDED && byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
      if (byte !== this.#tables[bytesAt + index]) return index;
    }
    return length;
  }

  #hasKeyAt(form: number, content: Uint8Array, offset: number): boolean {
    const traits = this.field(form, at.FORM_TRAITS);
    if ((traits & 255) !== at.KIND_XORED) return true;
    const key = this.#keyAt(form, content, offset);
    return key >= (traits >>> 16 & 255) && key <= traits >>> 24;
  }

  #isWordAt(form: number, content: Uint8Array, offset: number): boolean {
    const boundary = this.field(form, at.FORM_TRAITS) >>> 8 & 255;
    if (boundary === at.BOUNDARY_NONE) return true;
    const key = this.#keyAt(form, content, offset);
    const end = offset + this.field(form, at.FORM_LENGTH);
    if (boundary === at.BOUNDARY_BYTE) {
      return !isAlphanumeric(content[offset - 1], key) && !isAlphanumeric(content[end], key);
    }
    // What is not in the content is undefined, and no zero.
    const isBefore = content[offset - 1] === key && isAlphanumeric(content[offset - 2], key);
    return !isBefore && !(content[end + 1] === key && isAlphanumeric(content[end], key));
  }

  #keyAt(form: number, content: Uint8Array, offset: number): number {
    if ((this.field(form, at.FORM_TRAITS) & 255) !== at.KIND_XORED) return 0;
    return content[offset]! ^ this.#tables[this.#poolAt + this.field(form, at.FORM_BYTES_AT)]!;
  }
}

function isAlphanumeric(byte: number | undefined, key: number): boolean {
  if (byte === undefined) return false;
  const plain = byte ^ key;
  const letter = plain | 0x20;
  return letter >= 0x61 && letter <= 0x7a || plain >= 0x30 && plain <= 0x39;
}
