/**
 * The engines behind one interface.
 *
 * @module
 */

import type { CollectedRules, RuleProblem } from "../../src/yara/mod.ts";
import type { Externals, ScanOutcome } from "../../wasm/yara_x/mod.ts";

export type { Externals, ExternalValue, RuleMatch, ScanOutcome, StringHit } from "../../wasm/yara_x/mod.ts";

/** How to compile. */
export interface CompileOptions {
  /** All external variables with values of the types that they keep. */
  readonly externals: Externals;
  /** Gets what rules write with `console.log`, a line each. */
  readonly onConsole: (line: string) => void;
}

/** Rules that are ready to scan. */
export interface UsableRules {
  /** Number of rules in use. */
  readonly ruleCount: number;
  /** What is wrong with the rules that are not. */
  readonly problems: readonly RuleProblem[];
  /** External variables that some condition may use. */
  readonly externalsInUse: ReadonlySet<string>;
  /** Scans bytes; `externals` replaces values that were given when the rules were compiled. */
  scan(bytes: Uint8Array, externals: Externals): Promise<ScanOutcome>;
}

/** What all engines are. */
export interface RuleEngine {
  /** Compiles rules in their order; what has errors is left out and reported. */
  compile(rules: CollectedRules, options: CompileOptions): Promise<UsableRules>;
}

/** Values of the option `engine`. */
export type EngineName = "yara-x" | "libyara";

/** Loads an engine; the others are never touched. */
export async function openEngine(name: EngineName): Promise<RuleEngine> {
  const { SourceEngine } = await import("./source_engine.ts");
  if (name === "libyara") {
    return new SourceEngine(await (await import("../../wasm/libyara/mod.ts")).loadLibyara());
  }
  const { loadYaraX } = await import("../../wasm/yara_x/mod.ts");
  return new SourceEngine(await loadYaraX((url) => Deno.readFile(url)));
}
