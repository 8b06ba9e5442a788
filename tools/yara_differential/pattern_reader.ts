/**
 * Reads the patterns of a rule from its tokens. The parser of `src/yara` is under test here, so this reader is another
 * one: what it can't read it leaves out, and then that pattern is not planted.
 *
 * @module
 */

import { textBytes, type Token, tokenize, tokenText } from "../../src/yara/mod.ts";
import { readHexTokens } from "./hex_reader.ts";
import type { Modifiers, PlantPattern } from "./plant_pattern.ts";

/** The patterns of the text of one rule, those that can be read. */
export function readPatterns(ruleText: string): PlantPattern[] {
  const { tokens } = tokenize(ruleText);
  const words = tokens.map((token) => tokenText(ruleText, token));
  const patterns: PlantPattern[] = [];
  for (let i = words.indexOf("strings"); i >= 0 && i < tokens.length && words[i] !== "condition"; i++) {
    if (tokens[i]!.kind !== "pattern" || words[i + 1] !== "=") continue;
    const pattern = readPattern(words, tokens, i);
    if (pattern) patterns.push(pattern);
  }
  return patterns;
}

function readPattern(
  words: readonly string[],
  tokens: readonly Token[],
  at: number,
): PlantPattern | undefined {
  const identifier = words[at]!;
  const value = words[at + 2] ?? "";
  const modifiers = readModifiers(words, at + 3);
  switch (tokens[at + 2]?.kind) {
    case "text":
      return { kind: "text", identifier, modifiers, bytes: textBytes(value) };
    case "hex": {
      const hex = readHexTokens(value);
      return hex && { kind: "hex", identifier, modifiers, tokens: hex };
    }
    case "regexp": {
      const end = value.lastIndexOf("/");
      const isCaseInsensitive = value.includes("i", end) || modifiers.isNocase === true;
      return { kind: "regexp", identifier, modifiers, source: value.slice(1, end), isCaseInsensitive };
    }
    default:
      return undefined;
  }
}

const FLAGS: Readonly<Record<string, keyof Modifiers>> = {
  ascii: "isAscii",
  wide: "isWide",
  nocase: "isNocase",
  fullword: "isFullword",
  private: "isPrivate",
};

function readModifiers(words: readonly string[], from: number): Modifiers {
  const modifiers: { -readonly [name in keyof Modifiers]: Modifiers[name] } = {};
  for (let i = from; i < words.length; i++) {
    const word = words[i]!;
    if (FLAGS[word]) Object.assign(modifiers, { [FLAGS[word]]: true });
    else if (word === "xor") modifiers.xor = readXor(words, i);
    else if (word === "base64" || word === "base64wide") {
      const alphabet = words[i + 1] === "(" ? words[i + 2] : undefined;
      modifiers[word] = alphabet ? new TextDecoder("latin1").decode(textBytes(alphabet)) : "";
    } else if (word === "condition" || (word.startsWith("$") && words[i + 1] === "=")) break;
  }
  return modifiers;
}

function readXor(words: readonly string[], at: number): { from: number; to: number } {
  if (words[at + 1] !== "(") return { from: 0, to: 255 };
  const from = Number(words[at + 2]);
  return { from, to: words[at + 3] === "-" ? Number(words[at + 4]) : from };
}
