/**
 * Which patterns of a rule are wanted at one offset alone.
 *
 * YARA-X 1.20 looks at every use of a pattern in the condition, reachable or not. `$a at N` and `… of (…) at N` with a
 * constant N anchor; any other use, another N, and being in the set of a `for … of` rule it out, also where the
 * body is `($ at N)`. The anchor is felt by a text without `nocase`, `xor` and base64, by a hex string or
 * regular expression that is a literal, and by a choice of literals; for all others matches are reported everywhere.
 *
 * Bounds of `filesize` that a condition demands keep its patterns from being searched in other files. Then the rule can't
 * match, and as the bounds are part of a pattern's identity no other rule feels them.
 *
 * @module
 */

import type { Expression, Quantifier, RangeSyntax, RuleSyntax, SetSyntax } from "../syntax.ts";
import { constantOf, type Constants } from "./constant.ts";

/** Nesting of conditions that is followed; deeper ones anchor nothing. */
export const MAX_CONDITION_DEPTH = 1_000;

/** Identifiers that are compared with wildcards; a rule with more anchors nothing. */
export const MAX_WILDCARD_LOOKUPS = 20_000_000;

const NO_CONSTANTS: Constants = new Map();

/** Index of a pattern in the rule → the only offset that the rule asks for. */
export function anchorsOf(rule: RuleSyntax): Map<number, number> {
  const uses = new PatternUses(rule);
  uses.visit(rule.condition, NO_CONSTANTS, 0);
  return uses.anchors();
}

class PatternUses {
  readonly #identifiers: readonly string[];
  #indexes: ReadonlyMap<string, number> | undefined;
  #lookups = 0;
  readonly #offsets: (bigint | null | undefined)[];
  #isTooLarge = false;

  constructor(rule: RuleSyntax) {
    this.#identifiers = rule.patterns.map((pattern) => pattern.identifier);
    this.#offsets = new Array(rule.patterns.length).fill(undefined);
  }

  anchors(): Map<number, number> {
    const anchors = new Map<number, number>();
    if (this.#isTooLarge) return anchors;
    this.#offsets.forEach((offset, index) => {
      if (offset !== null && offset !== undefined) anchors.set(index, Number(offset));
    });
    return anchors;
  }

  visit(node: Expression, constants: Constants, depth: number): void {
    if (depth > MAX_CONDITION_DEPTH) {
      this.#isTooLarge = true;
      return;
    }
    this.#take(node, constants);
    switch (node.op) {
      case "boolean":
      case "integer":
      case "float":
      case "text":
      case "regexp":
      case "filesize":
      case "entrypoint":
      case "name":
        return;
      case "and":
      case "or":
        for (const operand of node.operands) this.visit(operand, constants, depth + 1);
        return;
      case "not":
      case "defined":
      case "minus":
      case "complement":
      case "member":
        return this.visit(node.of, constants, depth + 1);
      case "for-in":
        return this.#visitLoop(node, constants, depth);
      case "with":
        return this.#visitWith(node, constants, depth);
      default:
        return this.#visitParts(node, constants, depth);
    }
  }

  #visitParts(node: Expression, constants: Constants, depth: number): void {
    const visit = (child: Expression) => this.visit(child, constants, depth + 1);
    switch (node.op) {
      case "for-of":
        visitQuantifier(node.quantifier, visit);
        return visit(node.body);
      case "of":
        visitQuantifier(node.quantifier, visit);
        if (node.set.kind === "conditions") node.set.items.forEach(visit);
        if (node.offset) visit(node.offset);
        return visitRange(node.range, visit);
      default:
        visitOthers(node, visit);
    }
  }

  #take(node: Expression, constants: Constants): void {
    if (node.op === "pattern") this.#use(node.id, constantAt(node.offset, constants));
    else if (node.op === "count" || node.op === "offset" || node.op === "length") this.#use(node.id, null);
    else if (node.op === "of") this.#useSet(node.set, constantAt(node.offset, constants));
    else if (node.op === "for-of") this.#useSet(node.set, null);
  }

  #useSet(set: SetSyntax, offset: bigint | null): void {
    if (set.kind === "them") this.#identifiers.forEach((_, index) => this.#useIndex(index, offset));
    else if (set.kind === "patterns") { for (const item of set.items) this.#useItem(item, offset); }
  }

  #useItem(item: string, offset: bigint | null): void {
    if (!item.endsWith("*")) return this.#use(item, offset);
    const prefix = item.slice(0, -1);
    this.#lookups += this.#identifiers.length;
    if (this.#lookups > MAX_WILDCARD_LOOKUPS) this.#isTooLarge = true;
    if (this.#isTooLarge) return;
    this.#identifiers.forEach((identifier, index) => {
      if (identifier.startsWith(prefix)) this.#useIndex(index, offset);
    });
  }

  #use(id: string, offset: bigint | null): void {
    const name = `$${id.slice(1)}`;
    // The `$` of a loop: its set has been used already.
    if (name === "$") return;
    this.#indexes ??= new Map(this.#identifiers.map((identifier, at) => [identifier, at]));
    const index = this.#indexes.get(name);
    if (index !== undefined) this.#useIndex(index, offset);
  }

  #useIndex(index: number, offset: bigint | null): void {
    const known = this.#offsets[index];
    if (known === undefined) this.#offsets[index] = offset;
    else if (known !== offset) this.#offsets[index] = null;
  }

  #visitLoop(node: Extract<Expression, { op: "for-in" }>, constants: Constants, depth: number): void {
    const visit = (child: Expression) => this.visit(child, constants, depth + 1);
    visitQuantifier(node.quantifier, visit);
    if (node.iterable.kind === "range") visitRange(node.iterable, visit);
    else if (node.iterable.kind === "values") node.iterable.items.forEach(visit);
    else visit(node.iterable.of);
    const inner = new Map(constants);
    for (const name of node.variables) inner.delete(name);
    this.visit(node.body, inner, depth + 1);
  }

  #visitWith(node: Extract<Expression, { op: "with" }>, constants: Constants, depth: number): void {
    const inner = new Map(constants);
    for (const { name, value } of node.declarations) {
      this.visit(value, inner, depth + 1);
      const constant = constantOf(value, inner);
      if (constant === undefined) inner.delete(name);
      else inner.set(name, constant);
    }
    this.visit(node.body, inner, depth + 1);
  }
}

function constantAt(offset: Expression | undefined, constants: Constants): bigint | null {
  const constant = offset && constantOf(offset, constants);
  return constant !== undefined && constant >= 0n ? constant : null;
}

function visitQuantifier(quantifier: Quantifier, visit: (node: Expression) => void): void {
  if (quantifier.kind === "count" || quantifier.kind === "percentage") visit(quantifier.value);
}

function visitRange(range: RangeSyntax | undefined, visit: (node: Expression) => void): void {
  if (!range) return;
  visit(range.from);
  visit(range.to);
}

function visitOthers(node: Expression, visit: (node: Expression) => void): void {
  if ("left" in node) {
    visit(node.left);
    visit(node.right);
  }
  if ("of" in node && "op" in node.of) visit(node.of);
  if ("args" in node) node.args.forEach(visit);
  if ("index" in node && node.index) visit(node.index);
  if (node.op === "pattern" && node.offset) visit(node.offset);
  if (node.op === "pattern" || node.op === "count") visitRange(node.range, visit);
}
