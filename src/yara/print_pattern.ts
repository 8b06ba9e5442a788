/**
 * Writes the strings of rules as YARA text.
 *
 * @module
 */

import { bytesOfLatin1 } from "./latin1.ts";
import type { HexToken, Modifiers, PatternSyntax, RegexpSyntax } from "./syntax.ts";

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** Writes `$a = "text" wide`. */
export function printPattern(pattern: PatternSyntax): string {
  return `${pattern.identifier} = ${printValue(pattern)}${printModifiers(pattern.modifiers)}`;
}

function printValue(pattern: PatternSyntax): string {
  if (pattern.kind === "text") return printText(pattern.bytes);
  return pattern.kind === "regexp" ? printRegexp(pattern.regexp) : `{ ${printTokens(pattern.tokens)} }`;
}

function printTokens(tokens: readonly HexToken[]): string {
  return tokens.map(printToken).join(" ");
}

function printToken(token: HexToken): string {
  if (token.kind === "alternatives") return `(${token.branches.map(printTokens).join(" | ")})`;
  if (token.kind === "jump") {
    if (token.from === token.to) return `[${token.from}]`;
    return `[${token.from}-${token.to ?? ""}]`;
  }
  const { value, mask, isNegated } = token;
  const digits = value.toString(16).toUpperCase().padStart(2, "0");
  return `${isNegated ? "~" : ""}${mask & 0xf0 ? digits[0] : "?"}${mask & 0x0f ? digits[1] : "?"}`;
}

function printModifiers(modifiers: Modifiers): string {
  const { xor, base64, base64wide } = modifiers;
  const words = [
    modifiers.isAscii && "ascii",
    modifiers.isWide && "wide",
    modifiers.isNocase && "nocase",
    modifiers.isFullword && "fullword",
    xor && `xor(${xor.from}-${xor.to})`,
    base64 !== undefined && `base64${printAlphabet(base64)}`,
    base64wide !== undefined && `base64wide${printAlphabet(base64wide)}`,
    modifiers.isPrivate && "private",
  ];
  return words.map((word) => word ? ` ${word}` : "").join("");
}

/** Alphabets know no escapes. */
function printAlphabet(alphabet: string): string {
  if (alphabet === "") return "";
  return alphabet.includes("\n") ? `("""${alphabet}""")` : `("${alphabet}")`;
}

/** Everything but printable ASCII is escaped. */
function printText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += printByte(byte);
  return `"${text}"`;
}

function printByte(byte: number): string {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

function printRegexp({ source, isCaseInsensitive, isDotAll }: RegexpSyntax): string {
  const flags = `${isCaseInsensitive ? "i" : ""}${isDotAll ? "s" : ""}`;
  return `/${DECODER.decode(bytesOfLatin1(source))}/${flags}`;
}
