/**
 * Random patterns and contents that hold pieces of them, for tests.
 *
 * @module
 */

import type { HexPattern, HexToken, Modifiers, PatternSyntax, TextPattern } from "../../syntax.ts";

/** A source of numbers: `pick(n)` is from 0 to n - 1. */
export type Pick = (count: number) => number;

const LETTERS = [0x41, 0x42, 0x61, 0x62, 0x00, 0x2e, 0x43, 0x44];
const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const WIDTHS: readonly Modifiers[] = [
  {},
  { isAscii: true },
  { isWide: true },
  { isAscii: true, isWide: true },
];

/** Numbers from a seed, always the same. */
export function seededPick(seed: number): Pick {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return (count) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39) >>> 0;
    return ((mixed ^ (mixed >>> 16)) >>> 0) % count;
  };
}

function letter(pick: Pick): number {
  return LETTERS[pick(LETTERS.length)]!;
}

/** A text or hex pattern of few different bytes. */
export function randomPattern(pick: Pick): PatternSyntax {
  return pick(2) === 0 ? randomText(pick) : randomHex(pick);
}

function randomText(pick: Pick): TextPattern {
  const bytes = Uint8Array.from({ length: 1 + pick(pick(3) === 0 ? 12 : 5) }, () => letter(pick));
  return { kind: "text", identifier: "$a", at: 0, bytes, modifiers: randomModifiers(pick, bytes.length) };
}

function randomModifiers(pick: Pick, length: number): Modifiers {
  const width = WIDTHS[pick(WIDTHS.length)]!;
  const kind = pick(5);
  if (kind === 1 && length >= 3) {
    const standard = { base64: pick(3) === 0 ? ALPHABET : "" };
    const wide = { base64wide: pick(3) === 0 ? ALPHABET : "" };
    return { ...width, ...[standard, wide, { ...standard, ...wide }][pick(3)]! } as Modifiers;
  }
  const fullword: Modifiers = pick(2) === 0 ? { isFullword: true } : {};
  if (kind === 2) return { ...width, ...fullword, isNocase: true };
  if (kind !== 3) return { ...width, ...fullword };
  const from = pick(2) === 0 ? 0 : pick(256);
  return { ...width, ...fullword, xor: { from, to: from + pick(256 - from) } };
}

/** A hex pattern with jumps and alternatives. */
export function randomHex(pick: Pick): HexPattern {
  return { kind: "hex", identifier: "$a", modifiers: {}, at: 0, tokens: randomTokens(pick, 0) };
}

function randomTokens(pick: Pick, depth: number): HexToken[] {
  const tokens: HexToken[] = [];
  const count = 1 + pick(depth === 0 ? 8 : 4);
  for (let i = 0; i < count; i++) {
    const kind = pick(depth === 0 ? 12 : 14);
    const isInner = i > 0 && i < count - 1;
    if (kind === 0 && isInner) tokens.push(randomJump(pick, depth));
    else if (kind === 1 && depth < 2) tokens.push(randomAlternatives(pick, depth));
    else tokens.push(randomByte(pick));
  }
  return tokens;
}

function randomByte(pick: Pick): HexToken {
  const mask = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf0, 0x0f, 0x00][pick(9)]!;
  const isNegated = mask !== 0 && pick(12) === 0;
  return { kind: "byte", value: letter(pick) & mask, mask, ...(isNegated && { isNegated }) };
}

function randomJump(pick: Pick, depth: number): HexToken {
  const kind = pick(depth === 0 ? 6 : 3);
  const from = pick(4);
  if (kind === 3) return { kind: "jump", from };
  if (kind === 4) return { kind: "jump", from, to: from + 190 + pick(30) };
  if (kind === 5) return { kind: "jump", from: from + 1, to: from + 1 };
  return { kind: "jump", from, to: from + 1 + pick(6) };
}

function randomAlternatives(pick: Pick, depth: number): HexToken {
  return {
    kind: "alternatives",
    branches: Array.from({ length: 1 + pick(5) }, () => randomTokens(pick, depth + 1)),
  };
}

/** Bytes of few kinds in which pieces of patterns stand, some of them torn. */
export function randomContent(pick: Pick, patterns: readonly PatternSyntax[]): Uint8Array {
  const bytes: number[] = [];
  const count = 4 + pick(40);
  for (let i = 0; i < count; i++) {
    for (let j = pick(6); j > 0; j--) bytes.push(letter(pick));
    if (pick(20) === 0) { for (let j = pick(300); j > 0; j--) bytes.push(letter(pick)); }
    const pattern = patterns[pick(patterns.length)]!;
    const piece = plant(pick, pattern);
    bytes.push(...(pick(6) === 0 ? piece.slice(0, pick(piece.length + 1)) : piece));
  }
  return Uint8Array.from(bytes);
}

function plant(pick: Pick, pattern: PatternSyntax): number[] {
  if (pattern.kind === "text") return plantText(pick, pattern);
  return pattern.kind === "hex" ? plantHex(pick, pattern) : [];
}

function plantText(pick: Pick, pattern: TextPattern): number[] {
  const { modifiers } = pattern;
  const wide = (bytes: number[]) => bytes.flatMap((byte) => [byte, 0]);
  let bytes = [...pattern.bytes];
  if (modifiers.isWide && pick(2) === 0) bytes = wide(bytes);
  if (modifiers.isNocase) {
    bytes = bytes.map((byte) => /[a-zA-Z]/.test(String.fromCharCode(byte)) ? byte ^ (pick(2) * 32) : byte);
  }
  if (modifiers.base64 !== undefined || modifiers.base64wide !== undefined) {
    const around = [
      ...Array(pick(4)).fill(0x41),
      ...bytes,
      ...Array.from({ length: pick(4) }, () => pick(256)),
    ];
    const standard = btoa(String.fromCharCode(...around));
    const text = pick(4) === 0 ? translate(standard) : standard;
    const encoded = [...(pick(3) === 0 ? text.replaceAll("=", "") : text)].map((c) => c.charCodeAt(0));
    return modifiers.base64 === undefined || pick(3) === 0 ? wide(encoded) : encoded;
  }
  if (!modifiers.xor) return bytes;
  const key = pick(3) === 0 ? 0 : pick(256);
  return bytes.map((byte) => byte ^ key);
}

function translate(standard: string): string {
  const from = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return [...standard].map((c) => ALPHABET[from.indexOf(c)] ?? c).join("");
}

function plantHex(pick: Pick, pattern: HexPattern): number[] {
  const plant = (tokens: readonly HexToken[]): number[] =>
    tokens.flatMap((token) => {
      if (token.kind === "alternatives") return plant(token.branches[pick(token.branches.length)]!);
      if (token.kind === "jump") {
        const size = token.from + pick((token.to ?? token.from + 20) - token.from + 1);
        return Array.from({ length: size }, () => letter(pick));
      }
      if (token.isNegated) return [letter(pick)];
      return [(token.value | (pick(256) & ~token.mask)) & 0xff];
    });
  return plant(pattern.tokens);
}
