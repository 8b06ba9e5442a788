/**
 * Resolves expressions about patterns: terms, sets, places and quantifiers.
 *
 * @module
 */

import type { Expression, Quantifier, RangeSyntax, SetSyntax } from "../syntax.ts";
import type { ResolverContext } from "./resolver_context.ts";
import { USES_EXISTENCE, USES_LENGTHS, USES_OFFSETS } from "./scope.ts";
import { LOOP_PATTERN, type PlaceNode, type QuantifierNode, type RangeNode } from "./tree.ts";
import { type Typed, typedBoolean, typedInteger } from "./typed.ts";

/** Constant offsets from here on are cut to 32 bits by the engine. */
const ANCHOR_LIMIT = 2 ** 31;

type PatternTerm = Extract<Expression, { op: "pattern" | "count" | "offset" | "length" }>;

/** `$a`, `#a`, `@a` and `!a`, with what follows them. */
export function resolvePatternTerm(resolver: ResolverContext, term: PatternTerm): Typed {
  const { at } = term;
  resolver.terms++;
  switch (term.op) {
    case "pattern": {
      const { place, anchor } = resolvePlace(resolver, term.offset, term.range);
      const how = place.at || place.in ? USES_EXISTENCE | USES_OFFSETS : USES_EXISTENCE;
      return typedBoolean({ op: "pattern", p: usePattern(resolver, term.id, at, how, anchor), ...place });
    }
    case "count": {
      const range = term.range && resolveRange(resolver, term.range);
      const p = usePattern(resolver, term.id, at, USES_OFFSETS);
      return typedInteger(range ? { op: "count", p, in: range } : { op: "count", p });
    }
    case "offset":
    case "length": {
      const i = term.index && resolver.resolveInteger(term.index, 1);
      const p = usePattern(
        resolver,
        term.id,
        at,
        term.op === "offset" ? USES_OFFSETS : USES_OFFSETS | USES_LENGTHS,
      );
      return typedInteger(i ? { op: term.op, p, i } : { op: term.op, p });
    }
  }
}

function usePattern(resolver: ResolverContext, id: string, at: number, how: number, anchor?: number): number {
  if (id === "$") {
    if (resolver.patternLoops === 0) {
      resolver.reject("a pattern without a name is outside of a loop over patterns", at);
    }
    resolver.loopUses |= how;
    return LOOP_PATTERN;
  }
  const pattern = resolver.scope.pattern(id);
  if (pattern === undefined) resolver.reject(`the pattern "${id}" is not declared`, at);
  resolver.scope.use(pattern, how, anchor);
  return pattern;
}

/** `at 0` or `in (0..10)`. */
export function resolvePlace(
  resolver: ResolverContext,
  offset: Expression | undefined,
  range: RangeSyntax | undefined,
): { readonly place: PlaceNode; readonly anchor?: number } {
  if (range) return { place: { in: resolveRange(resolver, range) } };
  if (!offset) return { place: {} };
  const { of, constant } = resolver.resolveIntegerTyped(offset);
  if (constant === undefined) return { place: { at: of } };
  if (constant >= ANCHOR_LIMIT) resolver.giveUp("a constant offset beyond 31 bits");
  return { place: { at: of }, anchor: Number(constant) };
}

/** `(from..to)`. */
export function resolveRange(resolver: ResolverContext, range: RangeSyntax): RangeNode {
  const from = resolver.resolveIntegerTyped(range.from);
  const to = resolver.resolveIntegerTyped(range.to);
  if (from.constant !== undefined && to.constant !== undefined && from.constant > to.constant) {
    resolver.reject(`the range from ${from.constant} to ${to.constant} is empty`);
  }
  return { from: from.of, to: to.of };
}

/** `all`, `any`, `none`, a number or a percentage. */
export function resolveQuantifier(resolver: ResolverContext, quantifier: Quantifier): QuantifierNode {
  switch (quantifier.kind) {
    case "count":
      return { n: resolver.resolveInteger(quantifier.value) };
    case "percentage":
      return { percent: resolver.resolveInteger(quantifier.value, 0, 100) };
    default:
      return quantifier.kind;
  }
}

/** Patterns of a set in the rule's order, each once. */
export function resolvePatternSet(
  resolver: ResolverContext,
  set: Extract<SetSyntax, { kind: "them" | "patterns" }>,
  at: number,
): number[] {
  const { patterns } = resolver.scope;
  if (set.kind === "them") {
    if (patterns.length === 0) resolver.reject('"them" matches no pattern', at);
    return patterns.map((_, i) => i);
  }
  const isMember = new Uint8Array(patterns.length);
  for (const item of set.items) {
    if (!markMembers(resolver, item, isMember)) resolver.reject(`"${item}" matches no pattern`, at);
  }
  return patterns.flatMap((_, i) => isMember[i] ? [i] : []);
}

/** Marks the patterns that an item names; false: it names none. */
function markMembers(resolver: ResolverContext, item: string, isMember: Uint8Array): boolean {
  const { patterns } = resolver.scope;
  const isPrefix = item.endsWith("*");
  const name = isPrefix ? item.slice(0, -1) : item;
  if (!isPrefix && name !== "$") {
    const index = resolver.scope.pattern(name);
    if (index !== undefined) isMember[index] = 1;
    return index !== undefined;
  }
  let isFound = false;
  patterns.forEach(({ identifier }, i) => {
    if (isPrefix ? identifier.startsWith(name) : identifier === name) {
      isMember[i] = 1;
      isFound = true;
    }
  });
  return isFound;
}

/** Records that all patterns of a set are used. */
export function usePatternSet(resolver: ResolverContext, patterns: readonly number[], how: number): void {
  for (const pattern of patterns) resolver.scope.use(pattern, how);
}
