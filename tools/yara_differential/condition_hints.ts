/**
 * What a condition asks of a file beside its strings, read from its words: numbers at offsets, places, sizes.
 *
 * @module
 */

import { textBytes, tokenize, tokenText } from "../../src/yara/mod.ts";

/** Things that make a condition likelier to be near the border between true and false. */
export interface ConditionHints {
  /** Bytes that some `uint16(0) == 0x5a4d` wants. */
  readonly fixed: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  /** Offsets behind `at`. */
  readonly offsets: readonly number[];
  /** Numbers to which `filesize` is compared. */
  readonly sizes: readonly number[];
  /** External variable → texts to which it is compared. */
  readonly externals: ReadonlyMap<string, readonly string[]>;
}

/** Farthest offset and largest size that are taken seriously. */
const MAX_HINT_BYTES = 4_194_304;
const INTEGER = /^u?int(8|16|32)(be)?$/;

/** Reads the condition of one rule. */
export function readHints(ruleText: string): ConditionHints {
  const tokens = tokenize(ruleText).tokens;
  const words = tokens.map((token) => tokenText(ruleText, token));
  const start = words.lastIndexOf("condition");
  const fixed: { offset: number; bytes: Uint8Array }[] = [];
  const offsets: number[] = [];
  const sizes: number[] = [];
  const externals = new Map<string, string[]>();
  for (let i = Math.max(start, 0); i < words.length; i++) {
    const word = words[i]!;
    const integer = INTEGER.exec(word);
    if (integer) {
      const [offset, value] = [readNumber(words[i + 2]), readNumber(words[i + 5])];
      const isFixed = words[i + 3] === ")" && words[i + 4] === "==";
      if (isFixed && offset !== undefined && value !== undefined) {
        fixed.push({ offset, bytes: integerBytes(value, Number(integer[1]) / 8, integer[2] === "be") });
      }
    } else if (word === "at") push(offsets, readNumber(words[i + 1]));
    else if (word === "filesize") push(sizes, readNumber(words[i + 2]));
    else if (tokens[i + 2]?.kind === "text" && tokens[i]!.kind === "word") {
      const text = new TextDecoder().decode(textBytes(words[i + 2]!));
      externals.set(word, [...externals.get(word) ?? [], text]);
    }
  }
  return { fixed, offsets, sizes, externals };
}

function push(list: number[], value: number | undefined): void {
  if (value !== undefined) list.push(value);
}

/** A number as it is written; `undefined` for what is none, and for one that is too large. */
function readNumber(word: string | undefined): number | undefined {
  const found = /^(0x[0-9a-fA-F]+|0o[0-7]+|\d+)(KB|MB)?$/.exec(word ?? "");
  if (!found) return undefined;
  const number = Number(found[1]) * (found[2] === "KB" ? 1024 : found[2] === "MB" ? 1048576 : 1);
  return number <= 0xffff_ffff ? number : undefined;
}

function integerBytes(value: number, size: number, isBigEndian: boolean): Uint8Array {
  const bytes = Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 0xff);
  return isBigEndian ? bytes.reverse() : bytes;
}

/** Whether an offset or a size is one that a planted file can have. */
export function isReachable(offset: number): boolean {
  return offset <= MAX_HINT_BYTES;
}
