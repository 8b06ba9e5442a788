/**
 * Forms that are looked for at one offset alone.
 *
 * @module
 */

import * as at from "./layout.ts";
import type { WholeForms } from "./whole_form.ts";

/** The anchored forms of checked tables, with the byte that excludes most of them at once. */
export class Anchors {
  readonly #forms: Uint32Array;
  readonly #offsets: Uint32Array;
  readonly #firstBytes: Uint8Array;
  /** Which bits of the first byte must be those; none where case or a key may change it. */
  readonly #firstBits: Uint8Array;

  constructor(indexes: Uint32Array, forms: WholeForms) {
    this.#forms = indexes;
    this.#offsets = indexes.map((form) => forms.field(form, at.FORM_ANCHOR));
    this.#firstBits = Uint8Array.from(indexes, (form) => {
      const kind = forms.field(form, at.FORM_TRAITS) & 255;
      if (kind === at.KIND_EXACT) return 0xff;
      return kind === at.KIND_MASKED ? forms.poolByte(forms.field(form, at.FORM_MASK_AT)) : 0;
    });
    this.#firstBytes = Uint8Array.from(indexes, (form, index) => {
      return forms.poolByte(forms.field(form, at.FORM_BYTES_AT)) & this.#firstBits[index]!;
    });
  }

  /** Pairs of forms and offsets, those that are there. */
  find(content: Uint8Array, forms: WholeForms): number[] {
    const found: number[] = [];
    for (let index = 0; index < this.#forms.length; index++) {
      const offset = this.#offsets[index]!;
      if (offset >= content.length) continue;
      if ((content[offset]! & this.#firstBits[index]!) !== this.#firstBytes[index]) continue;
      const form = this.#forms[index]!;
      if (!forms.isPossibleAt(form, content, offset)) continue;
      if (forms.commonBytes(form, content, offset) === forms.field(form, at.FORM_LENGTH)) {
        found.push(form, offset);
      }
    }
    return found;
  }
}
