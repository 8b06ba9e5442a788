/**
 * Compiled rules that outlive the engine instance that compiled them.
 *
 * @module
 */

import { build, type Built } from "./compile.ts";
import { HostCalls } from "./host_calls.ts";
import type { Instances } from "./instance.ts";
import { isReport, isTrap } from "./failure.ts";
import { type EngineResult, readResult } from "./result.ts";
import type {
  CompiledRules,
  CompileOptions,
  Externals,
  RuleSource,
  ScanOutcome,
  SourceProblem,
} from "./shapes.ts";

/**
 * Most hits of one pattern that the engine counts and reports. It also bounds `#a` in conditions. A hit costs the
 * engine about 10 microseconds, and how many there are is the sender's choice.
 */
export const MAX_HITS_PER_PATTERN = 10_000;

type Scanner = ReturnType<Built["rules"]["scanner"]>;

/** Rules of yara-x; compiled again when their instance was given up. */
export class YaraXRules implements CompiledRules {
  readonly problems: readonly SourceProblem[];
  readonly ruleCount: number;
  readonly #instances: Instances;
  readonly #sources: readonly RuleSource[];
  readonly #options: CompileOptions;
  readonly #hostCalls: HostCalls;
  #built: Built;

  private constructor(
    instances: Instances,
    sources: readonly RuleSource[],
    options: CompileOptions,
    built: Built,
  ) {
    this.#instances = instances;
    this.#options = options;
    this.#hostCalls = new HostCalls(options.conditionsLimitMs);
    this.#built = built;
    this.problems = built.problems;
    this.ruleCount = built.ruleCount;
    const leftOut = new Set(built.problems.map((problem) => sources[problem.source]!.unit));
    this.#sources = sources.filter((source) => !leftOut.has(source.unit));
  }

  /** Compiles sources with the instance in use. */
  static async compile(
    instances: Instances,
    sources: readonly RuleSource[],
    options: CompileOptions,
  ): Promise<YaraXRules> {
    return new YaraXRules(instances, sources, options, await build(instances, sources, options.externals));
  }

  async scan(bytes: Uint8Array, externals: Externals = {}): Promise<ScanOutcome> {
    if (!this.#isAlive()) this.#built = await build(this.#instances, this.#sources, this.#options.externals);
    const { instance, rules } = this.#built;
    const scanner = instance.own(rules.scanner());
    try {
      return { ok: true, matches: readResult(this.#run(scanner, bytes, externals)) };
    } catch (error) {
      if (isTrap(error)) this.#instances.discard(instance);
      else if (!isReport(error)) throw error;
      const reason = this.#hostCalls.isOverdue
        ? `conditions took more than ${this.#hostCalls.limitMs} ms`
        : error.message;
      return { ok: false, message: `yara-x failed to scan ${bytes.length} bytes: ${reason}` };
    } finally {
      instance.release(scanner);
    }
  }

  free(): void {
    this.#built.instance.release(this.#built.rules);
  }

  #isAlive(): boolean {
    return this.#instances.isCurrent(this.#built.instance);
  }

  #run(scanner: Scanner, bytes: Uint8Array, externals: Externals): EngineResult {
    scanner.setMaxMatchesPerPattern(MAX_HITS_PER_PATTERN);
    // To set one variable costs the engine as much as a scan of nothing.
    const { externals: defaults, onConsole = ignore } = this.#options;
    const changed = Object.entries(externals).filter(([name, value]) => defaults[name] !== value);
    return this.#hostCalls.during(bytes, onConsole, () => {
      for (const [name, value] of changed) scanner.setGlobal(name, value);
      return scanner.scan(bytes);
    });
  }
}

function ignore(): void {}
