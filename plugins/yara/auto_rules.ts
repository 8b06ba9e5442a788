/**
 * Compiled rules: our own core decides what it can, and yara-x the rest.
 *
 * @module
 */

import type { Logger, PluginFailure } from "../../src/plugin/define.ts";
import {
  describeProblem,
  type DigestFunction,
  type EvaluatedRules,
  type MatchedRule,
  type Program,
  RuleEvaluator,
  type RuleProblem,
} from "../../src/yara/mod.ts";
import { digest } from "../../wasm/digest/mod.ts";
import type { Core } from "../../wasm/core/mod.ts";
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
import { RULE_QUOTA_MS, SlowRules } from "./slow_rules.ts";

/** Rules that a profile lists: the slowest. */
export const MAX_PROFILED_RULES = 100;
/** Most rules that yara-x decides for every payload and that don't count for the limit of a set. */
const MAX_STEADY_RULES = 1_600;
/** Most rules that yara-x checks before the first payload because others depend on them; 1,000 take about 2 s. */
export const MAX_DOUBTFUL_RULES = 2_000;
/** Bytes of the payload with which rules are tried for slowness. */
const PROBE_BYTES = 1_000_000;

/** Rules of our own core. */
export class AutoRules implements UsableRules {
  readonly problems: RuleProblem[];
  readonly externalsInUse: ReadonlySet<string>;
  readonly #program: Program;
  readonly #core: Core;
  readonly #evaluator: RuleEvaluator;
  readonly #asked: AskedRules;
  readonly #externals: Externals;
  readonly #settings: EngineSettings;
  /** Rules that some payload may need yara-x for. */
  readonly #askable: readonly number[];
  readonly #log: Logger;
  readonly #slow: SlowRules;
  /** Rules that yara-x rejected. */
  readonly #rejected: number[] = [];
  #isOpen = false;

  constructor(program: Program, core: Core, { externals, log }: CompileOptions, settings: EngineSettings) {
    const { summary } = program;
    this.#program = program;
    this.#core = core;
    this.#evaluator = new RuleEvaluator(program);
    this.#externals = externals;
    this.#log = log;
    this.#settings = settings;
    this.#askable = program.usableRules.filter((rule) =>
      settings.isAskingAll || program.has(rule, "filtered") || program.has(rule, "opaque")
    );
    this.problems = [...summary.problems];
    this.externalsInUse = new Set(summary.externals);
    this.#slow = new SlowRules(program, log);
    this.#asked = new AskedRules({
      rules: {
        rule: (index) => askable(program, index),
        isUsable: (index) => !program.has(index, "rejected"),
        closureOf: (indices) => program.closureOf(indices),
      },
      load: async () => (await import("../../wasm/yara_x/mod.ts")).loadYaraX((url) => Deno.readFile(url)),
      externals: onlyNamed(externals, this.externalsInUse),
      setLimit: settings.isAskingAll
        ? Infinity
        : MAX_ASKED_RULES + Math.min(program.count("opaque"), MAX_STEADY_RULES),
      onConsole: (line) => log.debug(`console.log: ${line}`),
      onRejected: (index, message) => this.#reject(index, message),
    });
  }

  /**
   * Finds the rules that yara-x rejects if other rules depend on them: those that refer to a rejected rule are rejected as well,
   * and a rejected global rule decides nothing. Only rules that our own core can't check are asked about.
   */
  async askAuthority(): Promise<void> {
    const program = this.#program;
    const leaned = new Set(program.usableRules.flatMap((rule) => [...program.references.at(rule)]));
    const doubtful = this.#askable.filter((rule) =>
      program.has(rule, "opaque") && (leaned.has(rule) || program.has(rule, "global"))
    );
    await this.#asked.check(doubtful.slice(0, MAX_DOUBTFUL_RULES));
    if (doubtful.length <= MAX_DOUBTFUL_RULES) return;
    const reason = `the limit is ${MAX_DOUBTFUL_RULES}, the others are checked when they may match`;
    this.#log.warn(`Checked some of ${doubtful.length} YARA rules on which others depend: ${reason}`);
  }

  #reject(rule: number, message: string): void {
    const { name } = this.#program.rule(rule);
    for (const rejected of this.#program.reject(rule)) {
      const { name: own, file, line } = this.#program.rule(rejected);
      const reason = rejected === rule ? message : `it refers to "${name}", which is left out`;
      const problem = { file, line, rule: own, message: reason };
      this.#rejected.push(rejected);
      this.problems.push(problem);
      // The rule set logs those that are found while compiling.
      if (this.#isOpen) this.#log.warn(`Left out YARA rule "${own}": ${describeProblem(problem)}`);
    }
  }

  get ruleCount(): number {
    return this.#program.summary.ruleCount - this.#rejected.length;
  }

  get facts(): readonly string[] {
    return this.#settings.isAskingAll ? [] : classFacts(this.#program, this.#rejected);
  }

  async scan(bytes: Uint8Array, externals: Externals): Promise<ScanAnswer> {
    this.#isOpen = true;
    const times = new Map<number, number>();
    const evaluated = this.#evaluate(bytes, externals, times);
    const { candidates } = evaluated;
    const found = new Map(evaluated.matches.map((settled) => [settled.rule, this.#matchOf(settled)]));
    const { errors, slowRules } = await this.#ask(evaluated, bytes, externals, found);
    const inOrder = [...found].filter(([rule]) => !this.#program.has(rule, "rejected"))
      .sort(([a], [b]) => a - b).map(([, match]) => match);
    const profile = this.#settings.isProfiling ? { profile: this.#profile(times, candidates) } : {};
    return { matches: inOrder, errors, slowRules: this.#slow.count(times) + slowRules, ...profile };
  }

  /** Compiles all rules about which yara-x may be asked, and times all rules on bytes of many kinds. */
  async check(): Promise<void> {
    await this.#asked.check(this.#askable.filter((rule) => !this.#program.has(rule, "rejected")));
    if (this.#settings.isAskingAll) return;
    const times = new Map<number, number>();
    this.#evaluate(probe(PROBE_BYTES), {}, times);
    this.problems.push(...this.#slow.problems(times, PROBE_BYTES));
  }

  async free(): Promise<void> {
    await this.#asked.free();
  }

  #evaluate(bytes: Uint8Array, externals: Externals, times: Map<number, number>): EvaluatedRules {
    if (this.#settings.isAskingAll) {
      return { matches: [], certain: [], candidates: this.#program.usableRules };
    }
    const values = { ...this.#externals, ...externals };
    const input = { ...this.#core.scan(bytes), content: bytes, externals: values, digest: digestOf };
    const onTime = (rule: number, ms: number) => void times.set(rule, (times.get(rule) ?? 0) + ms);
    if (this.#settings.isProfiling) return this.#evaluator.evaluate(input, onTime);
    const start = performance.now();
    const evaluated = this.#evaluator.evaluate(input);
    // Reading the clock twice costs more than most rules, so rules are timed only if one can have been slow.
    if (performance.now() - start > RULE_QUOTA_MS) this.#evaluator.evaluate(input, onTime);
    return evaluated;
  }

  /** Adds the candidates that match according to yara-x, and those that certainly match where it gives no answer. */
  async #ask(
    { candidates, certain }: EvaluatedRules,
    bytes: Uint8Array,
    externals: Externals,
    found: Map<number, RuleMatch>,
  ): Promise<{ readonly errors: readonly PluginFailure[]; readonly slowRules: number }> {
    const values = onlyNamed(externals, this.externalsInUse);
    const { matches, failures, failed, unasked, scanMs } = await this.#asked.ask(candidates, bytes, values);
    for (const [rule, { strings }] of matches) {
      if (!this.#program.has(rule, "private")) found.set(rule, this.#matchOf({ rule, strings }));
    }
    const unanswered = new Set([...failed, ...unasked]);
    for (const settled of certain) {
      if (unanswered.has(settled.rule)) found.set(settled.rule, this.#matchOf(settled));
    }
    const errors = failures.map((message) => ({ code: "yara-engine-failed", message }));
    if (unasked.length > 0) errors.push(unsettled(unasked.length, candidates.length - unasked.length));
    return { errors, slowRules: this.#settings.isAskingAll ? 0 : this.#slow.countAsked(candidates, scanMs) };
  }

  #matchOf({ rule, ...strings }: MatchedRule): RuleMatch {
    const { name, tags, meta } = this.#program.rule(rule);
    return { rule: name, namespace: this.#program.namespaceNameOf(rule), tags, meta, ...strings };
  }

  #profile(times: ReadonlyMap<number, number>, candidates: readonly number[]): RuleTime[] {
    const asked = new Set(candidates);
    const inUse = [...times].filter(([rule]) => !this.#program.has(rule, "rejected"));
    const slowest = inUse.sort(([, a], [, b]) => b - a).slice(0, MAX_PROFILED_RULES);
    return slowest.map(([rule, spentMs]) => ({
      rule: this.#program.rule(rule).name,
      namespace: this.#program.namespaceNameOf(rule),
      spentMs,
      isAsked: asked.has(rule),
    }));
  }
}

const digestOf: DigestFunction = (algorithm, bytes) => digest(bytes, [algorithm])[algorithm];

/** The same bytes each time: noise, letters, and letters with zeros. */
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
  return {
    name: program.rule(index).name,
    namespace: program.namespaceNameOf(index),
    text: program.ruleText(index),
    modules: program.modulesOf(index),
  };
}

/** Only externals that some rule uses: defining and setting the others costs yara-x more than a small scan. */
function onlyNamed(externals: Externals, names: ReadonlySet<string>): Externals {
  return Object.fromEntries(Object.entries(externals).filter(([name]) => names.has(name)));
}

function unsettled(unasked: number, asked: number): PluginFailure & { code: string; message: string } {
  const reason = `yara-x is asked about ${asked} for one payload and no more`;
  return { code: "yara-rules-unsettled", message: `Failed to settle ${unasked} YARA rules: ${reason}` };
}

function classFacts(program: Program, rejected: readonly number[]): string[] {
  const [filtered, opaque] = [program.count("filtered"), program.count("opaque")];
  const exact = program.summary.ruleCount - rejected.length - filtered - opaque;
  const counts = new Map(program.summary.reasons);
  for (const { reason } of rejected.map((rule) => program.rule(rule))) {
    if (reason !== undefined) counts.set(reason, counts.get(reason)! - 1);
  }
  const reasons = [...counts].filter(([, count]) => count > 0).map(([reason, count]) =>
    `${count} for ${reason}`
  );
  return [
    `${exact} exact, ${filtered} filtered, ${opaque} opaque`,
    ...(reasons.length > 0 ? [`not exact: ${reasons.join("; ")}`] : []),
  ];
}
