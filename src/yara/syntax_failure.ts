/**
 * How the parser leaves a rule that breaks the grammar.
 *
 * @module
 */

import { escapeControls } from "./rule_problem.ts";

/** Thrown by the functions that read a rule, and caught where the next one begins; it never leaves the parser. */
export class SyntaxFailure {
  constructor(
    /** A phrase that names what is and what should be. */
    readonly message: string,
    /** Offset of the culprit. */
    readonly at: number,
  ) {}
}

/** Most characters of a culprit that a problem quotes. */
const MAX_QUOTED_CHARACTERS = 40;

/** Puts something from a hostile text in quotes: shortened, and with its control characters escaped. */
export function quoteCulprit(text: string): string {
  const isLong = text.length > MAX_QUOTED_CHARACTERS;
  const shown = isLong ? text.slice(0, MAX_QUOTED_CHARACTERS) : text;
  return `"${escapeControls(shown.toWellFormed())}${isLong ? "…" : ""}"`;
}

/** Finds the lines and columns of offsets; asked in the order of the text, it makes one pass over it. */
export class LineFinder {
  #line = 1;
  #lineStart = 0;
  #lineEnd: number;

  constructor(readonly source: string) {
    this.#lineEnd = this.#lineFeed();
  }

  /** The line of an offset, from 1. */
  line(offset: number): number {
    this.#goTo(offset);
    return this.#line;
  }

  /** The column of an offset, from 1, in UTF-16 units. */
  column(offset: number): number {
    this.#goTo(offset);
    return offset - this.#lineStart + 1;
  }

  #goTo(offset: number): void {
    if (offset < this.#lineStart) {
      this.#line = 1;
      this.#lineStart = 0;
      this.#lineEnd = this.#lineFeed();
    }
    while (this.#lineEnd < offset) {
      this.#line++;
      this.#lineStart = this.#lineEnd + 1;
      this.#lineEnd = this.#lineFeed();
    }
  }

  #lineFeed(): number {
    const found = this.source.indexOf("\n", this.#lineStart);
    return found < 0 ? this.source.length : found;
  }
}
