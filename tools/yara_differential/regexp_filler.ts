/**
 * Texts for a regular expression: literals, classes, groups, alternatives and small repetitions. What it does not
 * understand it fills with something, so that a text need not match; it is the engines that say whether it does.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** Deepest nesting of groups that is followed. */
const MAX_DEPTH = 12;
/** Longest text. */
const MAX_TEXT_BYTES = 8_192;
/** Most repetitions beyond the smallest number. */
const MAX_EXTRA_REPETITIONS = 4;

const WORD = "abcxyzABCXYZ0189_";
const CLASSES: Readonly<Record<string, string>> = {
  d: "0123456789",
  D: "abcXYZ -._\n",
  w: WORD,
  W: " -.,:;!\n\x00\xff",
  s: " \t\r\n\v\f",
  S: "abcXYZ019-._",
};
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", a: "\x07", v: "\v" };
const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");

/** A text that the expression is likely to match, a character for each byte. */
export function fillRegexp(random: Random, source: string): Uint8Array {
  const filler = new Filler(random, source);
  return Uint8Array.from(filler.alternatives(0).slice(0, MAX_TEXT_BYTES), (letter) => letter.charCodeAt(0));
}

class Filler {
  #at = 0;

  constructor(readonly random: Random, readonly source: string) {}

  /** All branches are read, one of them is taken. */
  alternatives(depth: number): string {
    const branches = [this.#sequence(depth)];
    while (this.#takeIf("|")) branches.push(this.#sequence(depth));
    return this.random.pick(branches);
  }

  #sequence(depth: number): string {
    let text = "";
    while (this.#at < this.source.length && !"|)".includes(this.source[this.#at]!)) {
      const start = this.#at;
      const atom = this.#atom(depth);
      const [from, to] = this.#repetition();
      const count = this.random.pick([from, to, this.random.int(from, to)]);
      const end = this.#at;
      if (text.length > MAX_TEXT_BYTES) continue;
      if (count > 0) text += atom;
      for (let i = 1; i < count && text.length <= MAX_TEXT_BYTES; i++) {
        // Reading it once more makes another choice; deep ones are repeated as they are.
        this.#at = start;
        text += depth < 3 ? this.#atom(depth) : atom;
      }
      this.#at = end;
    }
    return text;
  }

  #atom(depth: number): string {
    const letter = this.source[this.#at++]!;
    if (letter === "(") return this.#group(depth);
    if (letter === "[") return this.random.pick([...this.#set()]);
    if (letter === "\\") return this.random.pick([...this.#escape(), ...(this.#isBoundary() ? [""] : [])]);
    if (letter === "^" || letter === "$") return "";
    return letter === "." ? this.random.pick([...PRINTABLE, "\x00", "\xff"]) : letter;
  }

  #group(depth: number): string {
    if (this.#takeIf("?")) {
      while (this.#at < this.source.length && /[\w:-]/.test(this.source[this.#at]!)) {
        if (this.source[this.#at++] === ":") break;
      }
    }
    if (depth >= MAX_DEPTH) {
      this.#at = this.source.length;
      return "";
    }
    const text = this.alternatives(depth + 1);
    this.#takeIf(")");
    return text;
  }

  #isBoundary(): boolean {
    return "bB".includes(this.source[this.#at - 1] ?? "");
  }

  /** The characters that an escape stands for; none for a boundary. */
  #escape(): string {
    const letter = this.source[this.#at++] ?? "";
    if (letter === "x") {
      const code = parseInt(this.source.slice(this.#at, this.#at += 2), 16);
      return String.fromCharCode(code & 0xff);
    }
    if (letter === "b" || letter === "B") return "";
    return CLASSES[letter] ?? ESCAPES[letter] ?? letter;
  }

  #set(): string {
    const isNegated = this.#takeIf("^");
    let letters = "";
    for (let isFirst = true; this.#at < this.source.length; isFirst = false) {
      if (!isFirst && this.#takeIf("]")) break;
      const low = this.#setLetter();
      if (low.length === 1 && this.source[this.#at] === "-" && this.source[this.#at + 1] !== "]") {
        this.#at++;
        letters += between(low, this.#setLetter());
      } else letters += low;
    }
    if (!isNegated) return letters || "x";
    return [...PRINTABLE, "\n", "\x00", "\xff"].filter((letter) => !letters.includes(letter)).join("") || "x";
  }

  #setLetter(): string {
    const letter = this.source[this.#at++] ?? "";
    return letter === "\\" ? this.#escape() : letter;
  }

  #repetition(): [from: number, to: number] {
    const found = /[*+?]|\{(\d*)(,?)(\d*)\}/y;
    found.lastIndex = this.#at;
    const word = found.exec(this.source);
    if (!word) return [1, 1];
    this.#at = found.lastIndex;
    this.#takeIf("?");
    if (word[0] === "?") return [0, 1];
    const from = word[0] === "+" ? 1 : Number(word[1] || 0);
    const to = word[0].startsWith("{")
      ? Number(word[2] ? word[3] || from + MAX_EXTRA_REPETITIONS : from)
      : from + 3;
    return [from, Math.min(Math.max(from, to), from + MAX_EXTRA_REPETITIONS)];
  }

  #takeIf(letter: string): boolean {
    if (this.source[this.#at] !== letter) return false;
    this.#at++;
    return true;
  }
}

function between(low: string, high: string): string {
  let letters = "";
  for (let code = low.charCodeAt(0); code <= high.charCodeAt(0); code++) letters += String.fromCharCode(code);
  return letters;
}
