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

function latin1(bytes: Uint8Array): string {
  if (bytes.length <= CHUNK_BYTES) return String.fromCharCode(...bytes);
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES));
  }
  return text;
}

// A byte is two characters below 0x100, everything else begins with one above.
function tokensKey(tokens: readonly HexToken[]): string {
  let key = "";
  for (const token of tokens) {
    if (token.kind === "byte") {
      if (token.isNegated) key += "\u0100";
      key += String.fromCharCode(token.value & token.mask, token.mask);
    } else if (token.kind === "jump") key += `\u0101${token.from}-${token.to ?? ""}\u0102`;
    else key += `\u0103${token.branches.map(tokensKey).join("\u0104")}\u0105`;
  }
  return key;
}
