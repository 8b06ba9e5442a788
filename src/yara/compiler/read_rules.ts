/**
 * Reads the rules of collected files, and leaves out those that break the grammar.
 *
 * @module
 */

import type { CollectedRules, RulePiece } from "../collect.ts";
import { patternProblems } from "../check_patterns.ts";
import { regexpProblem } from "../forms/mod.ts";
import { hasBrokenText } from "../declarations.ts";
import { parseRuleFile } from "../parse_rule_file.ts";
import type { RuleProblem } from "../rule_problem.ts";
import type { RuleSyntax } from "../syntax.ts";
import { LineFinder } from "../syntax_failure.ts";
import { quoteWideIntegers } from "../wide_integers.ts";

/** A rule and its location. */
export interface LocatedRule {
  readonly syntax: RuleSyntax;
  /** The file, as it was named or as an include resolved. */
  readonly file: string;
  /** Line of the rule's name in the file, from 1. */
  readonly line: number;
  /** Index among the namespaces. */
  readonly namespace: number;
  /** Modules that were imported before the rule, in its namespace. */
  readonly modules: ReadonlySet<string>;
  /** The rule alone, as another engine may read it. */
  readonly text: string;
  /** Line of the file for an offset into the piece's text. */
  readonly lineAt: (offset: number) => number;
}

/** What was read beside rules. */
export interface ReadRules {
  readonly namespaces: readonly string[];
  /** What is wrong with rules and files beside what collecting found. */
  readonly problems: readonly RuleProblem[];
}

/** The namespace of rules where files have none of their own. */
export const DEFAULT_NAMESPACE = "default";

/** Gets each rule. */
export type RuleVisitor = (rule: LocatedRule, namespaceName: string) => void;

/** Reads all rules one after the other, by namespace, then in the order of the texts. */
export function readRules(
  { pieces }: CollectedRules,
  hasNamespaceByFile: boolean,
  visit: RuleVisitor,
): ReadRules {
  const problems: RuleProblem[] = [];
  const roots = hasNamespaceByFile ? [...new Set(pieces.map(({ root }) => root))] : [];
  const namespaces = hasNamespaceByFile ? namespaceNames(roots) : [DEFAULT_NAMESPACE];
  const numbers = new Map(roots.map((root, index) => [root, index]));
  const imported = namespaces.map(() => new Set<string>());
  const numberOf = ({ root }: RulePiece) => numbers.get(root) ?? 0;
  // Rules of a namespace are adjacent: an engine can't return to an earlier namespace.
  for (const piece of pieces.toSorted((a, b) => numberOf(a) - numberOf(b))) {
    const namespace = numberOf(piece);
    const see = (rule: LocatedRule) => visit(rule, namespaces[namespace]!);
    readPiece(piece, namespace, imported[namespace]!, see, problems);
  }
  return { namespaces, problems };
}

/** The file's name without its ending for each root, and its path where another one has that name. */
function namespaceNames(roots: readonly string[]): string[] {
  const taken = new Set<string>();
  return roots.map((root) => {
    const short = root.slice(Math.max(root.lastIndexOf("/"), root.lastIndexOf("\\")) + 1).replace(
      /\.[^.]*$/,
      "",
    );
    // A path may be the short name of another file.
    let name = short === "" || taken.has(short) ? root : short;
    while (taken.has(name)) name += "'";
    taken.add(name);
    return name;
  });
}

function readPiece(
  { file, firstLine, text }: RulePiece,
  namespace: number,
  modules: Set<string>,
  visit: (rule: LocatedRule) => void,
  problems: RuleProblem[],
): void {
  if (text.includes("\0")) {
    problems.push({ file, line: firstLine, message: "the file holds a NUL character, should be text" });
    return;
  }
  const parsed = parseRuleFile(text);
  for (const { line, message, rule } of parsed.problems) {
    problems.push({ file, line: firstLine + line - 1, message, ...(rule !== undefined && { rule }) });
  }
  for (const { name } of parsed.imports) modules.add(name);
  const visible: ReadonlySet<string> = new Set(modules);
  const lines = new LineFinder(text);
  const lineAt = (offset: number) => firstLine + lines.line(offset) - 1;
  for (const syntax of parsed.rules) {
    const refusal = patternProblems(syntax, text, lines)[0] ?? regexpRefusal(syntax, lines);
    if (refusal) {
      problems.push({
        file,
        line: firstLine + refusal.line - 1,
        rule: syntax.name,
        message: refusal.message,
      });
      continue;
    }
    const line = firstLine + syntax.line - 1;
    const alone = quoteWideIntegers(text, syntax.start, syntax.end, syntax.meta);
    if (alone.includes("\ufffd") && hasBrokenText(alone)) {
      problems.push({ file, line, rule: syntax.name, message: "the text is not valid UTF-8, should be" });
    } else {
      visit({ syntax, file, line, namespace, modules: visible, text: alone, lineAt });
    }
  }
}

/** What YARA-X refuses about the regular expressions among a rule's strings. */
function regexpRefusal(
  { patterns }: RuleSyntax,
  lines: LineFinder,
): { line: number; message: string } | undefined {
  for (const pattern of patterns) {
    const problem = pattern.kind === "regexp" && regexpProblem(pattern);
    if (problem) return { line: lines.line(pattern.at), message: `${pattern.identifier}: ${problem}` };
  }
  return undefined;
}
