/**
 * A condition with its names resolved and its types known.
 *
 * It is plain data for JSON, and there are thousands of them, so keys are short. A pattern is its index in the rule;
 * {@linkcode LOOP_PATTERN} is the `$` of the innermost `for … of`. A slot is a variable's place.
 *
 * @module
 */

import type { RegexpSyntax } from "../syntax.ts";

/** Types of values: boolean, integer, float and text. */
export type ScalarType = "b" | "i" | "f" | "s";

/** The pattern of the innermost loop over patterns. */
export const LOOP_PATTERN = -1;

/** `to` is included. */
export interface RangeNode {
  readonly from: IntegerNode;
  readonly to: IntegerNode;
}

/** How many: a word, a number, or a percentage. */
export type QuantifierNode =
  | "any"
  | "all"
  | "none"
  | { readonly n: IntegerNode }
  | { readonly percent: IntegerNode };

/** Comparisons of each type. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** Where a pattern has to match. */
export interface PlaceNode {
  readonly at?: IntegerNode;
  readonly in?: RangeNode;
}

/** The value of a member in a module without values: undefined, zero, or false. */
export type AbsentValue = "undefined" | "zero";

/** A member of a structure, an index of an array, or a key of a map. */
export type ModuleStep =
  | string
  | { readonly i: IntegerNode }
  | { readonly k: TextNode };

/** An argument of a function; `r` is a regular expression. */
export type ArgumentNode = ValueNode | { readonly t: "r"; readonly of: RegexpSyntax };

/** A value of a module, or one of its arrays and maps. */
export interface ModuleNode {
  readonly op: "module";
  readonly module: string;
  /** Absent if the module always has values. */
  readonly absent?: AbsentValue;
  /** Slot of a loop's variable from which the path starts; otherwise it starts from the module itself. */
  readonly slot?: number;
  readonly path: readonly ModuleStep[];
  /** A function with the types of its arguments, or `len`. */
  readonly call?: string;
  readonly args?: readonly ArgumentNode[];
}

/** A value from outside the rule, or of a variable. */
export type NamedNode =
  | { readonly op: "external"; readonly name: string }
  | { readonly op: "variable"; readonly slot: number };

/** A call of the module `math` that is computed here. */
export interface MathNode {
  readonly op: "math";
  readonly name: string;
  readonly args: readonly ValueNode[];
}

/** A value and its type. */
export type ValueNode =
  | { readonly t: "b"; readonly of: BooleanNode }
  | { readonly t: "i"; readonly of: IntegerNode }
  | { readonly t: "f"; readonly of: FloatNode }
  | { readonly t: "s"; readonly of: TextNode };

/** Operators on texts. */
export type TextOperator =
  | "contains"
  | "icontains"
  | "startswith"
  | "istartswith"
  | "endswith"
  | "iendswith"
  | "iequals";

/** A condition. `weight` is the approximate work of one iteration of a loop. */
export type BooleanNode =
  | { readonly op: "true" | "false" }
  | { readonly op: "and" | "or"; readonly of: readonly BooleanNode[] }
  | { readonly op: "not" | "defined"; readonly of: BooleanNode }
  | { readonly op: "truth"; readonly value: ValueNode }
  | { readonly op: "rule"; readonly rule: number }
  | { readonly op: "compare-i"; readonly how: Comparison; readonly l: IntegerNode; readonly r: IntegerNode }
  | { readonly op: "compare-f"; readonly how: Comparison; readonly l: FloatNode; readonly r: FloatNode }
  | { readonly op: "compare-s"; readonly how: Comparison; readonly l: TextNode; readonly r: TextNode }
  | { readonly op: "compare-b"; readonly l: BooleanNode; readonly r: BooleanNode }
  | { readonly op: TextOperator; readonly l: TextNode; readonly r: TextNode }
  | { readonly op: "matches"; readonly l: TextNode; readonly regexp: RegexpSyntax }
  | ({ readonly op: "pattern"; readonly p: number } & PlaceNode)
  | ({ readonly op: "of"; readonly q: QuantifierNode; readonly ps: readonly number[] } & PlaceNode)
  | { readonly op: "of-conditions"; readonly q: QuantifierNode; readonly of: readonly BooleanNode[] }
  | {
    readonly op: "for-of";
    readonly q: QuantifierNode;
    readonly ps: readonly number[];
    readonly body: BooleanNode;
    readonly weight: number;
  }
  | {
    readonly op: "for-range";
    readonly q: QuantifierNode;
    readonly slot: number;
    readonly range: RangeNode;
    readonly body: BooleanNode;
    readonly weight: number;
  }
  | {
    readonly op: "for-values";
    readonly q: QuantifierNode;
    readonly slot: number;
    readonly of: readonly ValueNode[];
    readonly body: BooleanNode;
    readonly weight: number;
  }
  | {
    readonly op: "for-module";
    readonly q: QuantifierNode;
    /** Of the variable; that of a map's values follows that of its keys. */
    readonly slot: number;
    readonly of: ModuleNode;
    readonly body: BooleanNode;
    readonly weight: number;
  }
  | {
    readonly op: "with";
    readonly slots: readonly number[];
    readonly of: readonly ValueNode[];
    readonly body: BooleanNode;
  }
  | NamedNode
  | MathNode
  | ModuleNode;

/** An integer of 64 bits. */
export type IntegerNode =
  /** Decimal digits where JavaScript would round. */
  | { readonly op: "integer"; readonly v: number | string }
  | { readonly op: "filesize" }
  | { readonly op: "count"; readonly p: number; readonly in?: RangeNode }
  | { readonly op: "offset"; readonly p: number; readonly i?: IntegerNode }
  | { readonly op: "length"; readonly p: number; readonly i?: IntegerNode }
  | { readonly op: "read"; readonly name: string; readonly at: IntegerNode }
  | { readonly op: "minus" | "complement"; readonly of: IntegerNode }
  | {
    readonly op: "+" | "-" | "*" | "\\" | "%" | "&" | "|" | "^" | "<<" | ">>";
    readonly l: IntegerNode;
    readonly r: IntegerNode;
  }
  | { readonly op: "from-boolean"; readonly of: BooleanNode }
  | { readonly op: "text-length"; readonly of: TextNode }
  | NamedNode
  | MathNode
  | ModuleNode;

/** A float of 64 bits. */
export type FloatNode =
  | { readonly op: "float"; readonly v: number }
  | { readonly op: "read"; readonly name: string; readonly at: IntegerNode }
  | { readonly op: "from-integer"; readonly of: IntegerNode }
  | { readonly op: "minus"; readonly of: FloatNode }
  | { readonly op: "+" | "-" | "*" | "\\"; readonly l: FloatNode; readonly r: FloatNode }
  | NamedNode
  | MathNode
  | ModuleNode;

/** Bytes, one character each. */
export type TextNode =
  | { readonly op: "text"; readonly v: string }
  | {
    readonly op: "digest";
    readonly algorithm: string;
    readonly from: IntegerNode;
    readonly size: IntegerNode;
  }
  | NamedNode
  | ModuleNode;
