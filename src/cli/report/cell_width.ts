/**
 * How many cells of a terminal a text takes.
 *
 * Wide characters are those that Unicode's East Asian Width (UAX #11) calls wide or fullwidth. Where terminals disagree the larger
 * width is returned: a line that is too short is untidy, one that is too long breaks the layout.
 *
 * @module
 */

import { eastAsianWidth } from "../../deps/get_east_asian_width.ts";

/** A character and the cells it takes. */
export interface Cell {
  readonly character: string;
  readonly width: number;
}

/** Counts the cells of a text without control characters. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const cell of cellsOf(text)) width += cell.width;
  return width;
}

/** Walks over a text's characters with their widths; a combining mark is a character of its own. */
export function* cellsOf(text: string): Generator<Cell> {
  for (const character of text) {
    yield { character, width: MARK.test(character) ? 0 : eastAsianWidth(character.codePointAt(0)!) };
  }
}

const ASCII = /^[\x20-\x7e]*$/;

/** Without the emoji selector U+FE0F, which widens the character before it. */
const MARK = /^(?!\ufe0f)[\p{Mn}\p{Me}\u1160-\u11ff]$/u;
