/**
 * Regular expressions of conditions, compiled when they are first asked.
 *
 * @module
 */

import { compileTextRegexp, MAX_TEXT_STEPS, regexpMatches, type TextRegexp } from "../regexp/mod.ts";
import type { RegexpSyntax } from "../syntax.ts";
import type { Work } from "../work.ts";

/** Steps that are spent for each character of a text before it is matched. */
const STEPS_PER_CHARACTER = 4;

/** Compiled regular expressions by how they are written. */
export class TextRegexps {
  readonly #compiled = new Map<string, TextRegexp | undefined>();
  #text = "";
  #bytes: Uint8Array = new Uint8Array();

  /** Whether a text, one character for each byte, holds a match; `undefined` where that isn't known, or `work` is used up. */
  matches(regexp: RegexpSyntax, text: string, work: Work): boolean | undefined {
    const compiled = this.#compile(regexp);
    work.spend(text.length * STEPS_PER_CHARACTER);
    const limit = Math.min(MAX_TEXT_STEPS, work.stepsLeft);
    if (!compiled || limit === 0) return undefined;
    const budget = { steps: limit };
    const isMatch = regexpMatches(compiled, this.#bytesOf(text), budget);
    work.spend(limit - budget.steps);
    return isMatch;
  }

  /** Conditions ask many regular expressions about one text. */
  #bytesOf(text: string): Uint8Array {
    if (this.#text !== text) {
      this.#text = text;
      this.#bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    }
    return this.#bytes;
  }

  #compile(regexp: RegexpSyntax): TextRegexp | undefined {
    const key = `${regexp.isCaseInsensitive ? "i" : ""}${regexp.isDotAll ? "s" : ""}/${regexp.source}`;
    if (!this.#compiled.has(key)) {
      const compiled = compileTextRegexp(regexp);
      this.#compiled.set(key, "problem" in compiled ? undefined : compiled);
    }
    return this.#compiled.get(key);
  }
}
