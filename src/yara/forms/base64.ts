/**
 * Texts inside base64: the three runs that any encoding of a text holds, and the check of a run that was found.
 *
 * YARA-X looks for the characters that depend on the text alone. When it finds them it decodes the whole groups of four
 * around them, and expects the text. That can fail where the file goes on in an unexpected way: with a
 * character that is not of the alphabet, or with bits that an encoder would have left zero.
 *
 * @module
 */

import type { Base64Phase } from "./compiled_pattern.ts";

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const EQUALS = 0x3d;

/** Characters before the run that depend on what stands before the text, by padding. */
const LEADING_CHARACTERS: readonly number[] = [0, 2, 3];

/**
 * The characters that only the text decides, with `padding` bytes (0 to 2) before it in its first group.
 *
 * @param alphabet 64 characters; empty: the standard ones
 */
export function base64Run(text: Uint8Array, padding: number, alphabet: string): Uint8Array {
  const characters = alphabet === "" ? STANDARD : alphabet;
  const totalBits = (padding + text.length) * 8;
  const first = LEADING_CHARACTERS[padding]!;
  const end = Math.floor(totalBits / 6);
  const run = new Uint8Array(Math.max(0, end - first));
  for (let i = 0; i < run.length; i++) {
    run[i] = characters.charCodeAt(sextet(text, (first + i) * 6 - padding * 8));
  }
  return run;
}

function sextet(text: Uint8Array, bit: number): number {
  const at = bit >> 3;
  const pair = ((text[at] ?? 0) << 8) | (text[at + 1] ?? 0);
  return (pair >> (10 - (bit & 7))) & 63;
}

/** Whether the groups around a run at `offset` decode to the text, as YARA-X checks it. */
export function isBase64Match(
  content: Uint8Array,
  offset: number,
  text: readonly number[],
  phase: Base64Phase,
): boolean {
  const step = phase.isWide ? 2 : 1;
  const start = offset - LEADING_CHARACTERS[phase.padding]! * step;
  if (start < 0) return false;
  const groups = Math.ceil((phase.padding + text.length) / 3);
  const end = Math.min(content.length, start + groups * 4 * step);
  const encoded = phase.isWide ? narrowed(content, start, end) : unpadded(content.subarray(start, end));
  return encoded !== undefined && decodesTo(encoded, phase.padding, text, valuesOf(phase.alphabet));
}

function unpadded(encoded: Uint8Array): Uint8Array {
  let end = encoded.length;
  for (let i = 0; i < 2 && end > 0 && encoded[end - 1] === EQUALS; i++) end--;
  return encoded.subarray(0, end);
}

// YARA-X drops every `=` of a wide text, wherever it stands.
function narrowed(content: Uint8Array, start: number, end: number): Uint8Array | undefined {
  const characters: number[] = [];
  for (let at = start; at < end; at++) {
    const byte = content[at]!;
    if ((at - start) % 2 === 1) {
      if (byte !== 0) return undefined;
    } else if (byte !== EQUALS) characters.push(byte);
  }
  return Uint8Array.from(characters);
}

function decodesTo(
  encoded: Uint8Array,
  padding: number,
  text: readonly number[],
  values: Int8Array,
): boolean {
  if (encoded.length % 4 === 1) return false;
  const size = (encoded.length * 6) >> 3;
  if (size < padding + text.length) return false;
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  let isEqual = true;
  for (const character of encoded) {
    const value = values[character]!;
    if (value < 0) return false;
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    const expected = text[at - padding];
    if (expected !== undefined && ((bits >> bitCount) & 0xff) !== expected) isEqual = false;
    at++;
  }
  const isCanonical = (bits & ((1 << bitCount) - 1)) === 0;
  return isEqual && isCanonical;
}

let lastAlphabet: string | undefined;
let lastValues = new Int8Array(256);

function valuesOf(alphabet: string): Int8Array {
  if (alphabet === lastAlphabet) return lastValues;
  const characters = alphabet === "" ? STANDARD : alphabet;
  lastValues = new Int8Array(256).fill(-1);
  for (let i = 0; i < characters.length; i++) lastValues[characters.charCodeAt(i) & 0xff] = i;
  lastAlphabet = alphabet;
  return lastValues;
}
