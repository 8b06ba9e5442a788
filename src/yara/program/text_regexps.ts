/**
 * Regular expressions of conditions, compiled when they are first asked.
 *
 * @module
 */

import { compileTextRegexp, regexpMatches, type TextRegexp } from "../regexp/mod.ts";
import type { RegexpSyntax } from "../syntax.ts";

/** Compiled regular expressions by how they are written. */
export class TextRegexps {
  readonly #compiled = new Map<string, TextRegexp | undefined>();

  /** Whether a text, one character for each byte, holds a match; `undefined` where that isn't known. */
  matches(regexp: RegexpSyntax, text: string): boolean | undefined {
    const compiled = this.#compile(regexp);
    return compiled && regexpMatches(compiled, Uint8Array.from(text, (character) => character.charCodeAt(0)));
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
