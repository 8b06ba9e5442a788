/**
 * Resolves the names of one condition and checks its types the way YARA-X does.
 *
 * @module
 */

import type { Expression, RegexpSyntax } from "../syntax.ts";
import { resolveFor, resolveForOf, resolveOf, resolveWith } from "./resolve_loop.ts";
import { resolveCall, resolveIndex, resolveMember, resolveName } from "./resolve_member.ts";
import { resolveOperator, resolveUnary } from "./resolve_operator.ts";
import { resolvePatternTerm } from "./resolve_pattern.ts";
import { ResolverContext } from "./resolver_context.ts";
import { type Typed, typedBoolean, typedConstant, typedFloat, typedInteger, typedText } from "./typed.ts";

/** Resolves one condition. */
export class Resolver extends ResolverContext {
  protected override resolveUnguarded(expression: Expression): Typed {
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

  #resolveRegexp(regexp: RegexpSyntax): Typed {
    const { checkRegexp } = this.regexps;
    if (!checkRegexp) return this.giveUp("a regular expression that was not checked");
    const problem = checkRegexp(regexp);
    if (problem !== undefined) this.reject(problem);
    return { t: "regexp", regexp };
  }
}
