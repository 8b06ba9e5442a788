/**
 * A slow scan for forms, to hold everything else against.
 *
 * @module
 */

import { bestAtom } from "../atom.ts";
import type { PatternForm } from "../compiled_pattern.ts";
import type { FormHit } from "../matches.ts";

/** All places of forms in the order of the core: by the end of the atom, then by form. */
export function scanForms(forms: readonly PatternForm[], content: Uint8Array): FormHit[] {
  const hits: { form: number; offset: number; atomEnd: number }[] = [];
  forms.forEach((form, index) => {
    const atom = bestAtom(form.bytes, form.mask)!;
    for (let offset = 0; offset + form.bytes.length <= content.length; offset++) {
      if (form.anchoredAt !== undefined && form.anchoredAt !== offset) continue;
      if (!isFormAt(form, content, offset)) continue;
      hits.push({ form: index, offset, atomEnd: offset + atom.offset + atom.length });
    }
  });
  hits.sort((a, b) => a.atomEnd - b.atomEnd || a.form - b.form);
  return hits.map(({ form, offset }) => [form, offset]);
}

function isFormAt(form: PatternForm, content: Uint8Array, offset: number): boolean {
  const key = form.xor ? content[offset]! ^ form.bytes[0]! : 0;
  if (form.xor && (key < form.xor.from || key > form.xor.to)) return false;
  const isEqual = form.bytes.every((byte, i) => {
    const found = content[offset + i]! ^ key;
    return form.isCaseInsensitive ? lower(found) === byte : (found & (form.mask?.[i] ?? 0xff)) === byte;
  });
  return isEqual && isWord(form, content, offset, key);
}

function isWord(form: PatternForm, content: Uint8Array, offset: number, key: number): boolean {
  const end = offset + form.bytes.length;
  const isLetter = (at: number) => {
    const byte = content[at];
    return byte !== undefined && /[0-9A-Za-z]/.test(String.fromCharCode(byte ^ key));
  };
  if (form.boundary === "byte") return !isLetter(offset - 1) && !isLetter(end);
  if (form.boundary === "none") return true;
  const isZero = (at: number) => content[at] !== undefined && (content[at]! ^ key) === 0;
  const hasLeft = offset >= 2 && isZero(offset - 1) && isLetter(offset - 2);
  return !hasLeft && !(isZero(end + 1) && isLetter(end));
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
