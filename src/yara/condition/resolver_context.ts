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

/** Knowledge about regular expressions in conditions. */
export interface RegexpKnowledge {
  /** Returns why YARA-X refuses a regular expression, undefined if it accepts it; absent: not known. */
  readonly checkRegexp?: (regexp: RegexpSyntax) => string | undefined;
  /** Whether the matcher of evaluations can match it; absent: there is no matcher. */
  readonly canMatch?: (regexp: RegexpSyntax) => boolean;
}

/** State of resolving one condition, through which its parts resolve their operands, and what was found on the way. */
export abstract class ResolverContext {
  /** Approximate offset into the text of the current expression. */
  at: number;
  /** Why nothing can be decided about the rule. */
  opaqueReason: string | undefined;
  /** The expression that can't be computed, in words. */
  readonly uncomputed = new Set<string>();
  /** Loops over patterns that are open. */
  patternLoops = 0;
  /** How the innermost loop over patterns uses them. */
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

  /** Ends the analysis: YARA-X would refuse the condition. */
  reject(message: string, at = this.at): never {
    throw new Rejection(message, at);
  }

  /** Marks the rule as opaque and continues. */
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
   * Resolves the head of a loop. In YARA-X 1.20 a loop in a head shares its counters with the loop around it, which
   * gives wrong results.
   */
  inHead<T>(resolve: () => T): T {
    const before = this.loops;
    const result = resolve();
    // Both share their counters in the engine, which may never end.
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

  /** Resolves such an integer, and returns its constant if the compiler knows it. */
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
