/**
 * The engines behind one interface.
 *
 * @module
 */

import type { Logger, PluginFailure } from "../../src/plugin/define.ts";
import type { CollectedRules, RuleProblem } from "../../src/yara/mod.ts";
import type { Externals, RuleMatch as FoundRule } from "../../wasm/yara_x/mod.ts";
import type { CompiledRuleStore } from "./compiled_rules.ts";

export type { Externals, ExternalValue, StringHit } from "../../wasm/yara_x/mod.ts";

/** One rule that matches. */
export interface RuleMatch extends FoundRule {
  /** Number of strings that are not in the list, because there are too many. */
  readonly stringsLeftOut?: number;
}

/** How to compile. */
export interface CompileOptions {
  /** All external variables with values of the types that they keep. */
  readonly externals: Externals;
  readonly log: Logger;
  /** Where compiled rules are kept; absent: nowhere. */
  readonly store?: CompiledRuleStore | undefined;
}

/** The outcome of a scan. Errors cost no matches. */
export interface ScanAnswer {
  /** In the order of the rules. */
  readonly matches: readonly RuleMatch[];
  readonly errors: readonly PluginFailure[];
  /** Number of rules that took more than their quota of time. */
  readonly slowRules?: number;
  /** How long rules took, if that was requested. */
  readonly profile?: readonly RuleTime[];
}

/** How long a rule took in one scan. */
export interface RuleTime {
  readonly rule: string;
  readonly namespace: string;
  readonly spentMs: number;
  /** Whether yara-x was asked, whose time is not known by rule. */
  readonly isAsked: boolean;
}

/** Rules that are ready to scan. */
export interface UsableRules {
  /** Number of rules in use. */
  readonly ruleCount: number;
  /** Problems of the rules that are not in use; the list may grow when a rule is first used. */
  readonly problems: readonly RuleProblem[];
  /** Facts for `stoq test`, a line each. */
  readonly facts: readonly string[];
  /** External variables that some condition may use. */
  readonly externalsInUse: ReadonlySet<string>;
  /** Scans bytes; `externals` replaces values that were given when the rules were compiled. */
  scan(bytes: Uint8Array, externals: Externals): Promise<ScanAnswer>;
  /** Finds problems that otherwise show when a rule is first used. */
  check(): Promise<void>;
  /** Frees memory after the current scans. No scan may follow. */
  free(): Promise<void>;
}

/** An engine. */
export interface RuleEngine {
  /** Compiles rules in their order; what has errors is left out and reported. */
  compile(rules: CollectedRules, options: CompileOptions): Promise<UsableRules>;
}

/** Values of the option `engine`. */
export type EngineName = "auto" | "yara-x" | "libyara";

/** Settings of an engine. */
export interface EngineSettings {
  /** Whether each file that is named has a namespace of its own. */
  readonly hasNamespaceByFile?: boolean;
  /** Whether scans report how long rules took. */
  readonly isProfiling?: boolean;
  /** Whether yara-x decides on all rules. */
  readonly isAskingAll?: boolean;
}
