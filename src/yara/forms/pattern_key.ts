/**
 * When two patterns are the same.
 *
 * @module
 */

import type { HexToken, Modifiers, PatternSyntax } from "../syntax.ts";

const CHUNK_BYTES = 8_192;

/**
 * A text that is equal for patterns that find the same, whatever their identifiers, rules and privacy are.
 *
 * YARA-X also shares a pattern between rules only where anchor and bounds of `filesize` are equal, so that neither an
 * anchor nor a bound of one rule is felt by another one: whoever shares adds the anchor to the key. Bounds need not be
 * in it: a pattern whose rules exclude the file is not searched, but then those rules can't match.
 */
export function patternKey(pattern: PatternSyntax): string {
  const modifiers = modifierKey(pattern.modifiers);
  if (pattern.kind === "text") return `t${modifiers}:${latin1(pattern.bytes)}`;
  if (pattern.kind === "hex") return `h:${tokensKey(pattern.tokens)}`;
  const { source, isCaseInsensitive, isDotAll } = pattern.regexp;
  return `r${modifiers}${isCaseInsensitive ? "i" : ""}${isDotAll ? "s" : ""}:${source}`;
}

function modifierKey(modifiers: Modifiers): string {
  let key = "";
  if (modifiers.isAscii || !modifiers.isWide) key += "a";
  if (modifiers.isWide) key += "w";
  if (modifiers.isNocase) key += "n";
  if (modifiers.isFullword) key += "f";
  if (modifiers.xor) key += `x${modifiers.xor.from}-${modifiers.xor.to}`;
  if (modifiers.base64 !== undefined) key += `b${JSON.stringify(modifiers.base64)}`;
  if (modifiers.base64wide !== undefined) key += `B${JSON.stringify(modifiers.base64wide)}`;
  return key;
}

// A spread of a typed array goes through an iterator, which costs ten times as much here.
function latin1(bytes: ArrayLike<number>): string {
  if (bytes.length <= CHUNK_BYTES) return String.fromCharCode.apply(null, bytes as number[]);
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    text += String.fromCharCode.apply(null, Array.prototype.slice.call(bytes, at, at + CHUNK_BYTES));
  }
  return text;
}

// A byte is its value and mask, which are below 0x100; everything else begins with a number above.
function tokensKey(tokens: readonly HexToken[]): string {
  const codes: number[] = [];
  appendTokens(codes, tokens);
  return latin1(codes);
}

function appendTokens(codes: number[], tokens: readonly HexToken[]): void {
  for (const token of tokens) {
    if (token.kind === "byte") {
      if (token.isNegated) codes.push(0x100);
      codes.push(token.value & token.mask, token.mask);
    } else if (token.kind === "jump") {
      codes.push(0x101);
      appendNumber(codes, token.from);
      appendNumber(codes, token.to ?? -1);
    } else {
      for (const branch of token.branches) {
        codes.push(0x102);
        appendTokens(codes, branch);
      }
      codes.push(0x103);
    }
  }
}

// In 16-bit pieces; -1 and numbers that are too large for a jump stay apart from all others.
function appendNumber(codes: number[], value: number): void {
  const high = Math.floor(value / 0x10000);
  codes.push(Math.floor(high / 0x10000) & 0xffff, high & 0xffff, value & 0xffff);
}
