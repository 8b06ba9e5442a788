/**
 * Loads the engine that the option names.
 *
 * @module
 */

import type { EngineName, EngineSettings, RuleEngine } from "./engine.ts";

/** Loads an engine, and no other. */
export async function openEngine(name: EngineName, settings: EngineSettings = {}): Promise<RuleEngine> {
  if (name !== "libyara") {
    const { AutoEngine } = await import("./auto_engine.ts");
    const { isImportedAsSource } = await import("../../wasm/core/mod.ts");
    // yara-x is loaded for the first question. Where that takes a permission, it must be loaded now.
    if (!isImportedAsSource) {
      await (await import("../../wasm/yara_x/mod.ts")).loadYaraX((url) => Deno.readFile(url));
    }
    return new AutoEngine({ ...settings, isAskingAll: name === "yara-x" });
  }
  const { LibyaraEngine } = await import("./libyara_engine.ts");
  return new LibyaraEngine(await (await import("../../wasm/libyara/mod.ts")).loadLibyara());
}
