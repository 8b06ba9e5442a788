/**
 * How many cells of a terminal a text takes.
 *
 * Wide characters are those of Unicode's East Asian Width (UAX #11) W and F, and emoji. Where terminals disagree the larger answer is
 * given: a line that is too short is untidy, one that is too long breaks the layout.
 *
 * @module
 */

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
    yield { character, width: MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1 };
  }
}

const ASCII = /^[\x20-\x7e]*$/;

/** The emoji selector U+FE0F is left out: it widens what it follows. */
const MARK = /^(?!\ufe0f)[\p{Mn}\p{Me}\u1160-\u11ff]$/u;

const WIDE = new RegExp(
  "^(?:\\p{Emoji_Presentation}|[" + [
    "\\u1100-\\u115f", // Hangul Jamo
    "\\u2329\\u232a", // angle brackets
    "\\u2e80-\\u303e", // CJK radicals, punctuation
    "\\u3041-\\ua4cf", // kana, CJK, Yi
    "\\ua960-\\ua97c", // Hangul Jamo Extended-A
    "\\uac00-\\ud7a3", // Hangul syllables
    "\\uf900-\\ufaff", // CJK compatibility
    "\\ufe10-\\ufe19\\ufe30-\\ufe6f", // vertical and small forms
    "\\uff01-\\uff60\\uffe0-\\uffe6", // fullwidth forms
    "\\u{16fe0}-\\u{18cff}\\u{1aff0}-\\u{1b2ff}", // Tangut, kana supplements
    "\\u{1f200}-\\u{1f265}", // enclosed ideographs
    "\\u{20000}-\\u{3fffd}", // CJK extensions
  ].join("") + "])$",
  "u",
);
