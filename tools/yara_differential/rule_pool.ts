/**
 * Rules one by one, so that any subset of them can be compiled.
 *
 * @module
 */

import {
  type CollectedRules,
  collectRules,
  outlineOf,
  type PreparedPiece,
  prepareRules,
  type RuleOutline,
  tokenize,
  tokenText,
} from "../../src/yara/mod.ts";
import { listRuleFiles, readRuleFile } from "../../plugins/yara/rule_files.ts";

/** One rule with all that it takes to compile it. */
export interface PoolRule {
  readonly name: string;
  /** Where it comes from, for people. */
  readonly file: string;
  /** From the rule's first word to its closing brace. */
  readonly text: string;
  readonly outline: RuleOutline;
  /** Modules that the condition speaks of. */
  readonly modules: readonly string[];
  /** Names of rules that the condition may speak of; may end in `*`. */
  readonly references: readonly string[];
}

/** Reads all rules of files and folders; of rules with one name the first is kept. */
export async function loadRulePool(paths: readonly string[]): Promise<PoolRule[]> {
  const files = await listRuleFiles("--rules", paths);
  const { pieces } = prepareRules(await collectRules(files, readRuleFile));
  const rules = new Map<string, PoolRule>();
  for (const rule of pieces.flatMap(rulesOf)) if (!rules.has(rule.name)) rules.set(rule.name, rule);
  return [...rules.values()];
}

function rulesOf(piece: PreparedPiece): PoolRule[] {
  return piece.rules.map((rule, i) =>
    poolRule(piece.file, piece.text.slice(rule.start, piece.rules[i + 1]?.start), piece.imports)
  );
}

/** A rule from a text that begins with it; what comes behind its closing brace is left out. */
export function poolRule(file: string, whole: string, modules: readonly string[] = []): PoolRule {
  const tokens = tokenize(whole);
  const end = tokens.tokens.findLast((token) => tokenText(whole, token) === "}")?.end;
  const text = whole.slice(0, end);
  const outline = outlineOf(tokens).rules[0];
  if (!outline) throw new Error(`no rule in ${JSON.stringify(text)}`);
  const words = new Set(outline.conditionWords.map((word) => word.text));
  const wildcards = tokens.tokens.filter((token, i) =>
    token.kind === "word" && tokens.tokens[i + 1]?.start === token.end && text[token.end] === "*"
  ).map((token) => `${tokenText(text, token)}*`);
  return {
    name: outline.name,
    file,
    text,
    outline,
    modules: modules.filter((module) => words.has(module)),
    references: [...words, ...wildcards].filter((word) => word !== outline.name),
  };
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
