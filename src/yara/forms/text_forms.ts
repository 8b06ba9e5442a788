/**
 * Forms of text patterns.
 *
 * @module
 */

import type { TextPattern } from "../syntax.ts";
import { base64Run } from "./base64.ts";
import {
  type Base64Phase,
  type CompiledPattern,
  type PatternForm,
  PLAIN,
  UNKNOWN_PATTERN,
} from "./compiled_pattern.ts";

/** Beyond this YARA-X counts the place of its atom in 16 bits and may miss matches. */
export const MAX_EXACT_TEXT_BYTES = 0xffff;

const PADDINGS: readonly number[] = [2, 1, 0];

/** Forms of a text; `anchoredAt` is ignored where YARA-X ignores it: with `nocase`, `xor` and base64. */
export function compileText(pattern: TextPattern, anchoredAt: number | undefined): CompiledPattern {
  const { modifiers, bytes } = pattern;
  if (bytes.length === 0) return UNKNOWN_PATTERN;
  if (modifiers.base64 !== undefined || modifiers.base64wide !== undefined) return compileBase64(pattern);
  const isAnchored = anchoredAt !== undefined && !modifiers.isNocase && modifiers.xor === undefined;
  const anchor = isAnchored ? anchoredAt : undefined;
  const hasBoth = modifiers.isAscii === true && modifiers.isWide === true;
  const text = modifiers.isNocase ? lowerCase(bytes) : bytes;
  const forms: PatternForm[] = [];
  if (!modifiers.isWide || hasBoth) forms.push(textForm(pattern, text, anchor, "byte"));
  if (modifiers.isWide) forms.push(textForm(pattern, widened(text), anchor, "wide"));
  const isLong = forms[forms.length - 1]!.bytes.length > MAX_EXACT_TEXT_BYTES;
  const isAmbiguous = hasBoth && isZeroBehindFirst(bytes) && (anchor !== undefined || bytes.length >= 4);
  return { forms, status: isLong ? "candidate" : isAmbiguous ? "existence" : "exact", plan: PLAIN };
}

function textForm(
  pattern: TextPattern,
  bytes: Uint8Array,
  anchoredAt: number | undefined,
  boundary: "byte" | "wide",
): PatternForm {
  const { isNocase, isFullword, xor } = pattern.modifiers;
  const form: PatternForm = {
    bytes,
    isCaseInsensitive: isNocase === true,
    boundary: isFullword ? boundary : "none",
  };
  if (xor) return { ...form, xor };
  return anchoredAt === undefined ? form : { ...form, anchoredAt };
}

// Only then a text and its wide form can match at the same offset. Which one is found first depends on YARA-X's atoms
// from four bytes on, and on its order of forms at an anchor; short ones are found in the order of their length.
function isZeroBehindFirst(bytes: Uint8Array): boolean {
  for (let i = 1; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** Each byte with a zero byte behind it. */
export function widened(bytes: Uint8Array): Uint8Array {
  const wide = new Uint8Array(bytes.length * 2);
  for (let i = 0; i < bytes.length; i++) wide[i * 2] = bytes[i]!;
  return wide;
}

function lowerCase(bytes: Uint8Array): Uint8Array {
  const lower = bytes.slice();
  for (let i = 0; i < lower.length; i++) {
    const byte = lower[i]!;
    if (byte >= 0x41 && byte <= 0x5a) lower[i] = byte + 0x20;
  }
  return lower;
}

function compileBase64(pattern: TextPattern): CompiledPattern {
  const { modifiers, bytes } = pattern;
  if (bytes.length < 3) return UNKNOWN_PATTERN;
  const plain: Uint8Array[] = [];
  if (modifiers.isWide) plain.push(widened(bytes));
  if (modifiers.isAscii || !modifiers.isWide) plain.push(bytes);
  const forms: PatternForm[] = [];
  const phases: Base64Phase[] = [];
  plain.forEach((text, index) => {
    if (modifiers.base64 !== undefined) addPhases(forms, phases, text, index, modifiers.base64, false);
    if (modifiers.base64wide !== undefined) addPhases(forms, phases, text, index, modifiers.base64wide, true);
  });
  const isLong = forms.some((form) => form.bytes.length > MAX_EXACT_TEXT_BYTES);
  return {
    forms,
    status: isLong ? "candidate" : hasPrefix(forms) ? "existence" : "exact",
    plan: { kind: "base64", texts: plain.map((text) => [...text]), phases },
  };
}

function addPhases(
  forms: PatternForm[],
  phases: Base64Phase[],
  plain: Uint8Array,
  text: number,
  alphabet: string,
  isWide: boolean,
): void {
  for (const padding of PADDINGS) {
    const run = base64Run(plain, padding, alphabet);
    const bytes = isWide ? widened(run) : run;
    if (bytes.length === 0) continue;
    forms.push({ bytes, isCaseInsensitive: false, boundary: "none" });
    phases.push({ padding, isWide, text, alphabet });
  }
}

// Two forms can match at the same offset when one begins with the other; then it depends on YARA-X's atoms which stays.
function hasPrefix(forms: readonly PatternForm[]): boolean {
  return forms.some((form, i) =>
    forms.some((other, j) =>
      i !== j && other.bytes.every((byte, k) => k >= form.bytes.length || byte === form.bytes[k])
    )
  );
}
