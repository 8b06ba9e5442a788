/**
 * The engine `libyara`, which compiles the texts of rules.
 *
 * @module
 */

import { type DeclaredPiece, readDeclarations, type RuleDeclaration } from "../../src/yara/compiler/mod.ts";
import type { CollectedRules, RuleProblem } from "../../src/yara/mod.ts";
import type { CompiledRules, CompileOptions as TextOptions, Externals } from "../../wasm/yara_x/mod.ts";
import type { CompileOptions, RuleEngine, UsableRules } from "./engine.ts";

/** A text for the compiler, with what it needs to know of it. */
interface Source {
  /** The file. */
  readonly unit: string;
  readonly text: string;
  readonly rules: readonly RuleDeclaration[];
}

/** The engine in WebAssembly. */
export interface TextEngine {
  /** Compiles sources in their order; units with errors are left out and reported. */
  compile(sources: readonly Source[], options: TextOptions): Promise<CompiledRules>;
}

/** Compiles rule files as they are. */
export class LibyaraEngine implements RuleEngine {
  constructor(readonly engine: TextEngine) {}

  async compile(rules: CollectedRules, options: CompileOptions): Promise<UsableRules> {
    const { pieces, problems } = readDeclarations(rules);
    const externals = externalsOf(pieces, options.externals);
    const origins = toSources(pieces);
    const compiled = await this.engine.compile(origins.map(({ source }) => source), {
      ...options,
      externals,
    });
    const externalsInUse = new Set(Object.keys(externals));
    return {
      ruleCount: compiled.ruleCount,
      problems: [...problems, ...compiled.problems.flatMap((problem) => inFile(origins, problem))],
      externalsInUse,
      facts: [],
      async scan(bytes, values) {
        const known = Object.entries(values).filter(([name]) => externalsInUse.has(name));
        const outcome = await compiled.scan(bytes, Object.fromEntries(known));
        if (outcome.ok) return { matches: outcome.matches, errors: [] };
        return { matches: [], errors: [{ message: outcome.message, code: "yara-engine-failed" }] };
      },
      check: () => Promise.resolve(),
      free: () => Promise.resolve(compiled.free()),
    };
  }
}

/** A source, and the piece of a rule file from which it comes; a lone import has no piece. */
interface SourceOrigin {
  readonly source: Source;
  readonly piece?: DeclaredPiece;
}

/**
 * The pieces as sources. The first import of each module comes before its piece in a source of its own, so that
 * other files keep it when that file is left out.
 */
function toSources(pieces: readonly DeclaredPiece[]): SourceOrigin[] {
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

/** The external variables that some condition may use. Defining and setting the others would only cost time. */
function externalsOf(pieces: readonly DeclaredPiece[], externals: Externals): Externals {
  const words = new Set(
    pieces.flatMap(({ rules }) => rules).flatMap((rule) => rule.conditionWords.map(({ text }) => text)),
  );
  return Object.fromEntries(Object.entries(externals).filter(([name]) => words.has(name)));
}

type EngineProblem = CompiledRules["problems"][number];

/** The problem in terms of the file; none for a lone import, because its file has the same problem. */
function inFile(origins: readonly SourceOrigin[], { source, line, message }: EngineProblem): RuleProblem[] {
  const piece = origins[source]!.piece;
  return piece ? [{ file: piece.file, line: piece.firstLine + line - 1, message }] : [];
}
