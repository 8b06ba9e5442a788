/**
 * Resolves the names of one condition and checks its types the way YARA-X does.
 *
 * @module
 */

import type { Expression, RegexpSyntax } from "../syntax.ts";
import { Rejection } from "./rejection.ts";
import { resolveFor, resolveForOf, resolveOf, resolveWith } from "./resolve_loop.ts";
import { resolveCall, resolveIndex, resolveMember, resolveName } from "./resolve_member.ts";
import { resolveOperator, resolveUnary } from "./resolve_operator.ts";
import { resolvePatternTerm } from "./resolve_pattern.ts";
import type { Scope } from "./scope.ts";
import type { BooleanNode, IntegerNode } from "./tree.ts";
import {
  isScalar,
  type Typed,
  typedBoolean,
  typedConstant,
  typedFloat,
  typedInteger,
  typedText,
  typeName,
  UNKNOWN,
} from "./typed.ts";

/** Deepest nesting of a condition, as in the parser; deeper ones are left to the engine. */
export const MAX_CONDITION_DEPTH = 256;

/** What is known of regular expressions in conditions. */
export interface RegexpKnowledge {
  /** Says why YARA-X refuses a regular expression, undefined where it accepts it; absent: nobody knows. */
  readonly checkRegexp?: (regexp: RegexpSyntax) => string | undefined;
  /** Whether the matcher that evaluations get can match it; absent: there is no matcher. */
  readonly canMatch?: (regexp: RegexpSyntax) => boolean;
}

/** State of resolving one condition, and what was found on the way. */
export class Resolver {
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
    const typed = this.#resolve(expression);
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

  #resolve(expression: Expression): Typed {
    switch (expression.op) {
      case "boolean":
        return typedBoolean({ op: expression.value ? "true" : "false" });
      case "integer":
        return typedConstant(
          typeof expression.value === "number" ? expression.value : BigInt(expression.value),
        );
      case "float":
        return typedFloat({ op: "float", v: expression.value });
      case "text":
        return typedText({ op: "text", v: expression.value });
      case "regexp":
        return this.#resolveRegexp(expression.regexp);
      case "filesize":
        return typedInteger({ op: "filesize" });
      case "entrypoint":
        this.reject(
          '"entrypoint" is known to YARA 4 alone: use "pe.entry_point" or "elf.entry_point", or choose engine = libyara',
        );
        break;
      case "name":
        return resolveName(this, expression.name);
      case "member":
        return resolveMember(this, expression);
      case "index":
        return resolveIndex(this, expression);
      case "call":
        return resolveCall(this, expression);
      case "pattern":
      case "count":
      case "offset":
      case "length":
        return resolvePatternTerm(this, expression);
      case "not":
      case "defined":
      case "minus":
      case "complement":
        return resolveUnary(this, expression);
      case "and":
      case "or": {
        const of = expression.operands.map((operand) => this.resolveScalarCondition(operand));
        return typedBoolean({ op: expression.op, of });
      }
      case "of":
        return resolveOf(this, expression);
      case "for-of":
        return resolveForOf(this, expression);
      case "for-in":
        return resolveFor(this, expression);
      case "with":
        return resolveWith(this, expression);
      default:
        return resolveOperator(this, expression);
    }
  }

  /** A condition among others: nothing but a boolean, a number or a text. */
  resolveScalarCondition(expression: Expression): BooleanNode {
    return this.asCondition(this.resolve(expression));
  }

  #resolveRegexp(regexp: RegexpSyntax): Typed {
    const { checkRegexp } = this.regexps;
    if (!checkRegexp) return this.giveUp("a regular expression that was not checked");
    const problem = checkRegexp(regexp);
    if (problem !== undefined) this.reject(problem);
    return { t: "regexp", regexp };
  }
}
