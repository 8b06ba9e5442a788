/**
 * What the core should find, said as simply as it can be: every form at every offset, byte by byte. For tests and for the
 * benchmark's ratio.
 *
 * @module
 */

import type { SearchForm } from "../shapes.ts";

/** All hits of all forms, as `[form, offset]`, by form and then by offset. */
export function findNaively(forms: readonly SearchForm[], content: Uint8Array): [number, number][] {
  const hits: [number, number][] = [];
  forms.forEach((form, index) => {
    const last = content.length - form.bytes.length;
    for (let offset = 0; offset <= last; offset++) {
      if (form.anchoredAt !== undefined && form.anchoredAt !== offset) continue;
      if (isAt(form, content, offset)) hits.push([index, offset]);
    }
  });
  return hits;
}

function isAt(form: SearchForm, content: Uint8Array, offset: number): boolean {
  const key = form.xor ? content[offset]! ^ form.bytes[0]! : 0;
  if (form.xor && (key < form.xor.from || key > form.xor.to)) return false;
  for (let index = 0; index < form.bytes.length; index++) {
    const bits = form.mask?.[index] ?? 0xff;
    let byte = (content[offset + index]! ^ key) & bits;
    if (form.isCaseInsensitive && byte >= 0x41 && byte <= 0x5a) byte += 0x20;
    if (byte !== form.bytes[index]) return false;
  }
  return hasBoundary(form, content, offset, offset + form.bytes.length, key);
}

function hasBoundary(
  { boundary }: SearchForm,
  content: Uint8Array,
  start: number,
  end: number,
  key: number,
): boolean {
  const plain = (at: number) => at >= 0 && at < content.length ? content[at]! ^ key : -1;
  const isWordByte = (byte: number) => byte >= 0 && /^[0-9A-Za-z]$/.test(String.fromCharCode(byte));
  if (boundary === "byte") return !isWordByte(plain(start - 1)) && !isWordByte(plain(end));
  if (boundary === "none") return true;
  const isWideBefore = plain(start - 1) === 0 && isWordByte(plain(start - 2));
  const isWideAfter = plain(end + 1) === 0 && isWordByte(plain(end));
  return !isWideBefore && !isWideAfter;
}
