/**
 * Asks yara-x about the rules that our own core can't decide for a payload.
 *
 * A scan of yara-x costs more than all the rest, and compiling a rule takes milliseconds. So yara-x scans a payload once, with one
 * compiled set that holds all candidates. The set is kept and grows with the rules that are asked about.
 *
 * @module
 */

import type { CompiledRules, Externals, RuleEngine, RuleMatch, RuleSource } from "../../wasm/yara_x/mod.ts";
import { searchFirst } from "./search_first.ts";
import { Turns } from "./turns.ts";

/** Most rules of the set that is kept; a larger one is replaced. 5,900 rules take 325 MB. */
export const MAX_ASKED_RULES = 400;
/** Most sets that are compiled for one payload: each takes up to a second. */
export const MAX_ASKED_SETS = 8;
/** Most rules of a set, with the rules to which they refer and global rules. */
export const MAX_CLOSURE_RULES = 2_000;
/** Time limit of all sets of one payload; a set that would end later is not started. */
export const ASK_BUDGET_MS = 20_000;

/** A rule for yara-x. */
export interface AskableRule {
  readonly name: string;
  readonly namespace: string;
  /** The rule alone. */
  readonly text: string;
  /** Modules that it may use. */
  readonly modules: readonly string[];
}

/** All rules, by index in the order of compiling. */
export interface AskableRules {
  rule(index: number): AskableRule;
  /** Whether no problem of the rule is known. */
  isUsable(index: number): boolean;
  /** The rules and all that decide with them: those they refer to, and the global ones of their namespaces. */
  closureOf(indices: readonly number[]): ReadonlySet<number>;
}

/** The answer of yara-x. */
export interface AskedAnswer {
  readonly matches: ReadonlyMap<number, RuleMatch>;
  /** Messages of failures. */
  readonly failures: readonly string[];
  /** Candidates of sets that failed. */
  readonly failed: readonly number[];
  /** Candidates beyond the limits of sets or time. */
  readonly unasked: readonly number[];
  /** Duration of the scans, without compiling. */
  readonly scanMs: number;
}

/** Dependencies and limits. */
export interface AskedSetup {
  readonly rules: AskableRules;
  /** Loads the engine for the first question. */
  readonly load: () => Promise<RuleEngine>;
  /** All external variables with their types' defaults. */
  readonly externals: Externals;
  /** Most rules of a set: at least {@linkcode MAX_ASKED_RULES}, and more where more are asked about each time. */
  readonly setLimit: number;
  readonly onConsole: (line: string) => void;
  /** Gets each rule that yara-x rejects, once; the rule must not be usable afterwards. */
  readonly onRejected: (rule: number, message: string) => void;
  /** Milliseconds of a clock; default: that of the process. */
  readonly now?: () => number;
}

interface AskedSet {
  readonly members: ReadonlySet<number>;
  readonly compiled: CompiledRules;
  /** Namespace and name → rule. */
  readonly byName: ReadonlyMap<string, number>;
}

interface OpenAnswer extends AskedAnswer {
  readonly matches: Map<number, RuleMatch>;
  readonly failures: string[];
  readonly failed: number[];
  readonly unasked: number[];
  scanMs: number;
}

/** The questions to yara-x of one rule set; several at a time wait for each other. */
export class AskedRules {
  readonly #setup: AskedSetup;
  readonly #turns = new Turns();
  #set: AskedSet | undefined;
  /** Number of scans so far. */
  askCount = 0;

  constructor(setup: AskedSetup) {
    this.#setup = setup;
  }

  /** Returns which candidates match, and where. Rules that yara-x rejects match nothing. */
  ask(candidates: readonly number[], content: Uint8Array, externals: Externals): Promise<AskedAnswer> {
    return this.#turns.take(async () => {
      const { groups, unaskable } = this.#groupsOf(candidates, MAX_ASKED_SETS);
      const answer = { matches: new Map(), failures: [], failed: [], unasked: unaskable, scanMs: 0 };
      const start = this.#now();
      let longestMs = 0;
      for (const [index, group] of groups.entries()) {
        const begin = this.#now();
        if (index > 0 && begin - start + longestMs > ASK_BUDGET_MS) {
          answer.unasked.push(...groups.slice(index).flat());
          break;
        }
        await this.#askSet(group, content, externals, answer);
        longestMs = Math.max(longestMs, this.#now() - begin);
      }
      return answer;
    });
  }

  /** Compiles rules, so that those that yara-x rejects are known. @throws {Error} when it can't be loaded */
  async check(rules: readonly number[]): Promise<void> {
    await this.#turns.take(async () => {
      for (const group of this.#groupsOf(rules, Infinity).groups) await this.#setWith(group);
    });
  }

  /** Gives memory back, once all questions are answered. */
  async free(): Promise<void> {
    await this.#turns.take(() => Promise.resolve(this.#drop()));
  }

  #now(): number {
    return this.#setup.now?.() ?? performance.now();
  }

  /** Groups that fit into a set each; of what decides with a rule there may be too much for any set. */
  #groupsOf(
    candidates: readonly number[],
    limit: number,
  ): { readonly groups: number[][]; readonly unaskable: number[] } {
    const { setLimit, rules } = this.#setup;
    const groups: number[][] = [];
    const unaskable: number[] = [];
    const add = (group: number[]) => {
      if (groups.length >= limit) unaskable.push(...group);
      else if (rules.closureOf(group).size <= Math.max(setLimit, MAX_CLOSURE_RULES)) groups.push(group);
      else if (group.length === 1) unaskable.push(...group);
      else {
        const middle = group.length >> 1;
        add(group.slice(0, middle));
        add(group.slice(middle));
      }
    };
    for (let at = 0; at < candidates.length; at += setLimit) add(candidates.slice(at, at + setLimit));
    return { groups, unaskable };
  }

  async #askSet(
    candidates: readonly number[],
    content: Uint8Array,
    externals: Externals,
    answer: OpenAnswer,
  ): Promise<void> {
    try {
      const { compiled, byName } = await this.#setWith(candidates);
      const wanted = new Set(candidates.filter((rule) => this.#setup.rules.isUsable(rule)));
      if (wanted.size === 0) return;
      this.askCount++;
      const start = performance.now();
      const outcome = await compiled.scan(content, externals);
      answer.scanMs += performance.now() - start;
      if (!outcome.ok) {
        answer.failures.push(outcome.message);
        answer.failed.push(...candidates);
      }
      for (const match of outcome.ok ? outcome.matches : []) {
        const rule = byName.get(keyOf({ namespace: match.namespace, name: match.rule }));
        if (rule !== undefined && wanted.has(rule)) answer.matches.set(rule, match);
      }
    } catch (error) {
      // The engine is not ours: that it can't be loaded or breaks must not cost what is settled without it.
      if (!(error instanceof Error)) throw error;
      answer.failures.push(`yara-x failed on ${candidates.length} rules: ${error.message}`);
      answer.failed.push(...candidates);
    }
  }

  #drop(): void {
    this.#set?.compiled.free();
    this.#set = undefined;
  }

  async #setWith(wanted: readonly number[]): Promise<AskedSet> {
    const needed = this.#setup.rules.closureOf(wanted);
    const kept = this.#set?.members;
    if (this.#set && kept && needed.isSubsetOf(kept)) return this.#set;
    const union = kept ? kept.union(needed) : needed;
    this.#drop();
    return this.#set = await this.#compile(union.size <= this.#setup.setLimit ? union : needed);
  }

  async #compile(members: ReadonlySet<number>): Promise<AskedSet> {
    const engine = await this.#setup.load();
    const { externals, onConsole, onRejected, rules } = this.#setup;
    const order = [...members].filter((rule) => rules.isUsable(rule)).sort((a, b) => a - b);
    const first = searchFirst(order.map((rule) => rules.rule(rule).text));
    const placed: PlacedSource[] = [...first.map((source) => ({ source })), ...sourcesOf(order, rules)];
    const compiled = await engine.compile(placed.map(({ source }) => source), { externals, onConsole });
    let isFirstRejected = false;
    for (const { source, message } of compiled.problems) {
      const { rule } = placed[source]!;
      isFirstRejected ||= source < first.length;
      if (rule !== undefined && rules.isUsable(rule)) onRejected(rule, message);
    }
    // A string that the engine rejects costs its own rule, and the one that looks for it first: that one is needed.
    if (isFirstRejected && order.some((rule) => !rules.isUsable(rule))) {
      compiled.free();
      return await this.#compile(members);
    }
    return { members, compiled, byName: new Map(order.map((rule) => [keyOf(rules.rule(rule)), rule])) };
  }
}

/** A source, and its rule; absent for sources that are no rule of the set. */
interface PlacedSource {
  readonly source: RuleSource;
  readonly rule?: number;
}

function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}\0${name}`;
}

/**
 * One source for each rule. A module is imported once in a namespace, before the first rule that uses it: each import costs the
 * engine a parser of payloads, and an earlier rule may have the name of a module.
 */
function sourcesOf(order: readonly number[], rules: AskableRules): PlacedSource[] {
  const imported = new Set<string>();
  return order.flatMap((rule) => {
    const { name, namespace, text, modules } = rules.rule(rule);
    const missing = modules.filter((module) => !imported.has(`${namespace}\0${module}`));
    for (const module of missing) imported.add(`${namespace}\0${module}`);
    return [
      ...missing.map((module) => ({ source: importOf(module, namespace) })),
      { source: { unit: String(rule), namespace, text, rules: [{ name, start: 0 }] }, rule },
    ];
  });
}

function importOf(module: string, namespace: string): RuleSource {
  const text = `import "${module}"`;
  return { unit: `${text} in ${namespace}`, namespace, text, rules: [] };
}
