/**
 * The two engines behind one interface.
 *
 * @module
 */

import type { PreparedPiece, RuleOutline } from "../../src/yara/mod.ts";
import type { CompiledRules, CompileOptions } from "../../wasm/yara_x/mod.ts";

export type {
  CompiledRules,
  CompileOptions,
  Externals,
  ExternalValue,
  RuleMatch,
  ScanOutcome,
  StringHit,
} from "../../wasm/yara_x/mod.ts";

/** A text for a compiler, with all that either engine wants to know of it. */
export interface EngineSource {
  /** The file. */
  readonly unit: string;
  readonly text: string;
  readonly rules: readonly RuleOutline[];
}

/** What both engines are. */
export interface RuleEngine {
  /** Compiles sources in their order; units with errors are left out and reported. */
  compile(sources: readonly EngineSource[], options: CompileOptions): Promise<CompiledRules>;
}

/** Values of the option `engine`. */
export type EngineName = "yara-x" | "libyara";

/** Loads an engine; the other one is never touched. */
export async function openEngine(name: EngineName): Promise<RuleEngine> {
  if (name === "libyara") return await (await import("../../wasm/libyara/mod.ts")).loadLibyara();
  return await (await import("../../wasm/yara_x/mod.ts")).loadYaraX((url) => Deno.readFile(url));
}

/** A source, and the piece of a rule file that it is; an import that stands alone is no piece. */
export interface SourceOrigin {
  readonly source: EngineSource;
  readonly piece?: PreparedPiece;
}

/**
 * The pieces as sources. The first import of each module comes before its piece in a source of its own, so that a
 * file that is left out does not take it away from those that count on it.
 */
export function toSources(pieces: readonly PreparedPiece[]): SourceOrigin[] {
  const imported = new Set<string>();
  return pieces.flatMap((piece) => {
    const first = piece.imports.filter((module) => !imported.has(module));
    for (const module of first) imported.add(module);
    const imports = [...new Set(first)].map((module) => `import "${module}"`);
    return [
      ...imports.map((text) => ({ source: { unit: `${text} alone`, text, rules: [] } })),
      { source: { unit: piece.file, text: piece.text, rules: piece.rules }, piece },
    ];
  });
}
