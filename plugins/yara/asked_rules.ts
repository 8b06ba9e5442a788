/**
 * Asks yara-x about the few rules that our own core can't settle for a payload.
 *
 * A scan of yara-x costs more than all the rest, and compiling a rule some milliseconds, so all candidates of a payload
 * are asked in one scan of one compiled set, which is kept and grows with what is asked.
 *
 * @module
 */

import type { CompiledRules, Externals, RuleEngine, RuleMatch, RuleSource } from "../../wasm/yara_x/mod.ts";

/** Most rules of the set that is kept; what goes beyond starts a new one. Loaded whole, 5,900 rules take 325 MB. */
export const MAX_ASKED_RULES = 400;

/** What is known of a rule without compiling it. */
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
  /** Whether nothing was found to be wrong with it so far. */
  isUsable(index: number): boolean;
  /** The rules and all that decide with them: those they refer to, and the global ones of their namespaces. */
  closureOf(indices: readonly number[]): ReadonlySet<number>;
}

/** What yara-x says. */
export type AskedAnswer =
  | { readonly ok: true; readonly matches: ReadonlyMap<number, RuleMatch> }
  | { readonly ok: false; readonly message: string };

/** How to ask. */
export interface AskedSetup {
  readonly rules: AskableRules;
  /** Loads the engine, at the first question. */
  readonly load: () => Promise<RuleEngine>;
  /** All external variables with their types' defaults. */
  readonly externals: Externals;
  readonly onConsole: (line: string) => void;
  /** Told of each rule that yara-x does not take, once; it must not be usable afterwards. */
  readonly onRejected: (rule: number, message: string) => void;
}

interface AskedSet {
  readonly members: ReadonlySet<number>;
  readonly compiled: CompiledRules;
}

/** The questions to yara-x of one rule set. */
export class AskedRules {
  readonly #setup: AskedSetup;
  #set: AskedSet | undefined;
  /** Number of scans so far. */
  askCount = 0;

  constructor(setup: AskedSetup) {
    this.#setup = setup;
  }

  /** Says which of the candidates match, and where. Rules that yara-x rejects match nothing. */
  async ask(candidates: readonly number[], content: Uint8Array, externals: Externals): Promise<AskedAnswer> {
    if (candidates.length === 0) return { ok: true, matches: new Map() };
    const { compiled } = await this.#setWith(candidates);
    const wanted = candidates.filter((rule) => this.#setup.rules.isUsable(rule));
    if (wanted.length === 0) return { ok: true, matches: new Map() };
    this.askCount++;
    const outcome = await compiled.scan(content, externals);
    if (!outcome.ok) return outcome;
    const byName = new Map(wanted.map((rule) => [keyOf(this.#setup.rules.rule(rule)), rule]));
    const matches = new Map<number, RuleMatch>();
    for (const match of outcome.matches) {
      const rule = byName.get(keyOf({ namespace: match.namespace, name: match.rule }));
      if (rule !== undefined) matches.set(rule, match);
    }
    return { ok: true, matches };
  }

  /** Compiles rules, all at once, so that those that yara-x rejects are known. */
  async check(rules: readonly number[]): Promise<void> {
    if (rules.length > 0) await this.#setWith(rules);
  }

  /** Gives memory back. */
  free(): void {
    this.#set?.compiled.free();
    this.#set = undefined;
  }

  async #setWith(wanted: readonly number[]): Promise<AskedSet> {
    const needed = this.#setup.rules.closureOf(wanted);
    const kept = this.#set?.members;
    if (this.#set && kept && needed.isSubsetOf(kept)) return this.#set;
    const union = kept ? kept.union(needed) : needed;
    this.free();
    return this.#set = await this.#compile(union.size <= MAX_ASKED_RULES ? union : needed);
  }

  async #compile(members: ReadonlySet<number>): Promise<AskedSet> {
    const engine = await this.#setup.load();
    const { externals, onConsole, onRejected, rules } = this.#setup;
    const order = [...members].filter((rule) => rules.isUsable(rule)).sort((a, b) => a - b);
    const imports = [SEARCH_FIRST, ...importsOf(order.map((rule) => rules.rule(rule)))];
    const sources = [...imports, ...order.map((rule) => sourceOf(rule, rules.rule(rule)))];
    const compiled = await engine.compile(sources, { externals, onConsole });
    for (const { source, message } of compiled.problems) {
      const rule = order[source - imports.length];
      if (rule !== undefined && rules.isUsable(rule)) onRejected(rule, message);
    }
    return { members, compiled };
  }
}

/**
 * The engine looks for strings when a condition asks for one, and in some conditions it forgets to: what they say then
 * depends on the rules before them. A first rule that asks makes sure that it has looked.
 */
const SEARCH_FIRST: RuleSource = {
  unit: "search first",
  namespace: "stoq search first",
  text: 'private rule search_first { strings: $a = "search first" condition: #a >= 0 }',
  rules: [{ name: "search_first", start: 0 }],
};

function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}\0${name}`;
}

/** One source an import and namespace: each costs the engine a parser of payloads, so none that nobody uses. */
function importsOf(rules: readonly AskableRule[]): RuleSource[] {
  const wanted = new Map<string, { readonly namespace: string; readonly module: string }>();
  for (const { namespace, modules } of rules) {
    for (const module of modules) wanted.set(`${namespace}\0${module}`, { namespace, module });
  }
  return [...wanted.values()].map(({ namespace, module }) => {
    const text = `import "${module}"`;
    return { unit: `${text} in ${namespace}`, namespace, text, rules: [] };
  });
}

function sourceOf(index: number, { name, namespace, text }: AskableRule): RuleSource {
  return { unit: String(index), namespace, text, rules: [{ name, start: 0 }] };
}
