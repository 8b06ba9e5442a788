/**
 * Whether YARA-X 1.20 may evaluate patterns that it has not searched.
 *
 * The engine searches when the first term about a pattern is evaluated, and its compiler leaves the check for that out
 * where it assumes that an earlier term has made it. The earlier term may have been skipped: by an
 * undefined expression before it, by a loop over nothing, or by a list of conditions that was decided before. Then the
 * later term sees no matches, unless another rule has caused the search. `uint32(900) == #a or $b` is such a condition.
 *
 * @module
 */

import type { BooleanNode, QuantifierNode } from "./tree.ts";

/** Whether a search has certainly been made: if an expression has a value, and if it is undefined. */
interface Searched {
  readonly whenDefined: boolean;
  readonly whenUndefined: boolean;
  /** Where a condition is true; absent: as where it is defined. */
  readonly whenTrue?: boolean;
}

type AnyNode = { readonly op: string; readonly [key: string]: unknown };

/** Whether the condition's value may depend on whether another rule has caused a search. */
export function hasSearchHazard(condition: BooleanNode): boolean {
  const walk = new HazardWalk();
  walk.visit(condition as AnyNode, false);
  return walk.isHazardous;
}

/** Visits a condition in the order in which YARA-X generates code. */
class HazardWalk {
  isHazardous = false;
  /** Whether the compiler assumes that the check has been made. */
  #isBelieved = false;

  /** Visits a node that is evaluated when `searched` is certain. */
  visit(node: AnyNode, searched: boolean): Searched {
    switch (node.op) {
      case "pattern":
      case "count":
      case "offset":
      case "length":
      case "of":
        return this.#term(node, searched);
      case "and":
      case "or":
        return this.#chain(node.op === "and", node.of as readonly AnyNode[], searched);
      case "defined":
        return always(caught(this.visit(node.of as AnyNode, searched)));
      case "of-conditions":
        return this.#conditions(node, searched);
      case "for-of":
        return this.#loopOverPatterns(node, searched);
      case "for-range":
        return this.#loopOverRange(node, searched);
      case "for-values":
        return this.#loopOverValues(node, searched);
      case "for-module":
        this.visit(node.body as AnyNode, searched);
        return { whenDefined: searched, whenUndefined: searched };
      case "with":
        return this.#with(node, searched);
      default:
        return this.#parts(node, searched);
    }
  }

  #term(node: AnyNode, searched: boolean): Searched {
    if (this.#isBelieved && !searched) this.isHazardous = true;
    this.#isBelieved = true;
    this.#parts(node, true);
    return { whenDefined: true, whenUndefined: true };
  }

  /** The compiler resets its assumption in each chain, and restores it at the end of the chain. */
  #chain(isConjunction: boolean, operands: readonly AnyNode[], searched: boolean): Searched {
    const outer = this.#isBelieved;
    this.#isBelieved = false;
    let before = searched;
    let afterFirst: boolean | undefined;
    for (const operand of operands) {
      const after = this.visit(operand, before);
      afterFirst ??= caught(after);
      before = isConjunction ? after.whenTrue ?? after.whenDefined : caught(after);
    }
    this.#isBelieved = outer;
    // The compiler may remove a whole chain with constants.
    const isPlain = operands.every(({ op }) => op !== "true" && op !== "false");
    if (!isPlain) return always(searched);
    return { whenDefined: afterFirst!, whenUndefined: true, whenTrue: isConjunction ? before : afterFirst! };
  }

  #conditions(node: AnyNode, searched: boolean): Searched {
    const quantifier = this.#quantifier(node.q as QuantifierNode, searched);
    let before = quantifier.whenDefined;
    let { whenUndefined } = quantifier;
    let afterFirst: boolean | undefined;
    for (const item of node.of as readonly AnyNode[]) {
      const after = this.visit(item, before);
      before = after.whenDefined;
      whenUndefined &&= after.whenUndefined;
      afterFirst ??= before;
    }
    return { whenDefined: afterFirst!, whenUndefined };
  }

  #loopOverPatterns(node: AnyNode, searched: boolean): Searched {
    const quantifier = this.#quantifier(node.q as QuantifierNode, searched);
    const body = caught(this.visit(node.body as AnyNode, quantifier.whenDefined));
    return { whenDefined: body, whenUndefined: quantifier.whenUndefined };
  }

  #loopOverRange(node: AnyNode, searched: boolean): Searched {
    const { from, to } = node.range as { readonly from: AnyNode; readonly to: AnyNode };
    const afterTo = this.visit(to, searched);
    const afterFrom = this.visit(from, afterTo.whenDefined);
    const bounds = afterTo.whenUndefined && caught(afterFrom);
    const quantifier = this.#quantifier(node.q as QuantifierNode, bounds);
    const body = caught(this.visit(node.body as AnyNode, quantifier.whenDefined));
    // A range between constants is not empty, or the rule is refused. Over nothing the loop is false.
    const isCertain = from.op === "integer" && to.op === "integer";
    return {
      whenDefined: isCertain ? body : bounds,
      whenUndefined: quantifier.whenUndefined,
      whenTrue: body,
    };
  }

  #loopOverValues(node: AnyNode, searched: boolean): Searched {
    const quantifier = this.#quantifier(node.q as QuantifierNode, searched);
    let afterFirst: boolean | undefined;
    for (const { of } of node.of as readonly { readonly of: AnyNode }[]) {
      const after = caught(this.visit(of, afterFirst ?? quantifier.whenDefined));
      afterFirst ??= after;
    }
    this.visit(node.body as AnyNode, afterFirst!);
    return { whenDefined: afterFirst!, whenUndefined: quantifier.whenUndefined };
  }

  #with(node: AnyNode, searched: boolean): Searched {
    let before = searched;
    for (const { of } of node.of as readonly { readonly of: AnyNode }[]) {
      before = caught(this.visit(of, before));
    }
    return this.visit(node.body as AnyNode, before);
  }

  #quantifier(q: QuantifierNode, searched: boolean): Searched {
    if (typeof q === "string") return always(searched);
    return this.visit(("n" in q ? q.n : q.percent) as AnyNode, searched);
  }

  /** All nodes below, one after another; any of them may be undefined, and the whole at its end. */
  #parts(node: AnyNode, searched: boolean): Searched {
    let before = searched;
    let whenUndefined = true;
    for (const part of partsOf(node)) {
      const after = this.visit(part, before);
      before = after.whenDefined;
      whenUndefined &&= after.whenUndefined;
    }
    return { whenDefined: before, whenUndefined: whenUndefined && (before || !canTurnUndefined(node)) };
  }
}

function always(searched: boolean): Searched {
  return { whenDefined: searched, whenUndefined: true };
}

function caught({ whenDefined, whenUndefined }: Searched): boolean {
  return whenDefined && whenUndefined;
}

/** Whether a node may be undefined though all its parts are defined. */
function canTurnUndefined({ op }: AnyNode): boolean {
  return op === "read" || op === "\\" || op === "%" || op === "variable" || op === "math" ||
    op === "module" ||
    op === "digest";
}

/** Returns the children of a node, in the order of evaluation. */
function partsOf(node: AnyNode): AnyNode[] {
  const parts: AnyNode[] = [];
  for (const key in node) collect(node[key], parts);
  return parts;
}

function collect(value: unknown, parts: AnyNode[]): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) { for (const item of value) collect(item, parts); }
  else if ("op" in value) parts.push(value as AnyNode);
  // Ranges, places and typed values hold nodes but are none.
  else for (const key in value) collect((value as Record<string, unknown>)[key], parts);
}
