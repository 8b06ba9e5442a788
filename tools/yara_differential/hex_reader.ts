/**
 * Reads a hex string for the planter.
 *
 * @module
 */

import type { HexPart } from "./plant_pattern.ts";

/** Deepest nesting of alternatives that is read. */
const MAX_DEPTH = 16;
const COMMENT = /\/\*[^]*?\*\/|\/\/[^\n]*/g;
const PART = /(~?)([0-9A-Fa-f?]{2})|\[\s*(\d*)\s*(-?)\s*(\d*)\s*\]|[(|)]/g;

/** The parts of a hex string with its braces; `undefined` for one that can't be read. */
export function readHexTokens(hex: string): HexPart[] | undefined {
  const words = [...hex.slice(1, -1).replace(COMMENT, " ").matchAll(PART)];
  const reader = { words, next: 0 };
  const branches = readBranches(reader, 0);
  return branches?.length === 1 && reader.next === words.length ? branches[0] : undefined;
}

interface Reader {
  readonly words: readonly RegExpExecArray[];
  next: number;
}

function readBranches(reader: Reader, depth: number): HexPart[][] | undefined {
  const branches: HexPart[][] = [[]];
  for (let word = reader.words[reader.next]; word && word[0] !== ")"; word = reader.words[reader.next]) {
    reader.next++;
    if (word[0] === "|") branches.push([]);
    else if (word[0] === "(") {
      const inner = depth < MAX_DEPTH ? readBranches(reader, depth + 1) : undefined;
      if (!inner || reader.words[reader.next++]?.[0] !== ")") return undefined;
      branches.at(-1)!.push({ kind: "alternatives", branches: inner });
    } else branches.at(-1)!.push(word[2] ? byteOf(word) : jumpOf(word));
  }
  return branches;
}

function byteOf([, tilde, digits]: RegExpExecArray): HexPart {
  const [high, low] = [digits![0]!, digits![1]!];
  const mask = (high === "?" ? 0 : 0xf0) | (low === "?" ? 0 : 0x0f);
  const value = parseInt(digits!.replaceAll("?", "0"), 16);
  return { kind: "byte", value, mask, isNegated: tilde === "~" };
}

function jumpOf([, , , from, dash, to]: RegExpExecArray): HexPart {
  const first = Number(from || 0);
  if (dash !== "-") return { kind: "jump", from: first, to: first };
  return { kind: "jump", from: first, to: to ? Number(to) : undefined };
}
