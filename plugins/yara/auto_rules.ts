/**
 * Compiled rules of which our own core answers what it can, and yara-x the rest.
 *
 * @module
 */

import type { Logger, PluginFailure } from "../../src/plugin/define.ts";
import {
  describeProblem,
  type DigestFunction,
  Judge,
  type Judgement,
  type Program,
  type RuleProblem,
} from "../../src/yara/mod.ts";
import { digest } from "../../wasm/digest/mod.ts";
import type { Core } from "../../wasm/core/mod.ts";
import { loadYaraX } from "../../wasm/yara_x/mod.ts";
import { type AskableRule, AskedRules, MAX_ASKED_RULES } from "./asked_rules.ts";
import type {
  CompileOptions,
  EngineSettings,
  Externals,
  RuleMatch,
  RuleTime,
  ScanAnswer,
  UsableRules,
} from "./engine.ts";

/** Rules that a profile lists: the slowest. */
export const MAX_PROFILED_RULES = 100;
/** What one rule may take for one payload before it is called slow; the time that yara-x takes is the set's. */
export const RULE_QUOTA_MS = 100;
/** What yara-x may take for the candidates of one payload before they are called slow. */
export const ASK_QUOTA_MS = 2_000;
/** Bytes of the payload with which rules are tried for slowness. */
const PROBE_BYTES = 1_000_000;

/** Rules of our own core. */
export class AutoRules implements UsableRules {
  readonly problems: RuleProblem[];
  readonly facts: readonly string[];
  readonly externalsInUse: ReadonlySet<string>;
  readonly #program: Program;
  readonly #core: Core;
  readonly #judge: Judge;
  readonly #asked: AskedRules;
  readonly #externals: Externals;
  readonly #settings: EngineSettings;
  /** Rules that some payload may need yara-x for. */
  readonly #askable: readonly number[];
  readonly #log: Logger;
  /** Slow rules that the log has named. */
  readonly #toldSlow = new Set<number>();
  #rejectedCount = 0;
  #isOpen = false;

  constructor(program: Program, core: Core, { externals, log }: CompileOptions, settings: EngineSettings) {
    const { summary } = program;
    this.#program = program;
    this.#core = core;
    this.#judge = new Judge(program);
    this.#externals = externals;
    this.#log = log;
    this.#settings = settings;
    this.#askable = program.usableRules.filter((rule) =>
      settings.isAskingAll || program.has(rule, "filtered") || program.has(rule, "opaque")
    );
    this.problems = [...summary.problems];
    this.externalsInUse = new Set(summary.externals);
    this.facts = settings.isAskingAll ? [] : classFacts(program);
    this.#asked = new AskedRules({
      rules: {
        rule: (index) => askable(program, index),
        isUsable: (index) => !program.has(index, "rejected"),
        closureOf: (indices) => program.closureOf(indices),
      },
      load: () => loadYaraX((url) => Deno.readFile(url)),
      externals: onlyNamed(externals, this.externalsInUse),
      onConsole: (line) => log.debug(`console.log: ${line}`),
      onRejected: (index, message) => this.#reject(index, message),
    });
  }

  /**
   * Finds out what yara-x rejects where that decides about other rules: those that refer to a rejected rule go with it, and
   * a global one decides about nothing any more. Only rules of which we don't know that are asked about.
   */
  async settleDoubts(): Promise<void> {
    const program = this.#program;
    const leaned = new Set(program.usableRules.flatMap((rule) => [...program.references.at(rule)]));
    const doubtful = this.#askable.filter((rule) =>
      program.has(rule, "opaque") && (leaned.has(rule) || program.has(rule, "global"))
    );
    await this.#asked.check(doubtful);
  }

  #reject(rule: number, message: string): void {
    const { name } = this.#program.rule(rule);
    for (const rejected of this.#program.reject(rule)) {
      const { name: own, file, line } = this.#program.rule(rejected);
      const reason = rejected === rule ? message : `it refers to "${name}", which is left out`;
      const problem = { file, line, rule: own, message: reason };
      this.#rejectedCount++;
      this.problems.push(problem);
      // Those that are found while compiling are told by whoever compiles.
      if (this.#isOpen) this.#log.warn(`Left out YARA rule "${own}": ${describeProblem(problem)}`);
    }
  }

  get ruleCount(): number {
    return this.#program.summary.ruleCount - this.#rejectedCount;
  }

  async scan(bytes: Uint8Array, externals: Externals): Promise<ScanAnswer> {
    this.#isOpen = true;
    const times = new Map<number, number>();
    const { matches, candidates } = this.#judgement(bytes, externals, times);
    const found = new Map(matches.map(({ rule, strings }) => [rule, this.#matchOf(rule, strings)]));
    const start = performance.now();
    const errors = await this.#ask(candidates, bytes, externals, found);
    const slowRules = this.#countSlow(times) + this.#countSlowlyAsked(candidates, performance.now() - start);
    const inOrder = [...found].sort(([a], [b]) => a - b).map(([, match]) => match);
    const profile = this.#settings.isProfiling ? { profile: this.#profile(times, candidates) } : {};
    return { matches: inOrder, errors, slowRules, ...profile };
  }

  /** Compiles what yara-x may be asked about, and tries all rules on bytes that are like nothing and everything. */
  async check(): Promise<void> {
    await this.#asked.check(this.#askable.filter((rule) => !this.#program.has(rule, "rejected")));
    if (this.#settings.isAskingAll) return;
    const times = new Map<number, number>();
    this.#judgement(probe(PROBE_BYTES), {}, times);
    for (const [rule, spentMs] of times) {
      if (spentMs <= RULE_QUOTA_MS) continue;
      const { name, file, line } = this.#program.rule(rule);
      const message = `the rule takes ${
        spentMs.toFixed(0)
      } ms for ${PROBE_BYTES} bytes, the quota is ${RULE_QUOTA_MS} ms`;
      this.problems.push({ file, line, rule: name, isInUse: true, message });
    }
  }

  #countSlow(times: ReadonlyMap<number, number>): number {
    let count = 0;
    for (const [rule, spentMs] of times) {
      if (spentMs <= RULE_QUOTA_MS) continue;
      count++;
      this.#tellSlow(rule, `took ${spentMs.toFixed(0)} ms for one payload, the quota is ${RULE_QUOTA_MS} ms`);
    }
    return count;
  }

  #countSlowlyAsked(candidates: readonly number[], spentMs: number): number {
    if (candidates.length === 0 || spentMs <= ASK_QUOTA_MS || this.#settings.isAskingAll) return 0;
    const others = candidates.length === 1 ? "" : ` with ${candidates.length - 1} others`;
    const reason = `took yara-x ${
      spentMs.toFixed(0)
    } ms${others} for one payload, the quota is ${ASK_QUOTA_MS} ms`;
    for (const rule of candidates) this.#tellSlow(rule, reason);
    return candidates.length;
  }

  #tellSlow(rule: number, reason: string): void {
    if (this.#toldSlow.has(rule)) return;
    this.#toldSlow.add(rule);
    const { name, file, line } = this.#program.rule(rule);
    this.#log.warn(
      `YARA rule "${name}" is slow: ${describeProblem({ file, line, message: `it ${reason}` })}`,
    );
  }

  free(): void {
    this.#asked.free();
  }

  #judgement(bytes: Uint8Array, externals: Externals, times: Map<number, number>): Judgement {
    if (this.#settings.isAskingAll) return { matches: [], candidates: this.#program.usableRules };
    const values = { ...this.#externals, ...externals };
    const { hits, cappedForms, isComplete } = this.#core.scan(bytes);
    const onTime = this.#settings.isProfiling
      ? (rule: number, ms: number) => void times.set(rule, ms)
      : undefined;
    return this.#judge.judge({
      hits,
      cappedForms,
      isComplete,
      content: bytes,
      externals: values,
      digest: digestOf,
    }, onTime);
  }

  /** Adds what yara-x finds of the candidates; answers what went wrong. */
  async #ask(
    candidates: readonly number[],
    bytes: Uint8Array,
    externals: Externals,
    found: Map<number, RuleMatch>,
  ): Promise<PluginFailure[]> {
    if (candidates.length > MAX_ASKED_RULES && !this.#settings.isAskingAll) {
      const reason = `so many come near a match, the limit is ${MAX_ASKED_RULES}`;
      const message = `Failed to settle ${candidates.length} YARA rules: ${reason}`;
      return [{ code: "yara-rules-unsettled", message }];
    }
    const answer = await this.#asked.ask(candidates, bytes, onlyNamed(externals, this.externalsInUse));
    if (!answer.ok) return [{ code: "yara-engine-failed", message: answer.message }];
    for (const [rule, { strings }] of answer.matches) {
      if (!this.#program.has(rule, "private")) found.set(rule, this.#matchOf(rule, strings));
    }
    return [];
  }

  #matchOf(rule: number, strings: RuleMatch["strings"]): RuleMatch {
    const { name, tags, meta } = this.#program.rule(rule);
    return { rule: name, namespace: this.#program.namespaceNameOf(rule), tags, meta, strings };
  }

  #profile(times: ReadonlyMap<number, number>, candidates: readonly number[]): RuleTime[] {
    const asked = new Set(candidates);
    const slowest = [...times].sort(([, a], [, b]) => b - a).slice(0, MAX_PROFILED_RULES);
    return slowest.map(([rule, spentMs]) => ({
      rule: this.#program.rule(rule).name,
      namespace: this.#program.namespaceNameOf(rule),
      spentMs,
      isAsked: asked.has(rule),
    }));
  }
}

const digestOf: DigestFunction = (algorithm, bytes) => digest(bytes, [algorithm])[algorithm];

/** Bytes of all values with runs of text and zeros, the same each time. */
function probe(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let state = 1;
  for (let at = 0; at < sizeBytes; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const value = state >>> 24;
    // A third noise, a third letters, a third a letter and a zero by turns.
    const kind = Math.floor(at * 3 / sizeBytes);
    bytes[at] = kind === 0 ? value : kind === 2 && at % 2 === 1 ? 0 : 97 + value % 26;
  }
  return bytes;
}

function askable(program: Program, index: number): AskableRule {
  const text = program.ruleText(index);
  return {
    name: program.rule(index).name,
    namespace: program.namespaceNameOf(index),
    text,
    modules: program.summary.modules.filter((module) => text.includes(module)),
  };
}

/** Externals that no rule asks for are left out: to define and set them costs yara-x more than a small scan. */
function onlyNamed(externals: Externals, names: ReadonlySet<string>): Externals {
  return Object.fromEntries(Object.entries(externals).filter(([name]) => names.has(name)));
}

function classFacts(program: Program): string[] {
  const [filtered, opaque] = [program.count("filtered"), program.count("opaque")];
  const exact = program.summary.ruleCount - filtered - opaque;
  const reasons = program.summary.reasons.map(([reason, count]) => `${count} for ${reason}`);
  return [
    `${exact} exact, ${filtered} filtered, ${opaque} opaque`,
    ...(reasons.length > 0 ? [`not exact: ${reasons.join("; ")}`] : []),
  ];
}
