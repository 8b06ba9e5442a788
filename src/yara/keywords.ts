/**
 * Tells keywords from other words without cutting the word out of the text.
 *
 * @module
 */

import { FIRST_KEYWORD, WORD } from "./token_kind.ts";

/** In the order of their kinds. */
const KEYWORDS: readonly string[] =
  ("all and any ascii at base64 base64wide condition contains defined endswith entrypoint false filesize for " +
    "fullword global icontains iendswith iequals import in include istartswith matches meta nocase none not of or " +
    "private rule startswith strings them true wide with xor").split(" ");
const SLOTS = 256;
/** Index of a keyword plus one, at the hash of its letters or at the first free slot behind it. */
const TABLE = fillTable();

/** Continues the hash of a word by a character's code; the first one is hashed with 0. */
export function hashWord(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

/** The kind of the word in `source` from `start` to `end`, of which `hash` is the hash. */
export function wordKind(source: string, start: number, end: number, hash: number): number {
  for (let slot = slotOf(hash); TABLE[slot] !== 0; slot = (slot + 1) % SLOTS) {
    const keyword = KEYWORDS[TABLE[slot]! - 1]!;
    if (keyword.length === end - start && source.startsWith(keyword, start)) {
      return FIRST_KEYWORD + TABLE[slot]! - 1;
    }
  }
  return WORD;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 11)) & (SLOTS - 1);
}

function fillTable(): Uint8Array {
  const table = new Uint8Array(SLOTS);
  KEYWORDS.forEach((keyword, index) => {
    let hash = 0;
    for (let i = 0; i < keyword.length; i++) hash = hashWord(hash, keyword.charCodeAt(i));
    let slot = slotOf(hash);
    while (table[slot] !== 0) slot = (slot + 1) % SLOTS;
    table[slot] = index + 1;
  });
  return table;
}
