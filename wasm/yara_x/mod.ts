/**
 * yara-x, VirusTotal's YARA engine, in WebAssembly (`npm:@virustotal/yara-x`).
 *
 * The engine has no file system, so sources come as text with their includes resolved. It ignores deadlines and
 * can't save compiled rules. Every scan pays a fixed price of some milliseconds that grows with the rules. Conditions that
 * go on too long are stopped, the search for patterns can't be.
 *
 * ```ts
 * import { loadYaraX } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * const engine = await loadYaraX();
 * const rules = await engine.compile([{
 *   unit: "example.yar",
 *   text: 'rule a : tag { strings: $fox = "fox" condition: $fox and filename == "x.txt" }',
 *   rules: [{ name: "a", start: 0 }],
 * }], { externals: { filename: "" } });
 * const outcome = await rules.scan(new TextEncoder().encode("The quick brown fox"), { filename: "x.txt" });
 * assert.deepEqual(outcome, {
 *   ok: true,
 *   matches: [{
 *     rule: "a",
 *     namespace: "default",
 *     tags: ["tag"],
 *     meta: [],
 *     strings: [{ identifier: "$fox", offset: 16, length: 3 }],
 *   }],
 * });
 * rules.free();
 * ```
 *
 * @module
 */

import type { ReadFile } from "./binary.js";
import { loadInstances } from "./instance.ts";
import { YaraXRules } from "./rules.ts";
import type { RuleEngine } from "./shapes.ts";

export type { ReadFile } from "./binary.js";
export { MAX_CONDITIONS_MS } from "./host_calls.ts";
export { MAX_HITS_PER_PATTERN } from "./rules.ts";
export type {
  CompiledRules,
  CompileOptions,
  Externals,
  ExternalValue,
  MetaValue,
  RuleDeclaration,
  RuleEngine,
  RuleMatch,
  RuleSource,
  ScanOutcome,
  SourceProblem,
  StringHit,
} from "./shapes.ts";

/**
 * Compiles and starts the engine, about 0.1 s; afterwards it needs no permission, not even after a failure.
 *
 * @param readFile reads the engine's file where it can't be imported as a module, which is so in compiled binaries
 * of some Deno versions; default: `fetch`
 */
export async function loadYaraX(readFile?: ReadFile): Promise<RuleEngine> {
  const instances = await loadInstances(readFile);
  return { compile: (sources, options) => YaraXRules.compile(instances, sources, options) };
}
