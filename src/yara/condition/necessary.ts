/**
 * The patterns that must match for a condition to be true.
 *
 * @module
 */

import { Evaluation } from "./evaluation.ts";
import type { Facts } from "./facts.ts";
import { ANYTHING, FALSE, TRUE } from "./possible.ts";
import { type BooleanNode, type IntegerNode, LOOP_PATTERN, type QuantifierNode } from "./tree.ts";

/** How often a pattern is found by chance, in any unit; rare patterns are preferred. */
export type PatternCost = (pattern: number) => number;

/** Nothing matches, and nothing else is known. */
const NO_MATCHES: Facts = {
  exists: () => FALSE,
  matches: () => ({ status: "exact", offsets: [], lengths: [] }),
  rule: () => ANYTHING,
};

/**
 * Returns patterns of which at least one must match for the condition to be true; undefined: it may be true without.
 *
 * @param cost of several sets, the one with the lowest sum is returned
 */
export function necessaryPatterns(condition: BooleanNode, cost: PatternCost): number[] | undefined {
  const necessary = new Necessary(cost).of(condition);
  return necessary && [...new Set(necessary)].sort((a, b) => a - b);
}

/** A pattern may be in it more than once. */
type Patterns = readonly number[];

class Necessary {
  readonly #evaluation = new Evaluation(NO_MATCHES);

  constructor(readonly cost: PatternCost) {}

  of(node: BooleanNode): Patterns | undefined {
    switch (node.op) {
      case "pattern":
        return [node.p];
      case "and":
        return this.#cheapest(node.of.map((operand) => this.of(operand)));
      case "or":
        return union(node.of.map((operand) => this.of(operand)));
      case "of":
        return this.#ofPatterns(node.q, node.ps);
      case "of-conditions":
        return this.#ofMany(node.q, node.of.map((condition) => this.of(condition)));
      case "for-of":
        return this.#ofLoop(node.q, node.ps, node.body);
      case "for-range":
      case "for-values":
      case "for-module":
        return requiredCount(node.q) ? this.of(node.body) : undefined;
      case "with":
        return this.of(node.body);
      case "true":
      case "rule":
      case "external":
      case "variable":
        return undefined;
      case "compare-i":
        return isPlain(node.l) && isPlain(node.r) ? undefined : this.#byTrial(node);
      default:
        return this.#byTrial(node);
    }
  }

  /** A condition that can't be true without matches needs one of its patterns. */
  #byTrial(node: BooleanNode): Patterns | undefined {
    const patterns = new Set<number>();
    collectPatterns(node, patterns);
    if (patterns.size === 0 || hasVariable(node)) return undefined;
    this.#evaluation.reset();
    return this.#evaluation.boolean(node) & TRUE ? undefined : [...patterns];
  }

  /** Returns {@link #ofMany} with a set for each pattern. */
  #ofPatterns(q: QuantifierNode, ps: readonly number[]): Patterns | undefined {
    const required = requiredCount(q);
    if (required === undefined) return undefined;
    const some = ps.length - Math.min(required, ps.length) + 1;
    return some === ps.length ? ps : ps.toSorted((a, b) => this.cost(a) - this.cost(b)).slice(0, some);
  }

  /** Of `n` sets of which `k` are required, at least one of any `n - k + 1` must be fulfilled. */
  #ofMany(q: QuantifierNode, sets: readonly (Patterns | undefined)[]): Patterns | undefined {
    const required = requiredCount(q);
    if (required === undefined) return undefined;
    const some = sets.length - Math.min(required, sets.length) + 1;
    const known = sets.filter((set) => set !== undefined).map((set) => ({ set, cost: this.#costOf(set) }));
    if (known.length < some) return undefined;
    return union(known.sort((a, b) => a.cost - b.cost).slice(0, some).map(({ set }) => set));
  }

  #ofLoop(q: QuantifierNode, ps: readonly number[], body: BooleanNode): Patterns | undefined {
    const needed = this.of(body);
    if (!needed) return undefined;
    if (!needed.includes(LOOP_PATTERN)) return requiredCount(q) ? needed : undefined;
    return this.#ofMany(q, ps.map((p) => needed.map((own) => own === LOOP_PATTERN ? p : own)));
  }

  #cheapest(sets: readonly (Patterns | undefined)[]): Patterns | undefined {
    let best: Patterns | undefined;
    for (const set of sets) {
      if (set && (!best || this.#costOf(set) < this.#costOf(best))) best = set;
    }
    return best;
  }

  #costOf(set: Patterns): number {
    let sum = 0;
    for (const pattern of set) sum += pattern === LOOP_PATTERN ? 1 : this.cost(pattern);
    return sum;
  }
}

/** Returns how many are certainly required, `Infinity` for all; undefined: perhaps none. */
function requiredCount(q: QuantifierNode): number | undefined {
  if (q === "any") return 1;
  if (q === "all") return Infinity;
  if (q === "none" || "percent" in q) return undefined;
  return q.n.op === "integer" && typeof q.n.v === "number" && q.n.v >= 1 ? q.n.v : undefined;
}

function union(sets: readonly (Patterns | undefined)[]): Patterns | undefined {
  const all: number[] = [];
  for (const set of sets) {
    if (!set) return undefined;
    for (const pattern of set) all.push(pattern);
  }
  return all;
}

/** Whether a number certainly does not depend on patterns. */
function isPlain(node: IntegerNode): boolean {
  return node.op === "integer" || node.op === "filesize" || (node.op === "read" && node.at.op === "integer");
}

/** Returns the patterns of all terms below a node, and those over which loops go. */
function collectPatterns(node: unknown, patterns: Set<number>): void {
  if (Array.isArray(node)) {
    for (const item of node) collectPatterns(item, patterns);
  } else if (typeof node === "object" && node !== null) {
    const { op, p, ps } = node as { op?: string; p?: number; ps?: readonly number[] };
    if (p !== undefined) patterns.add(p);
    const isOpen = patterns.has(LOOP_PATTERN);
    for (const key in node) {
      if (key !== "ps") collectPatterns((node as Record<string, unknown>)[key], patterns);
    }
    if (op === "for-of" && !isOpen) patterns.delete(LOOP_PATTERN);
    for (const pattern of ps ?? []) patterns.add(pattern);
  }
}

/** Whether a variable is below a node. It has no value while only a part of the condition is evaluated. */
function hasVariable(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(hasVariable);
  if (typeof node !== "object" || node === null) return false;
  if ((node as { op?: string }).op === "variable") return true;
  return Object.values(node).some(hasVariable);
}
