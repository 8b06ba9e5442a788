/**
 * `engine = auto`: our own core says which rules can match and answers alone where it is exact; yara-x is asked about
 * the rest. With `engine = yara-x` it is asked about all.
 *
 * @module
 */

import { type CollectedRules, Program, SECTION } from "../../src/yara/mod.ts";
import { loadTables } from "../../wasm/core/mod.ts";
import { AutoRules } from "./auto_rules.ts";
import { compiledKey } from "./compiled_rules.ts";
import type { CompileOptions, EngineSettings, RuleEngine, UsableRules } from "./engine.ts";

/** Compiles rules, or takes them from a store. */
export class AutoEngine implements RuleEngine {
  constructor(readonly settings: EngineSettings) {}

  async compile(rules: CollectedRules, options: CompileOptions): Promise<UsableRules> {
    const opened = await this.#compile(rules, options);
    try {
      // Where all of them will be asked about, what is wrong with them should be known now.
      await (this.settings.isAskingAll ? opened.check() : opened.askAuthority());
    } catch (error) {
      // What needs no yara-x can be used all the same, and every scan that needs it will say why it can't.
      if (!(error instanceof Error)) throw error;
      options.log.warn(`Cannot ask yara-x about YARA rules: ${error.message}`);
    }
    return opened;
  }

  async #compile(rules: CollectedRules, options: CompileOptions): Promise<AutoRules> {
    const { store } = options;
    if (!store) return this.#open(await this.#build(rules, options), options);
    const key = await this.#keyOf(rules, options);
    const kept = await store.read(key);
    if (kept) {
      const opened = this.#tryToOpen(kept, options);
      if (typeof opened !== "string") return opened;
      options.log.warn(`Compile YARA rules again, the cache is damaged: ${opened}`);
    }
    const sections = await this.#build(rules, options);
    // Other threads compute the digests meanwhile.
    const keeping = store.write(key, sections);
    const opened = this.#open(sections, options);
    await keeping;
    return opened;
  }

  async #build(rules: CollectedRules, options: CompileOptions): Promise<readonly Uint8Array[]> {
    // Rules that a store has don't need the compiler.
    const { compileRules } = await import("./rule_compiler.ts");
    return compileRules(rules, this.#settingsOf(options));
  }

  #open(sections: readonly Uint8Array[], options: CompileOptions): AutoRules {
    return new AutoRules(
      new Program(sections),
      loadTables(sections[SECTION.tables]!),
      options,
      this.settings,
    );
  }

  /** The rules, or what is wrong with the sections: their digest was right, so they were made for something else. */
  #tryToOpen(sections: readonly Uint8Array[], options: CompileOptions): AutoRules | string {
    try {
      return this.#open(sections, options);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return error.message;
    }
  }

  #keyOf(rules: CollectedRules, options: CompileOptions): Promise<string> {
    return compiledKey(rules, this.#settingsOf(options));
  }

  #settingsOf({ externals }: CompileOptions) {
    return { externals, hasNamespaceByFile: this.settings.hasNamespaceByFile ?? false };
  }
}
