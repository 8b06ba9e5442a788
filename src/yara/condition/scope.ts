/**
 * The names that a condition can refer to.
 *
 * @module
 */

import { namesOf } from "../pattern_names.ts";
import type { PatternSyntax } from "../syntax.ts";
import type { ScalarType } from "./tree.ts";
import type { Typed } from "./typed.ts";

/** How a condition uses a pattern: bits. */
export const USES_EXISTENCE = 1;
/** Where it matches matters, or how often. */
export const USES_OFFSETS = 2;
/** How long its matches are matters. */
export const USES_LENGTHS = 4;

/** The names that are visible in a condition, and those that it has used. */
export class Scope {
  /** Variables of open loops, the innermost last. */
  readonly variables: { readonly name: string; readonly typed: Typed }[] = [];
  /** Rules that are referred to. */
  readonly references = new Set<number>();
  /** External variables that are read. */
  readonly usedExternals = new Set<string>();
  /** For each pattern, how it is used: bits. */
  readonly uses: number[];
  /** A pattern that has the name of an earlier one. */
  readonly duplicate: PatternSyntax | undefined;
  /** Pattern → the only offset at which it is used. */
  readonly #anchors = new Map<number, number>();
  readonly #indices: ReadonlyMap<string, number>;

  constructor(
    readonly patterns: readonly PatternSyntax[],
    readonly rules: ReadonlyMap<string, number>,
    readonly externals: ReadonlyMap<string, ScalarType>,
    readonly modules: ReadonlySet<string>,
    /** Names of rules that were left out. */
    readonly refused: ReadonlySet<string>,
  ) {
    const { indices, duplicate } = namesOf(patterns);
    this.uses = new Array<number>(patterns.length).fill(0);
    this.#indices = indices;
    this.duplicate = duplicate;
  }

  /** Slot of the next variable. */
  get nextSlot(): number {
    return this.variables.length;
  }

  /** The innermost variable of a name. */
  variable(name: string): Typed | undefined {
    return this.variables.findLast((variable) => variable.name === name)?.typed;
  }

  /** Index of a pattern. */
  pattern(identifier: string): number | undefined {
    return this.#indices.get(identifier);
  }

  /** Records that a pattern is used, at one offset alone if `anchor` is given. */
  use(pattern: number, how: number, anchor?: number): void {
    const isFirst = this.uses[pattern] === 0;
    this.uses[pattern]! |= how;
    if (anchor !== undefined && isFirst) this.#anchors.set(pattern, anchor);
    else if (this.#anchors.size > 0 && this.#anchors.get(pattern) !== anchor) this.#anchors.delete(pattern);
  }

  /** Patterns that are used only at one constant offset, with the offset. */
  singleOffsets(): [pattern: number, offset: number][] {
    return [...this.#anchors];
  }
}
