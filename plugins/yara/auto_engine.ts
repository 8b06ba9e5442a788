/**
 * `engine = auto`: our own core says which rules can match and answers alone where it is exact; yara-x is asked about
 * the rest. With `engine = yara-x` it is asked about all.
 *
 * @module
 */

import {
  buildProgram,
  type CollectedRules,
  Program,
  PROGRAM_VERSION,
  SEALED_FILE_VERSION,
  sealSections,
  SECTION,
  unsealSections,
} from "../../src/yara/mod.ts";
import { loadTables, TABLES_VERSION, TablesBuilder } from "../../wasm/core/mod.ts";
import { AutoRules } from "./auto_rules.ts";
import type { CompileOptions, EngineSettings, Externals, RuleEngine, UsableRules } from "./engine.ts";

/** Compiles rules, or takes them from the cache. */
export class AutoEngine implements RuleEngine {
  constructor(readonly settings: EngineSettings) {}

  async compile(rules: CollectedRules, options: CompileOptions): Promise<UsableRules> {
    const opened = await this.#compile(rules, options);
    try {
      // Where all of them will be asked about, what is wrong with them should be known now.
      await (this.settings.isAskingAll ? opened.check() : opened.settleDoubts());
    } catch (error) {
      // What needs no yara-x can be used all the same, and every scan that needs it will say why it can't.
      if (!(error instanceof Error)) throw error;
      options.log.warn(`Cannot ask yara-x about YARA rules: ${error.message}`);
    }
    return opened;
  }

  async #compile(rules: CollectedRules, options: CompileOptions): Promise<AutoRules> {
    const { cache } = options;
    if (!cache) return this.#open(this.#build(rules, options), options);
    const key = await this.#keyOf(rules, options.externals);
    const cached = await cache.read(key);
    if (cached) {
      const unsealed = await unsealSections(cached);
      const opened = "sections" in unsealed ? this.#tryToOpen(unsealed.sections, options) : unsealed.damage;
      if (typeof opened !== "string") return opened;
      options.log.warn(`Compile YARA rules again, the cache is damaged: ${opened}`);
    }
    const sections = this.#build(rules, options);
    // The digests are computed by other threads meanwhile.
    const keeping = sealSections(sections).then((parts) => cache.write(key, ...parts));
    const [opened] = await Promise.all([this.#open(sections, options), keeping]);
    return opened;
  }

  #build(rules: CollectedRules, { externals }: CompileOptions): readonly Uint8Array[] {
    const tables = new TablesBuilder();
    const settings = { externals, hasNamespaceByFile: this.settings.hasNamespaceByFile ?? false };
    const sections = buildProgram(rules, settings, (form) => tables.add(form));
    sections[SECTION.tables] = tables.finish();
    return sections;
  }

  #open(sections: readonly Uint8Array[], options: CompileOptions): AutoRules {
    return new AutoRules(
      new Program(sections),
      loadTables(sections[SECTION.tables]!),
      options,
      this.settings,
    );
  }

  /** The rules, or what is wrong with the sections: their digest was right, so it was made for something else. */
  #tryToOpen(sections: readonly Uint8Array[], options: CompileOptions): AutoRules | string {
    try {
      return this.#open(sections, options);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return error.message;
    }
  }

  /** Changes with everything that compiling depends on. */
  async #keyOf({ pieces, problems, ...rules }: CollectedRules, externals: Externals): Promise<string> {
    const types = Object.entries(externals).map((
      [name, value],
    ) => [name, typeof value, Number.isInteger(value)]);
    const versions = [SEALED_FILE_VERSION, PROGRAM_VERSION, TABLES_VERSION];
    const places = pieces.map(({ file, root, firstLine, text }) => [file, root, firstLine, text.length]);
    const contents = rules.contents ?? pieces.map(({ text }) => new TextEncoder().encode(text));
    const sizes = contents.map(({ length }) => length);
    const hasNamespaceByFile = this.settings.hasNamespaceByFile ?? false;
    const settings = JSON.stringify([versions, types, hasNamespaceByFile, problems, places, sizes]);
    const content = joined([new TextEncoder().encode(settings), ...contents]);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex();
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
