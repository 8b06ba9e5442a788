/**
 * What goes into a YARA engine and what comes out. `wasm/libyara` has the same shapes, so that a caller need not know
 * which engine it holds.
 *
 * @module
 */

/** A value of an external variable. */
export type ExternalValue = string | number | boolean;

/** External variable → value. */
export type Externals = Readonly<Record<string, ExternalValue>>;

/** A value of a rule's metadata; bytes where a text is not valid UTF-8. */
export type MetaValue = string | number | boolean | Uint8Array;

/** What is known of a rule from its text. */
export interface RuleDeclaration {
  /** The identifier. */
  readonly name: string;
  /** Offset of the rule's first word in the text, in UTF-16 units. */
  readonly start: number;
}

/** A text for the compiler. */
export interface RuleSource {
  /** Sources of one unit, such as the pieces of one file, are kept or left out together. */
  readonly unit: string;
  /** The text, its includes resolved. */
  readonly text: string;
  /** Absent: `default`. Rules of different namespaces don't know each other. */
  readonly namespace?: string;
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
  /** The byte with which a pattern with the `xor` modifier was found. */
  readonly xorKey?: number;
}

/** One rule that matches; private rules and patterns are not reported. */
export interface RuleMatch {
  /** The identifier. */
  readonly rule: string;
  /** `default` unless its source says otherwise. */
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
  /** What the conditions of one scan may take; default: `MAX_CONDITIONS_MS`. A scan that takes longer fails. */
  readonly conditionsLimitMs?: number | undefined;
}

/** Compiled rules. */
export interface CompiledRules {
  /** At least one for every unit that was left out, in the order of the sources. */
  readonly problems: readonly SourceProblem[];
  /** Number of rules that are in use. */
  readonly ruleCount: number;
  /** Scans bytes; `externals` replaces values that were given when the rules were compiled. */
  scan(bytes: Uint8Array, externals?: Externals): Promise<ScanOutcome>;
  /** Gives the engine's memory back; a scan afterwards is a mistake. */
  free(): void;
}

/** An engine that was loaded. */
export interface RuleEngine {
  /** Compiles sources in their order; units with errors are left out and reported. */
  compile(sources: readonly RuleSource[], options: CompileOptions): Promise<CompiledRules>;
}
