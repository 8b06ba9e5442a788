/**
 * Loads the engine that the option names.
 *
 * @module
 */

import type { EngineName, EngineSettings, RuleEngine } from "./engine.ts";

/** Loads an engine; the others are never touched. */
export async function openEngine(name: EngineName, settings: EngineSettings = {}): Promise<RuleEngine> {
  if (name !== "libyara") {
    const { AutoEngine } = await import("./auto_engine.ts");
    const { isImportedAsSource } = await import("../../wasm/core/mod.ts");
    // yara-x is loaded when it is asked first; where that takes a permission, it must be now.
    if (!isImportedAsSource) {
      await (await import("../../wasm/yara_x/mod.ts")).loadYaraX((url) => Deno.readFile(url));
    }
    return new AutoEngine({ ...settings, isAskingAll: name === "yara-x" });
  }
  const { SourceEngine } = await import("./source_engine.ts");
  return new SourceEngine(await (await import("../../wasm/libyara/mod.ts")).loadLibyara());
}
