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

/** What a scan gave. What went wrong costs none of what was found. */
export interface ScanAnswer {
  /** In the order of the rules. */
  readonly matches: readonly RuleMatch[];
  readonly errors: readonly PluginFailure[];
  /** Number of rules that took more than their quota of time. */
  readonly slowRules?: number;
  /** How long rules took, where that was asked for. */
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
  /** What is wrong with the rules that are not; may grow when a rule is first used. */
  readonly problems: readonly RuleProblem[];
  /** What `stoq test` should say about them, a line each. */
  readonly facts: readonly string[];
  /** External variables that some condition may use. */
  readonly externalsInUse: ReadonlySet<string>;
  /** Scans bytes; `externals` replaces values that were given when the rules were compiled. */
  scan(bytes: Uint8Array, externals: Externals): Promise<ScanAnswer>;
  /** Looks for problems that would only show when a rule is used. */
  check(): Promise<void>;
  /** Gives memory back, once scans that have begun are through; another one afterwards is a mistake. */
  free(): Promise<void>;
}

/** What all engines are. */
export interface RuleEngine {
  /** Compiles rules in their order; what has errors is left out and reported. */
  compile(rules: CollectedRules, options: CompileOptions): Promise<UsableRules>;
}

/** Values of the option `engine`. */
export type EngineName = "auto" | "yara-x" | "libyara";

/** What an engine may be told beside its name. */
export interface EngineSettings {
  /** Whether each file that is named has a namespace of its own. */
  readonly hasNamespaceByFile?: boolean;
  /** Whether scans say how long rules took. */
  readonly isProfiling?: boolean;
  /** Whether yara-x decides on all rules. */
  readonly isAskingAll?: boolean;
}
