/**
 * What goes into a YARA engine and what comes out: the shapes of `wasm/yara_x`, with more of what a rule's text
 * says, because this engine reports neither tags nor types and knows no external variables.
 *
 * @module
 */

/** A value of an external variable. */
export type ExternalValue = string | number | boolean;

/** External variable → value. */
export type Externals = Readonly<Record<string, ExternalValue>>;

/** A value of a rule's metadata; bytes where a text is not valid UTF-8. */
export type MetaValue = string | number | boolean | Uint8Array;

/** A word of a condition. */
export interface ConditionWord {
  /** The word. */
  readonly text: string;
  /** Offset of the first character in the source, in UTF-16 units. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
}

/** What is known of a rule from its text. */
export interface RuleDeclaration {
  /** The identifier. */
  readonly name: string;
  /** Whether all other rules depend on it. */
  readonly isGlobal: boolean;
  /** In the order of the rule. */
  readonly tags: readonly string[];
  /** In the order of the rule; a name may come twice. */
  readonly meta: readonly { readonly name: string; readonly value: MetaValue }[];
  /** Identifiers of the patterns that are reported, private ones are missing. */
  readonly patterns: readonly string[];
  /** Words that may name an external variable. */
  readonly conditionWords: readonly ConditionWord[];
}

/** A text for the compiler. */
export interface RuleSource {
  /** Sources of one unit, such as the pieces of one file, are kept or left out together. */
  readonly unit: string;
  /** The text, its includes resolved. */
  readonly text: string;
  /** Every rule of the text, in its order. */
  readonly rules: readonly RuleDeclaration[];
}

/** Why a unit is left out. */
export interface SourceProblem {
  /** Index of the source. */
  readonly source: number;
  /** Line in the source's text, from 1. */
  readonly line: number;
  /** A phrase that names what is. */
  readonly message: string;
}

/** One place where a pattern matches. */
export interface StringHit {
  /** With its `$`; an anonymous pattern is `$`. */
  readonly identifier: string;
  /** In bytes, from 0. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
}

/** One rule that matches; private rules and patterns are not reported. */
export interface RuleMatch {
  /** The identifier. */
  readonly rule: string;
  /** Always `default`. */
  readonly namespace: string;
  /** In the order of the rule. */
  readonly tags: readonly string[];
  /** In the rule's order; a name may come twice. */
  readonly meta: readonly (readonly [name: string, value: MetaValue])[];
  /** By pattern in the rule's order, then by offset. */
  readonly strings: readonly StringHit[];
}

/** What a scan gave. A failure is the engine's, the text names it; the next scan starts with a new engine. */
export type ScanOutcome =
  | { readonly ok: true; readonly matches: readonly RuleMatch[] }
  | { readonly ok: false; readonly message: string };

/** How to compile. */
export interface CompileOptions {
  /** All external variables with values of the types that they keep. */
  readonly externals: Externals;
  /** Gets the lines that rules write with `console.log`; default: they are dropped. */
  readonly onConsole?: (line: string) => void;
}

/** Compiled rules. */
export interface CompiledRules {
  /** At least one for every unit that was left out, in the order of the sources. */
  readonly problems: readonly SourceProblem[];
  /** Number of rules that are in use. */
  readonly ruleCount: number;
  /** Scans bytes; `externals` replaces values that were given when the rules were compiled. */
  scan(bytes: Uint8Array, externals?: Externals): Promise<ScanOutcome>;
  /** Gives memory back; a scan afterwards is a mistake. */
  free(): void;
}

/** An engine that was loaded. */
export interface RuleEngine {
  /** Compiles sources in their order; units with errors are left out and reported. */
  compile(sources: readonly RuleSource[], options: CompileOptions): Promise<CompiledRules>;
}
