/**
 * Resolves the names of one condition and checks its types the way YARA-X does.
 *
 * @module
 */

import type { Expression, RegexpSyntax } from "../syntax.ts";
import { Rejection } from "./rejection.ts";
import type { Scope } from "./scope.ts";
import type { BooleanNode, IntegerNode } from "./tree.ts";
import { isScalar, type Typed, typeName, UNKNOWN } from "./typed.ts";

/** Deepest nesting of a condition, as in the parser; deeper ones are left to the engine. */
export const MAX_CONDITION_DEPTH = 256;

/** What is known of regular expressions in conditions. */
export interface RegexpKnowledge {
  /** Says why YARA-X refuses a regular expression, undefined where it accepts it; absent: nobody knows. */
  readonly checkRegexp?: (regexp: RegexpSyntax) => string | undefined;
  /** Whether the matcher that evaluations get can match it; absent: there is no matcher. */
  readonly canMatch?: (regexp: RegexpSyntax) => boolean;
}

/** State of resolving one condition, through which its parts resolve their operands, and what was found on the way. */
export abstract class ResolverContext {
  /** Offset into the text of what is being resolved, roughly. */
  at: number;
  /** Why the rule can't be decided by us at all. */
  opaqueReason: string | undefined;
  /** What we can't compute, in words. */
  readonly uncomputed = new Set<string>();
  /** Loops over patterns that are open. */
  patternLoops = 0;
  /** What the innermost loop over patterns uses of them. */
  loopUses = 0;
  /** Terms about patterns that were met. */
  terms = 0;
  /** Loops and `with` that were met. */
  loops = 0;
  /** Nodes that were made, roughly. */
  nodes = 0;
  #depth = 0;

  constructor(readonly scope: Scope, start: number, readonly regexps: RegexpKnowledge) {
    this.at = start;
  }

  /** Resolves an expression; {@linkcode resolve} guards the depth. */
  protected abstract resolveUnguarded(expression: Expression): Typed;

  /** Gives up: YARA-X would refuse the condition. */
  reject(message: string, at = this.at): never {
    throw new Rejection(message, at);
  }

  /** Goes on, though nothing of the rule is sure any more. */
  giveUp(reason: string): Typed {
    this.opaqueReason ??= reason;
    return UNKNOWN;
  }

  /** Resolves an expression. */
  resolve(expression: Expression): Typed {
    this.nodes++;
    if ("at" in expression) this.at = expression.at;
    if (++this.#depth > MAX_CONDITION_DEPTH) {
      this.#depth--;
      return this.giveUp("a condition that is nested too deep");
    }
    const typed = this.resolveUnguarded(expression);
    this.#depth--;
    return typed;
  }

  /**
   * Resolves what stands in the head of a loop. A loop in there shares its counters with the loop around it in YARA-X
   * 1.20, with results that nobody can want.
   */
  inHead<T>(resolve: () => T): T {
    const before = this.loops;
    const result = resolve();
    // The engine lets both share their counters, and may not come to an end.
    if (this.loops !== before) this.reject("the head of a loop holds a loop, should hold none");
    return result;
  }

  /** Resolves an expression that is taken as a condition. */
  resolveCondition(expression: Expression): BooleanNode {
    return this.asCondition(this.resolve(expression));
  }

  /** Numbers and texts are conditions as well. */
  asCondition(typed: Typed): BooleanNode {
    if (typed.t === "b") return typed.of;
    if (isScalar(typed)) return { op: "truth", value: { t: typed.t, of: typed.of } as typeof typed };
    if (typed.t === "unknown") return { op: "false" };
    this.reject(`this is ${typeName(typed)}, should be a condition`);
  }

  /** Resolves an expression that has to be an integer, within bounds if the compiler knows it. */
  resolveInteger(expression: Expression, least = 0, most = Infinity): IntegerNode {
    return this.resolveIntegerTyped(expression, least, most).of;
  }

  /** The same with its constant. */
  resolveIntegerTyped(
    expression: Expression,
    least = 0,
    most = Infinity,
  ): { readonly of: IntegerNode; readonly constant?: number | bigint } {
    const typed = this.resolve(expression);
    if (typed.t === "unknown") return { of: { op: "integer", v: 0 } };
    if (typed.t !== "i") this.reject(`this is ${typeName(typed)}, should be an integer`);
    const { constant } = typed;
    if (constant !== undefined && (constant < least || constant > most)) {
      const wanted = most === Infinity ? `at least ${least}` : `${least} to ${most}`;
      this.reject(`the number ${constant} is out of range, should be ${wanted}`);
    }
    return typed;
  }

  /** A condition among others: nothing but a boolean, a number or a text. */
  resolveScalarCondition(expression: Expression): BooleanNode {
    return this.asCondition(this.resolve(expression));
  }
}
