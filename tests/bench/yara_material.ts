/**
 * Rules and files from a seed, for where there are no real ones.
 *
 * @module
 */

import type { TempFolder } from "../run_stoq.ts";

const RULES = 1_000;
const FILES = 100;
const FILE_BYTES = 50_000;
const WORDS = 5_000;

/** Writes rules of words and bytes that are rare in the files, and answers their folder. */
export function makeRules(folder: TempFolder): string {
  const random = generator(1);
  for (let rule = 0; rule < RULES; rule++) {
    const strings = Array.from(
      { length: 6 },
      (_, index) =>
        `$s${index} = ${
          index < 4 ? `"${word(random)}${word(random)}" ascii wide` : `{ ${hexBytes(random, 12)} }`
        }`,
    );
    const text = `rule r${rule} { strings: ${strings.join(" ")} condition: filesize < 1MB and 3 of them }`;
    folder.write(`rules/${rule % 50}/${rule}.yar`, text);
  }
  return folder.at("rules");
}

/** Writes files, every other one of words and of random bytes, and answers their folder. */
export function makeFiles(folder: TempFolder): string {
  const random = generator(2);
  for (let file = 0; file < FILES; file++) {
    folder.write(`files/${file}.bin`, file % 2 === 0 ? text(random) : bytes(random));
  }
  return folder.at("files");
}

function text(random: () => number): string {
  const words: string[] = [];
  for (let at = 0; at < FILE_BYTES; at += words.at(-1)!.length + 1) words.push(word(random));
  return words.join(" ");
}

function bytes(random: () => number): Uint8Array {
  return Uint8Array.from({ length: FILE_BYTES }, () => random() * 256);
}

function word(random: () => number): string {
  const index = generator(Math.floor(random() * WORDS));
  return Array.from({ length: 4 + Math.floor(index() * 8) }, () => String.fromCharCode(97 + index() * 26))
    .join("");
}

function hexBytes(random: () => number, count: number): string {
  return Array.from({ length: count }, () => Math.floor(random() * 256).toString(16).padStart(2, "0")).join(
    " ",
  );
}

/** A small generator with a seed: numbers from 0 up to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
