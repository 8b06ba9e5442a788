/**
 * Rules one by one, so that any subset of them can be compiled.
 *
 * @module
 */

import {
  type CollectedRules,
  collectRules,
  type Expression,
  parseRuleFile,
  type PatternSyntax,
  type RuleFileSyntax,
  type RuleHead,
} from "../../src/yara/mod.ts";
import { hasBrokenText } from "../../src/yara/declarations.ts";
import { Scanner } from "../../src/yara/scanner.ts";
import { DOT, END, STAR, WORD } from "../../src/yara/token_kind.ts";
import { quoteWideIntegers } from "../../src/yara/wide_integers.ts";
import { listRuleFiles, readRuleFile } from "../../plugins/yara/rule_files.ts";

/** One rule with all that it takes to compile it. */
export interface PoolRule {
  readonly name: string;
  /** Where it comes from, for people. */
  readonly file: string;
  /** From the rule's first word to its closing brace. */
  readonly text: string;
  readonly isGlobal: boolean;
  /** Empty for a rule whose strings our parser refuses; the engines get it all the same. */
  readonly patterns: readonly PatternSyntax[];
  /** Absent for a rule that our parser refuses. */
  readonly condition?: Expression;
  /** Modules that the condition speaks of. */
  readonly modules: readonly string[];
  /** Names of rules that the condition may speak of; may end in `*`. */
  readonly references: readonly string[];
}

/** Reads all rules of files and folders; of rules with one name the first is kept. */
export async function loadRulePool(paths: readonly string[]): Promise<PoolRule[]> {
  const files = await listRuleFiles("--rules", paths);
  const { pieces } = await collectRules(files, readRuleFile);
  const rules = new Map<string, PoolRule>();
  for (const { file, text } of pieces) {
    const parsed = parseRuleFile(text);
    const modules = parsed.imports.map(({ name }) => name);
    for (const rule of rulesOf(file, text, parsed, modules)) {
      if (!rules.has(rule.name) && !hasBrokenText(rule.text)) rules.set(rule.name, rule);
    }
  }
  return [...rules.values()];
}

/** The first rule of a text; what stands behind its closing brace is left out. */
export function poolRule(file: string, text: string): PoolRule {
  const [rule] = rulesOf(file, text, parseRuleFile(text), []);
  if (!rule) throw new Error(`no rule in ${JSON.stringify(text)}`);
  return rule;
}

function rulesOf(
  file: string,
  text: string,
  { rules, refused }: RuleFileSyntax,
  modules: readonly string[],
): PoolRule[] {
  const found: FoundRule[] = [...rules.map((head) => ({ ...head, head })), ...refused];
  return found.sort((a, b) => a.start - b.start).map(({ name, start, end, head, condition }) => {
    const alone = quoteWideIntegers(text, start, end, head?.meta ?? []);
    const { words, references } = wordsOf(alone, name);
    return {
      name,
      file,
      text: alone,
      isGlobal: head?.isGlobal ?? false,
      patterns: head?.patterns ?? [],
      ...(condition && { condition }),
      modules: modules.filter((module) => words.has(module)),
      references,
    };
  });
}

interface FoundRule {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly head?: RuleHead;
  readonly condition?: Expression;
}

/** Words of a rule that no dot precedes, and those of them that may be names of other rules, with wildcards. */
function wordsOf(text: string, ownName: string): { words: ReadonlySet<string>; references: string[] } {
  const words = new Set<string>();
  const wildcards = new Set<string>();
  const scanner = new Scanner(text);
  let previous = END;
  while (scanner.kind !== END) {
    const { kind, end } = scanner;
    const word = scanner.text();
    scanner.next();
    if (kind === WORD && previous !== DOT) {
      words.add(word);
      if (scanner.kind === STAR && scanner.start === end) wildcards.add(`${word}*`);
    }
    previous = kind;
  }
  return { words, references: [...words, ...wildcards].filter((word) => word !== ownName) };
}

/** The rules and all that they refer to, in the order of the pool. */
export function closureOf(pool: readonly PoolRule[], rules: readonly PoolRule[]): PoolRule[] {
  const byName = new Map(pool.map((rule) => [rule.name, rule]));
  const wanted = new Set(rules);
  for (const rule of wanted) {
    for (const reference of rule.references) {
      if (reference.endsWith("*")) {
        const prefix = reference.slice(0, -1);
        for (const other of pool) if (other.name.startsWith(prefix)) wanted.add(other);
      } else if (byName.has(reference)) wanted.add(byName.get(reference)!);
    }
  }
  return pool.filter((rule) => wanted.has(rule));
}

/** The rules as the files of a rule set, one for each rule, so that a bad one is left out alone. */
export function collectedOf(rules: readonly PoolRule[]): CollectedRules {
  const pieces = rules.map(({ name, modules, text }) => {
    const imports = modules.map((module) => `import "${module}" `).join("");
    return { file: name, root: "pool", firstLine: 1, text: imports + text };
  });
  return { pieces, problems: [] };
}
