/**
 * What all functions of the parser share: where they are in the text, how deep, and how they give up.
 *
 * @module
 */

import { Scanner } from "./scanner.ts";
import type { Expression } from "./syntax.ts";
import { quoteCulprit, SyntaxFailure } from "./syntax_failure.ts";
import { END, FIRST_KEYWORD, TEXT, UNKNOWN } from "./token_kind.ts";

/** Deepest nesting of expressions and of alternatives in hex strings; trees are no deeper, so that walks may recurse. */
export const MAX_SYNTAX_DEPTH = 256;
/**
 * A scanner that reports unexpected tokens, and can read the conditions inside expressions.
 */
export class Parser extends Scanner {
  /**
   * Whether the expression that was read last is a value, such as `a + 1`: beside operators, in brackets of an index
   * and in ranges only values are allowed. Comparisons, `$a` and `true` are no values.
   */
  isValue = false;
  /** Levels of the tree below the expression that was read last. */
  height = 0;
  /** How often `at` was read behind a pattern or set. */
  offsets = 0;
  #depth = 0;
  readonly #readCondition: (parser: Parser) => Expression;

  constructor(source: string, readCondition: (parser: Parser) => Expression) {
    super(source);
    this.#readCondition = readCondition;
  }

  /** Reads a condition. */
  readCondition(): Expression {
    return this.#readCondition(this);
  }

  /** Whether the current token is of a kind; unlike a comparison it is not taken to hold for later tokens. */
  is(kind: number): boolean {
    return this.kind === kind;
  }

  /** Skips a token, which must be the current one. */
  expect(kind: number, wanted: string): void {
    if (this.kind !== kind) this.refuse(wanted);
    this.next();
  }

  /** Skips a token if it is the current one. */
  takeIf(kind: number): boolean {
    if (this.kind !== kind) return false;
    this.next();
    return true;
  }

  /** Goes on behind the sign that must end a condition, as in `expect`. */
  expectBehind(kind: number, wanted: string): void {
    this.expect(kind, `${this.isValue ? "an operator" : '"and", "or"'}${wanted}`);
  }

  /** Gives up at the current token. */
  refuse(wanted: string): never {
    if (this.kind === UNKNOWN && this.defect !== undefined) this.fail(this.defect);
    this.fail(`found ${this.#describe()}, should be ${wanted}`);
  }

  /** Gives up for a reason, at the current token unless an offset is given. */
  fail(message: string, at = this.start): never {
    throw new SyntaxFailure(message, at);
  }

  /** Goes one level down; every call needs its {@link leave}. */
  enter(): void {
    if (++this.#depth > MAX_SYNTAX_DEPTH) this.#failDeep(this.start);
  }

  /** Comes back up. */
  leave(): void {
    this.#depth--;
  }

  /** Forgets the levels of a rule that was given up. */
  surface(): void {
    this.#depth = 0;
  }

  /** Puts an expression upon ones of which the highest has `height` levels. */
  raise(height: number): void {
    this.height = height + 1;
    if (this.height > MAX_SYNTAX_DEPTH) this.#failDeep(this.start);
  }

  #failDeep(at: number): never {
    this.fail(`the rule is nested too deep, the limit is ${MAX_SYNTAX_DEPTH} levels`, at);
  }

  #describe(): string {
    if (this.kind === END) return "the end of the text";
    if (this.kind === TEXT) return `the text ${quoteCulprit(this.text().replace(/^"+|"+$/g, ""))}`;
    return `${this.kind >= FIRST_KEYWORD ? "the keyword " : ""}${quoteCulprit(this.text())}`;
  }
}
