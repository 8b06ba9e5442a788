/**
 * The syntax tree of YARA rules, as it is written: names are not resolved and types are not checked.
 *
 * Nodes are plain data that survives JSON. Places (`at`) are offsets into the text in UTF-16 units; texts and
 * regular expressions of conditions hold one character for each byte (`\x00` to `\xff`).
 *
 * @module
 */

/**
 * A value of a rule's metadata: bytes where a text is not valid UTF-8, decimal digits where JavaScript would round an
 * integer.
 */
export type MetaValue = string | number | boolean | Uint8Array;

/** One entry of a rule's metadata. */
export interface MetaEntry {
  /** As it is written; a name may occur twice in a rule. */
  readonly name: string;
  readonly value: MetaValue;
  /** Offset of the value, its sign included. */
  readonly start: number;
  /** Offset behind the value. */
  readonly end: number;
}

/** Everything that a rule declares before its condition. */
export interface RuleHead {
  /** The identifier. */
  readonly name: string;
  /** Offset of the rule's first word, `private` and `global` included. */
  readonly start: number;
  /** Line of the rule's name, from 1. */
  readonly line: number;
  /** Whether the rule is used by others alone. */
  readonly isPrivate: boolean;
  /** Whether all other rules of the namespace depend on it. */
  readonly isGlobal: boolean;
  /** In the order of the text. */
  readonly tags: readonly string[];
  /** In the order of the text. */
  readonly meta: readonly MetaEntry[];
  /** In the order of the text. */
  readonly patterns: readonly PatternSyntax[];
  /** Offset behind `condition:`. */
  readonly conditionAt: number;
}

/** One rule. */
export interface RuleSyntax extends RuleHead {
  /** Offset behind the closing brace. */
  readonly end: number;
  /** What must hold. */
  readonly condition: Expression;
  /** Whether the condition contains `at`. */
  readonly hasOffsets: boolean;
}

/** Modifiers of a pattern. A text without `ascii` and `wide` is searched as `ascii`: that is for the reader to know. */
export interface Modifiers {
  readonly isAscii?: true;
  readonly isWide?: true;
  readonly isNocase?: true;
  readonly isFullword?: true;
  readonly isPrivate?: true;
  /** First and last key, each 0 to 255. */
  readonly xor?: { readonly from: number; readonly to: number };
  /** The alphabet, 64 characters; empty: the standard one. */
  readonly base64?: string;
  /** The alphabet, 64 characters; empty: the standard one. */
  readonly base64wide?: string;
}

/** What every pattern has. */
interface PatternBase {
  /** With its `$`; an anonymous pattern is `$`. */
  readonly identifier: string;
  readonly modifiers: Modifiers;
  /** Offset of the identifier. */
  readonly at: number;
}

/** `$a = "text"`. */
export interface TextPattern extends PatternBase {
  readonly kind: "text";
  /** Escapes resolved. */
  readonly bytes: Uint8Array;
}

/** `$a = { 4D 5A }`. */
export interface HexPattern extends PatternBase {
  readonly kind: "hex";
  readonly tokens: readonly HexToken[];
}

/** `$a = /regexp/is`. */
export interface RegexpPattern extends PatternBase {
  readonly kind: "regexp";
  readonly regexp: RegexpSyntax;
}

/** One string of a rule. */
export type PatternSyntax = TextPattern | HexPattern | RegexpPattern;

/** A part of a hex string. `mask` has the bits that count: 0xff for `4D`, 0xf0 for `4?`, 0 for `??`. */
export type HexToken =
  | { readonly kind: "byte"; readonly value: number; readonly mask: number; readonly isNegated?: true }
  /** `to` is absent for `[4-]` and `[-]`. */
  | { readonly kind: "jump"; readonly from: number; readonly to?: number }
  | { readonly kind: "alternatives"; readonly branches: readonly (readonly HexToken[])[] };

/** A regular expression as it is written; `parseRegexp` reads it. */
export interface RegexpSyntax {
  /** Between the slashes, `\/` included. */
  readonly source: string;
  /** The flag `i`. */
  readonly isCaseInsensitive?: true;
  /** The flag `s`. */
  readonly isDotAll?: true;
}

/** How many of a set: `all`, `any`, `none`, a number, or a percentage. */
export type Quantifier =
  | { readonly kind: "all" | "any" | "none" }
  | { readonly kind: "count" | "percentage"; readonly value: Expression };

/** Of what `of` and `for … of` speak. */
export type SetSyntax =
  | { readonly kind: "them" }
  /** `($a, $b*)`, items with their `$` and `*`. */
  | { readonly kind: "patterns"; readonly items: readonly string[] }
  /** YARA-X's tuples of conditions, `(rule_a, rule_b)` among them; it knows no `rule_*`. */
  | { readonly kind: "conditions"; readonly items: readonly Expression[] };

/** What `for … in` goes through. */
export type IterableSyntax =
  | RangeSyntax
  | { readonly kind: "values"; readonly items: readonly Expression[] }
  | { readonly kind: "expression"; readonly of: Expression };

/** `(from..to)`, both included. */
export interface RangeSyntax {
  readonly kind: "range";
  readonly from: Expression;
  readonly to: Expression;
}

/** Operators with two sides. */
export type BinaryOperator =
  | ("==" | "!=" | "<" | "<=" | ">" | ">=")
  | ("+" | "-" | "*" | "\\" | "%" | "&" | "|" | "^" | "<<" | ">>")
  | ("contains" | "icontains" | "startswith" | "istartswith" | "endswith" | "iendswith" | "iequals")
  | "matches";

/** An expression of a condition. In loops over patterns the identifiers of patterns are `$`. */
export type Expression =
  | { readonly op: "boolean"; readonly value: boolean }
  /** Digits where JavaScript would round, in decimal. */
  | { readonly op: "integer"; readonly value: number | string }
  | { readonly op: "float"; readonly value: number }
  | { readonly op: "text"; readonly value: string }
  | { readonly op: "regexp"; readonly regexp: RegexpSyntax }
  | { readonly op: "filesize" | "entrypoint" }
  /** A rule, an external variable, a module, a function, or a variable of a loop. */
  | { readonly op: "name"; readonly name: string; readonly at: number }
  | { readonly op: "member"; readonly of: Expression; readonly name: string; readonly at: number }
  | { readonly op: "index"; readonly of: Expression; readonly index: Expression }
  /** `uint16(0)` is a call of the name `uint16`. */
  | { readonly op: "call"; readonly of: Expression; readonly args: readonly Expression[] }
  /** `$a`, `$a at 0`, `$a in (0..10)`. */
  | {
    readonly op: "pattern";
    readonly id: string;
    readonly offset?: Expression;
    readonly range?: RangeSyntax;
    readonly at: number;
  }
  /** `#a`, `#a in (0..10)`. */
  | { readonly op: "count"; readonly id: string; readonly range?: RangeSyntax; readonly at: number }
  /** `@a`, `@a[i]`, `!a`, `!a[i]`. */
  | {
    readonly op: "offset" | "length";
    readonly id: string;
    readonly index?: Expression;
    readonly at: number;
  }
  | { readonly op: "not" | "defined" | "minus" | "complement"; readonly of: Expression }
  /** Chains are flat: `a and b and c` has three operands. */
  | { readonly op: "and" | "or"; readonly operands: readonly Expression[] }
  | { readonly op: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | {
    readonly op: "of";
    readonly quantifier: Quantifier;
    readonly set: SetSyntax;
    readonly offset?: Expression;
    readonly range?: RangeSyntax;
    readonly at: number;
  }
  | {
    readonly op: "for-of";
    readonly quantifier: Quantifier;
    readonly set: SetSyntax;
    readonly body: Expression;
    readonly at: number;
  }
  | {
    readonly op: "for-in";
    readonly quantifier: Quantifier;
    readonly variables: readonly string[];
    readonly iterable: IterableSyntax;
    readonly body: Expression;
    readonly at: number;
  }
  /** YARA-X's `with a = 1, b = 2 : ( … )`. */
  | {
    readonly op: "with";
    readonly declarations: readonly { readonly name: string; readonly value: Expression }[];
    readonly body: Expression;
    readonly at: number;
  };

/** An error of the grammar. Its rule is left out, and the parser continues after it. */
export interface SyntaxProblem {
  /** A phrase that names what is and what should be. */
  readonly message: string;
  /** Offset of the culprit. */
  readonly at: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** Name of the rule that is left out, where it is known. */
  readonly rule?: string;
}

/** A named rule that breaks the grammar. */
export interface RefusedRule {
  /** The identifier. */
  readonly name: string;
  /** Offset of the rule's first word. */
  readonly start: number;
  /** Offset behind the last token before the next rule or directive. */
  readonly end: number;
  readonly problem: SyntaxProblem;
  /** Present when the condition alone breaks the grammar. */
  readonly head?: RuleHead;
}

/** A directive that includes another file. */
export interface IncludeSyntax {
  /** The path between the quotes, as it is written. */
  readonly path: string;
  /** Offset of the directive. */
  readonly start: number;
  /** Offset behind the directive, and behind the rest of the broken rule around it. */
  readonly end: number;
  /** Line of the directive, from 1. */
  readonly line: number;
}

/** Everything that a text declares. */
export interface RuleFileSyntax {
  /** Rules without problems, in the order of the text. */
  readonly rules: readonly RuleSyntax[];
  /** Names of the modules that are imported, in the order of the text. */
  readonly imports: readonly { readonly name: string; readonly at: number }[];
  /** In the order of the text. */
  readonly includes: readonly IncludeSyntax[];
  /** Rules that were left out, in the order of the text. */
  readonly refused: readonly RefusedRule[];
  /** In the order of the text. */
  readonly problems: readonly SyntaxProblem[];
}
