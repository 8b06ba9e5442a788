/**
 * `engine = auto`: our own core says which rules can match and answers alone where it is exact; yara-x is asked about
 * the rest.
 *
 * @module
 */

import {
  buildProgram,
  type CollectedRules,
  Judge,
  Program,
  PROGRAM_VERSION,
  type RuleProblem,
  SEALED_FILE_VERSION,
  sealSections,
  SECTION,
  type SettledRule,
  unsealSections,
} from "../../src/yara/mod.ts";
import { buildTables, type Core, loadTables, TABLES_VERSION } from "../../wasm/core/mod.ts";
import { loadYaraX } from "../../wasm/yara_x/mod.ts";
import { AskedRules, MAX_ASKED_RULES } from "./asked_rules.ts";
import type {
  CompileOptions,
  EngineSettings,
  Externals,
  RuleEngine,
  RuleMatch,
  RuleTime,
  ScanAnswer,
  UsableRules,
} from "./engine.ts";

/** Rules that a profile lists: the slowest. */
export const MAX_PROFILED_RULES = 100;

/** Compiles rules, or takes them from the cache. */
export class AutoEngine implements RuleEngine {
  constructor(readonly settings: EngineSettings) {}

  async compile(rules: CollectedRules, options: CompileOptions): Promise<UsableRules> {
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
    await cache.write(key, await sealSections(sections));
    return this.#open(sections, options);
  }

  #build(rules: CollectedRules, { externals }: CompileOptions): readonly Uint8Array[] {
    const { sections, forms } = buildProgram(rules, {
      externals,
      hasNamespaceByFile: this.settings.hasNamespaceByFile ?? false,
    });
    return sections.with(SECTION.tables, buildTables(forms));
  }

  #open(sections: readonly Uint8Array[], options: CompileOptions): UsableRules {
    const core = loadTables(sections[SECTION.tables]!);
    return new AutoRules(new Program(sections), core, options, this.settings.isProfiling ?? false);
  }

  /** The rules, or what is wrong with the sections: their digest was right, so it was made for something else. */
  #tryToOpen(sections: readonly Uint8Array[], options: CompileOptions): UsableRules | string {
    try {
      return this.#open(sections, options);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return error.message;
    }
  }

  /** Changes with everything that compiling depends on. */
  async #keyOf({ pieces, problems }: CollectedRules, externals: Externals): Promise<string> {
    const types = Object.entries(externals).map(([name, value]) => [name, typeof value]);
    const versions = [SEALED_FILE_VERSION, PROGRAM_VERSION, TABLES_VERSION];
    const settings = JSON.stringify([versions, types, this.settings.hasNamespaceByFile ?? false, problems]);
    const texts = pieces.map(({ file, root, firstLine, text }) => `${file}\0${root}\0${firstLine}\0${text}`);
    const content = new TextEncoder().encode([settings, ...texts].join("\0\0"));
    return new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex();
  }
}

/** Rules of the own core. */
class AutoRules implements UsableRules {
  readonly ruleCount: number;
  readonly problems: RuleProblem[];
  readonly facts: readonly string[];
  readonly externalsInUse: ReadonlySet<string>;
  readonly #program: Program;
  readonly #core: Core;
  readonly #judge: Judge;
  readonly #asked: AskedRules;
  readonly #externals: Externals;
  readonly #isProfiling: boolean;

  constructor(program: Program, core: Core, { externals, log }: CompileOptions, isProfiling: boolean) {
    const { summary } = program;
    this.#program = program;
    this.#core = core;
    this.#judge = new Judge(program);
    this.#externals = externals;
    this.#isProfiling = isProfiling;
    this.ruleCount = summary.ruleCount;
    this.problems = [...summary.problems];
    this.externalsInUse = new Set(summary.externals);
    this.facts = classFacts(program);
    this.#asked = new AskedRules({
      rules: { rule: (index) => askable(program, index), closureOf: (index) => program.closureOf(index) },
      load: () => loadYaraX((url) => Deno.readFile(url)),
      externals: onlyNamed(externals, this.externalsInUse),
      onConsole: (line) => log.debug(`console.log: ${line}`),
      onRejected: (index, message) => {
        const { name, file, line } = program.rule(index);
        const problem = { file, line, rule: name, message: `yara-x does not take it: ${message}` };
        this.problems.push(problem);
        log.warn(`Left out YARA rule "${name}" of ${file}:${line}: ${message}`);
      },
    });
  }

  async scan(bytes: Uint8Array, externals: Externals): Promise<ScanAnswer> {
    const times = new Map<number, number>();
    const onTime = this.#isProfiling ? (rule: number, ms: number) => void times.set(rule, ms) : undefined;
    const values = { ...this.#externals, ...externals };
    const { hits, cappedForms, isComplete } = this.#core.scan(bytes);
    const { matches, candidates } = this.#judge.judge(
      { hits, cappedForms, isComplete, content: bytes, externals: values },
      onTime,
    );
    const found = new Map(matches.map((match) => [match.rule, this.#matchOf(match)]));
    const errors = [];
    if (candidates.length > MAX_ASKED_RULES) {
      errors.push({
        code: "yara-rules-unsettled",
        message:
          `Failed to settle ${candidates.length} YARA rules: so many come near a match, the limit is ` +
          `${MAX_ASKED_RULES}`,
      });
    } else if (candidates.length > 0) {
      const answer = await this.#asked.ask(candidates, bytes, onlyNamed(externals, this.externalsInUse));
      if (answer.ok) { for (const [rule, match] of answer.matches) found.set(rule, match); }
      else errors.push({ code: "yara-engine-failed", message: answer.message });
    }
    const inOrder = [...found].sort(([a], [b]) => a - b).map(([, match]) => match);
    const profile = this.#isProfiling ? { profile: this.#profile(times, candidates) } : {};
    return { matches: inOrder, errors, ...profile };
  }

  async check(): Promise<void> {
    const rules = Array.from({ length: this.ruleCount }, (_, rule) => rule);
    await this.#asked.check(
      rules.filter((rule) => this.#program.has(rule, "filtered") || this.#program.has(rule, "opaque")),
    );
  }

  free(): void {
    this.#asked.free();
  }

  #matchOf({ rule, strings }: SettledRule): RuleMatch {
    const { name, tags, meta } = this.#program.rule(rule);
    return { rule: name, namespace: this.#namespaceOf(rule), tags, meta, strings };
  }

  #namespaceOf(rule: number): string {
    return this.#program.summary.namespaces[this.#program.namespaceOf(rule)]!;
  }

  #profile(times: ReadonlyMap<number, number>, candidates: readonly number[]): RuleTime[] {
    const asked = new Set(candidates);
    const slowest = [...times].sort(([, a], [, b]) => b - a).slice(0, MAX_PROFILED_RULES);
    return slowest.map(([rule, spentMs]) => ({
      rule: this.#program.rule(rule).name,
      namespace: this.#namespaceOf(rule),
      spentMs,
      isAsked: asked.has(rule),
    }));
  }
}

function askable(program: Program, index: number) {
  const text = program.ruleText(index);
  const { modules, namespaces } = program.summary;
  return {
    name: program.rule(index).name,
    namespace: namespaces[program.namespaceOf(index)]!,
    text,
    modules: modules.filter((module) => text.includes(module)),
  };
}

/** Externals that no rule asks for: to define and set them costs yara-x more than a small scan. */
function onlyNamed(externals: Externals, names: ReadonlySet<string>): Externals {
  return Object.fromEntries(Object.entries(externals).filter(([name]) => names.has(name)));
}

function classFacts(program: Program): string[] {
  const [filtered, opaque] = [program.count("filtered"), program.count("opaque")];
  const exact = program.summary.ruleCount - filtered - opaque;
  const reasons = program.summary.reasons.map(([reason, count]) => `${count} × ${reason}`);
  return [
    `${exact} exact, ${filtered} filtered, ${opaque} opaque`,
    ...(reasons.length > 0 ? [`not exact: ${reasons.join(", ")}`] : []),
  ];
}
