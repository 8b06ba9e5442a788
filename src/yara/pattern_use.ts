/**
 * Which patterns a condition uses.
 *
 * @module
 */

import { childrenOf } from "./expression_children.ts";
import { namesOf } from "./pattern_names.ts";
import type { Expression, PatternSyntax, RuleSyntax, SetSyntax } from "./syntax.ts";

/** A problem before its line is known. */
export interface PatternProblem {
  /** A phrase that names the pattern, what is and what should be. */
  readonly message: string;
  /** Offset of the culprit. */
  readonly at: number;
}

/** The identifier of an anonymous pattern, and in a loop that of the pattern whose turn it is. */
const ANONYMOUS = "$";

/** Finds patterns that the condition does not use, and uses of patterns that are not there. */
export function useProblems({ patterns, condition }: RuleSyntax): PatternProblem[] {
  const use = new PatternUse(patterns);
  use.add(condition, false);
  return [...use.problems, ...use.unused()];
}

/** Sets of names that are compared with all patterns one by one. */
const MAX_COMPARED_NAMES = 10_000;

/** Whether a condition uses all patterns that need be, and no others: then there are no problems. */
export function usesAll(patterns: readonly PatternSyntax[], condition: Expression): boolean {
  const check = new UseCheck(patterns);
  if (!check.isFine(condition, false)) return false;
  for (let index = 0; index < patterns.length; index++) {
    if (!check.isUsed(index) && !patterns[index]!.identifier.startsWith("$_")) return false;
  }
  return true;
}

class UseCheck {
  readonly #used: Uint8Array;
  readonly #patterns: readonly PatternSyntax[];
  #comparisonsLeft = MAX_COMPARED_NAMES;

  constructor(patterns: readonly PatternSyntax[]) {
    this.#patterns = patterns;
    this.#used = new Uint8Array(patterns.length);
  }

  isUsed(index: number): boolean {
    return this.#used[index] === 1;
  }

  /** Notes what an expression uses; false where something is not there, or may not be. */
  isFine(expression: Expression, isInLoop: boolean): boolean {
    switch (expression.op) {
      case "and":
      case "or":
        return this.#areFine(expression.operands, isInLoop);
      case "boolean":
      case "integer":
      case "filesize":
        return true;
      default:
        return this.#isOtherFine(expression, isInLoop);
    }
  }

  #areFine(expressions: readonly Expression[], isInLoop: boolean): boolean {
    for (let index = 0; index < expressions.length; index++) {
      if (!this.isFine(expressions[index]!, isInLoop)) return false;
    }
    return true;
  }

  #isOtherFine(expression: Expression, isInLoop: boolean): boolean {
    if ("id" in expression && !this.#use(expression.id, isInLoop)) return false;
    if ("set" in expression && !this.#useSet(expression.set)) return false;
    const body = expression.op === "for-of" ? expression.body : undefined;
    for (const child of childrenOf(expression)) {
      if (!this.isFine(child, isInLoop || child === body)) return false;
    }
    return true;
  }

  #use(id: string, isInLoop: boolean): boolean {
    if (id === ANONYMOUS) return isInLoop;
    const index = namesOf(this.#patterns).indices.get(id);
    if (index === undefined) return false;
    this.#used[index] = 1;
    return true;
  }

  #useSet(set: SetSyntax): boolean {
    if (set.kind === "conditions") return true;
    if (set.kind === "them") {
      this.#used.fill(1);
      return this.#used.length > 0;
    }
    return set.items.every((item) =>
      item.endsWith("*") ? this.#usePrefix(item.slice(0, -1)) : this.#use(item, false)
    );
  }

  #usePrefix(prefix: string): boolean {
    this.#comparisonsLeft -= this.#patterns.length;
    let isFound = false;
    for (let index = 0; index < this.#patterns.length && this.#comparisonsLeft >= 0; index++) {
      if (!this.#patterns[index]!.identifier.startsWith(prefix)) continue;
      this.#used[index] = 1;
      isFound = true;
    }
    return isFound;
  }
}

class PatternUse {
  readonly problems: PatternProblem[] = [];
  /** Each name once, sorted, so that those with the same beginning are neighbours. */
  readonly #names: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #used = new Set<string>();
  /** At the place of each name: how many sets begin there minus how many have ended. */
  readonly #coverage: Int32Array;

  constructor(readonly patterns: readonly PatternSyntax[]) {
    this.#known = new Set(patterns.map(({ identifier }) => identifier));
    this.#names = [...this.#known].sort();
    this.#coverage = new Int32Array(this.#names.length + 1);
  }

  add(expression: Expression, isInLoop: boolean): void {
    if ("id" in expression) this.#addName(expression.id, expression.at, isInLoop);
    if ("set" in expression) this.#addSet(expression.set, expression.at);
    const body = expression.op === "for-of" ? expression.body : undefined;
    for (const child of childrenOf(expression)) this.add(child, isInLoop || child === body);
  }

  /** Names that begin with an underscore need no use. */
  unused(): PatternProblem[] {
    let depth = 0;
    this.#names.forEach((name, index) => {
      depth += this.#coverage[index]!;
      if (depth > 0) this.#used.add(name);
    });
    return this.patterns
      .filter(({ identifier }) => !identifier.startsWith("$_") && !this.#used.has(identifier))
      .map(({ identifier, at }) => ({
        message: `pattern ${identifier} is not used, should be, or begin with $_`,
        at,
      }));
  }

  #addName(id: string, at: number, isInLoop: boolean): void {
    if (id !== ANONYMOUS) this.#addItem(id, at);
    else if (!isInLoop) this.problems.push({ message: '"$" is outside of a loop, should be in one', at });
  }

  #addSet(set: SetSyntax, at: number): void {
    if (set.kind === "them") this.#addPrefix(ANONYMOUS, at);
    if (set.kind !== "patterns") return;
    for (const item of set.items) {
      if (item.endsWith("*")) this.#addPrefix(item.slice(0, -1), at);
      else this.#addItem(item, at);
    }
  }

  #addItem(id: string, at: number): void {
    if (this.#known.has(id)) this.#used.add(id);
    else this.problems.push({ message: `pattern ${id} is used, should be declared`, at });
  }

  #addPrefix(prefix: string, at: number): void {
    const first = this.#placeOf(prefix);
    const last = this.#placeOf(`${prefix}\uffff`);
    this.#coverage[first]!++;
    this.#coverage[last]!--;
    if (first === last) {
      this.problems.push({ message: `patterns ${prefix}* are used, should be declared`, at });
    }
  }

  /** Index of the first name that is not less. */
  #placeOf(name: string): number {
    let low = 0;
    let high = this.#names.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#names[middle]! < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
