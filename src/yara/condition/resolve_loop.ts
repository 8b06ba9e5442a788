/**
 * Resolves `of`, `for` and `with`.
 *
 * @module
 */

import type { Expression } from "../syntax.ts";
import { resolveElements } from "./resolve_member.ts";
import {
  resolvePatternSet,
  resolvePlace,
  resolveQuantifier,
  resolveRange,
  usePatternSet,
} from "./resolve_pattern.ts";
import type { ResolverContext } from "./resolver_context.ts";
import { USES_EXISTENCE, USES_OFFSETS } from "./scope.ts";
import type { BooleanNode, ScalarType, ValueNode } from "./tree.ts";
import { isScalar, type Typed, typedBoolean, typeName, UNKNOWN } from "./typed.ts";

/** Quantifiers with `of`. */
export function resolveOf(resolver: ResolverContext, of: Extract<Expression, { op: "of" }>): Typed {
  const q = resolver.inHead(() => resolveQuantifier(resolver, of.quantifier));
  resolver.loops++;
  if (of.set.kind === "conditions") {
    const conditions = of.set.items.map((item) => resolver.resolveCondition(item));
    return typedBoolean({ op: "of-conditions", q, of: conditions });
  }
  const ps = resolvePatternSet(resolver, of.set, of.at);
  usePatternSet(resolver, ps, of.offset || of.range ? USES_EXISTENCE | USES_OFFSETS : USES_EXISTENCE);
  const { place } = resolvePlace(resolver, of.offset, of.range);
  return typedBoolean({ op: "of", q, ps, ...place });
}

/** Loops over patterns. */
export function resolveForOf(resolver: ResolverContext, loop: Extract<Expression, { op: "for-of" }>): Typed {
  const q = resolver.inHead(() => resolveQuantifier(resolver, loop.quantifier));
  resolver.loops++;
  if (loop.set.kind !== "them" && loop.set.kind !== "patterns") {
    resolver.reject('a loop with "of" goes over patterns alone', loop.at);
  }
  const ps = resolvePatternSet(resolver, loop.set, loop.at);
  const outerUses = resolver.loopUses;
  const before = resolver.nodes;
  resolver.loopUses = 0;
  resolver.patternLoops++;
  const body = resolver.resolveCondition(loop.body);
  resolver.patternLoops--;
  // A pattern counts as used even if the body does not use it.
  usePatternSet(resolver, ps, resolver.loopUses || USES_EXISTENCE);
  resolver.loopUses = outerUses;
  return typedBoolean({ op: "for-of", q, ps, body, weight: resolver.nodes - before });
}

/** Loops over ranges, values, arrays and maps. */
export function resolveFor(resolver: ResolverContext, loop: Extract<Expression, { op: "for-in" }>): Typed {
  const q = resolver.inHead(() => resolveQuantifier(resolver, loop.quantifier));
  const { iterable } = loop;
  switch (iterable.kind) {
    case "range": {
      const range = resolver.inHead(() => resolveRange(resolver, iterable));
      return resolveBody(
        resolver,
        loop,
        ["i"],
        (slot, body, weight) => ({ op: "for-range", q, slot, range, body, weight }),
      );
    }
    case "values": {
      const of = resolver.inHead(() => resolveValues(resolver, iterable.items));
      if (!of) return resolveUnknownLoop(resolver, loop);
      const type = of[0]!.t;
      return resolveBody(
        resolver,
        loop,
        [type],
        (slot, body, weight) => ({ op: "for-values", q, slot, of, body, weight }),
      );
    }
    default: {
      const elements = resolver.inHead(() => resolveElements(resolver, iterable.of));
      if (!elements) return resolveUnknownLoop(resolver, loop);
      const { list, slot, typed } = elements;
      checkVariables(resolver, loop, typed.length);
      resolver.loops++;
      const before = resolver.nodes;
      const body = withVariables(resolver, loop.variables, typed, () => resolver.resolveCondition(loop.body));
      return typedBoolean({ op: "for-module", q, slot, of: list, body, weight: resolver.nodes - before });
    }
  }
}

type ForIn = Extract<Expression, { op: "for-in" }>;

/** The body is resolved for the names that it uses. */
function resolveUnknownLoop(resolver: ResolverContext, loop: ForIn): Typed {
  withVariables(
    resolver,
    loop.variables,
    loop.variables.map(() => UNKNOWN),
    () => resolver.resolveCondition(loop.body),
  );
  return UNKNOWN;
}

function checkVariables(resolver: ResolverContext, loop: ForIn, wanted: number): void {
  if (loop.variables.length !== wanted) {
    resolver.reject(`the loop has ${loop.variables.length} variables, should have ${wanted}`, loop.at);
  }
}

function resolveBody(
  resolver: ResolverContext,
  loop: ForIn,
  types: readonly ScalarType[],
  build: (slot: number, body: BooleanNode, weight: number) => BooleanNode,
): Typed {
  checkVariables(resolver, loop, types.length);
  resolver.loops++;
  const before = resolver.nodes;
  const slot = resolver.scope.nextSlot;
  const typed = types.map((t, i) => variableOf(t, slot + i));
  const body = withVariables(resolver, loop.variables, typed, () => resolver.resolveCondition(loop.body));
  return typedBoolean(build(slot, body, resolver.nodes - before));
}

function variableOf(t: ScalarType, slot: number): Typed {
  return { t, of: { op: "variable", slot } } as Typed;
}

function withVariables<T>(
  resolver: ResolverContext,
  names: readonly string[],
  typed: readonly Typed[],
  resolve: () => T,
): T {
  const { variables } = resolver.scope;
  names.forEach((name, i) => variables.push({ name, typed: typed[i]! }));
  const result = resolve();
  variables.length -= names.length;
  return result;
}

/** Values of one type; undefined: the type of one isn't known. */
function resolveValues(resolver: ResolverContext, items: readonly Expression[]): ValueNode[] | undefined {
  const values: ValueNode[] = [];
  for (const item of items) {
    const typed = resolver.resolve(item);
    if (typed.t === "unknown") continue;
    if (!isScalar(typed)) resolver.reject(`this is ${typeName(typed)}, which a list of values can't hold`);
    if (values.length > 0 && values[0]!.t !== typed.t) {
      resolver.reject("the values of the list differ in their types");
    }
    values.push({ t: typed.t, of: typed.of } as ValueNode);
  }
  return values.length === items.length ? values : undefined;
}

/** `with a = 1 : ( … )`. */
export function resolveWith(resolver: ResolverContext, node: Extract<Expression, { op: "with" }>): Typed {
  const { variables } = resolver.scope;
  resolver.loops++;
  const outer = variables.length;
  const slots: number[] = [];
  const of: ValueNode[] = [];
  for (const { name, value } of node.declarations) {
    const typed = resolver.resolve(value);
    if (typed.t === "regexp") resolver.giveUp("a variable that holds a regular expression");
    const slot = variables.length;
    if (isScalar(typed)) {
      slots.push(slot);
      of.push({ t: typed.t, of: typed.of } as ValueNode);
      // A constant stays one in the variable.
      const isConstant = typed.t === "i" && typed.constant !== undefined;
      variables.push({ name, typed: isConstant ? typed : variableOf(typed.t, slot) });
    } else {
      variables.push({ name, typed });
    }
  }
  const body = resolver.resolveCondition(node.body);
  variables.length = outer;
  return typedBoolean({ op: "with", slots, of, body });
}
