/**
 * Goes through the source of a regular expression, character by character.
 *
 * @module
 */

/** Something that breaks the grammar; caught by `parseRegexp`. */
export class RegexpProblem extends Error {
  /** `offset` is in UTF-16 units of the source. */
  constructor(message: string, readonly offset: number) {
    super(message);
  }
}

/** Something valid that isn't followed; caught by `parseRegexp`. */
export class OpaqueRegexp extends Error {}

/** A place in a source. A character is a code point; at the end it is the empty string. */
export class Cursor {
  /** In UTF-16 units. */
  at = 0;

  /** At the start. */
  constructor(readonly text: string) {}

  /** Whether all is read. */
  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The character here. */
  get char(): string {
    const code = this.text.codePointAt(this.at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  /** Whether the rest of the text starts with this; ASCII only. */
  startsWith(text: string): boolean {
    // Most questions are about one character, and there is one for each sign at each place.
    if (this.text.charCodeAt(this.at) !== text.charCodeAt(0)) return false;
    return text.length === 1 || this.text.startsWith(text, this.at);
  }

  /** Takes the character. */
  take(): string {
    const { char } = this;
    this.at += char.length;
    return char;
  }

  /** Takes a text if it follows. */
  takeIf(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.at += text.length;
    return true;
  }

  /** Stops the parser. */
  fail(message: string, offset: number = this.at): never {
    throw new RegexpProblem(message, offset);
  }
}
