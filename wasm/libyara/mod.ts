/**
 * libyara 4.2, classic YARA, in WebAssembly (`npm:libyara-wasm`), for rules that yara-x reads differently.
 *
 * The package compiles the rules again in every scan, 80 ms and more, and knows neither namespaces, tags, types of
 * metadata, external variables nor the keys of `xor` hits. Tags and metadata are taken from the rules' text;
 * external variables are written into the conditions as literals before each scan. Modules: pe, elf, math, hash,
 * time, dotnet, console.
 *
 * ```ts
 * import { loadLibyara } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * const engine = await loadLibyara();
 * const text = 'rule a : tag { strings: $fox = "fox" condition: $fox and filename == "x.txt" }';
 * const start = text.indexOf("filename");
 * const rules = await engine.compile([{
 *   unit: "example.yar",
 *   text,
 *   rules: [{
 *     name: "a",
 *     isGlobal: false,
 *     tags: ["tag"],
 *     meta: [],
 *     patterns: ["$fox"],
 *     conditionWords: [{ text: "filename", start, end: start + "filename".length }],
 *   }],
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
 * ```
 *
 * @module
 */

import { Instance } from "./instance.ts";
import { LibyaraRules } from "./rules.ts";
import type { RuleEngine } from "./shapes.ts";

export { MAX_HITS_PER_PATTERN } from "./result.ts";
export type {
  CompiledRules,
  CompileOptions,
  ConditionWord,
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

/** One for all callers: an instance takes 100 MB, and the package adds listeners to the process with each. */
let loading: Promise<Instance> | undefined;

/** Loads and starts the engine; afterwards it needs no permission, not even after a failure. */
export async function loadLibyara(): Promise<RuleEngine> {
  const instance = await (loading ??= Instance.load());
  return { compile: (sources, options) => Promise.resolve(LibyaraRules.compile(instance, sources, options)) };
}
