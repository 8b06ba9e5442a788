/**
 * The rules that matched, each once for all payloads: what the reader looks for first.
 *
 * @module
 */

import type { TreeNode } from "./payload_forest.ts";
import { type RuleMatch, ruleName, SEVERITIES, SEVERITY_LOOK } from "./rule_matches.ts";
import { counted, formatCount } from "./quantities.ts";
import { type Line, line } from "./styled_text.ts";
import type { Survey } from "./survey.ts";
import { cellOf, layOutTable } from "./table_layout.ts";

/** Most rules that have a row of their own. */
const MAX_RULES = 20;

/** Most payloads that a row names. */
const MAX_PLACES = 3;

const COLUMN = { mark: 0, rule: 1, places: 2, description: 3 } as const;

const SHRINK = [
  { column: COLUMN.description, width: 24 },
  { column: COLUMN.rule, width: 32 },
  { column: COLUMN.description, width: 0 },
  { column: COLUMN.rule, width: 12 },
];

/** Writes the rules that matched, worst first; nothing where none did. */
export function rulesSection(survey: Survey, columns: number): Line[] {
  const rules = collectRules(survey);
  if (rules.length === 0) return [];
  const rows = rules.slice(0, MAX_RULES).map(({ match, nodes }) => {
    const { mark, style } = SEVERITY_LOOK[match.severity];
    return [
      cellOf(line(mark, style)),
      cellOf(line(ruleName(match), style === "low" ? "plain" : style)),
      cellOf(line(placesOf(nodes), "secondary")),
      cellOf(line(match.description ?? "")),
    ];
  });
  const left = rules.length - MAX_RULES;
  return [
    line("Rules that matched", "heading"),
    ...layOutTable(rows, { columns, shrink: SHRINK }),
    ...(left > 0 ? [line(`    … ${counted(left, "more rule")}`, "secondary")] : []),
  ];
}

interface CollectedRule {
  readonly match: RuleMatch;
  readonly nodes: TreeNode[];
}

function collectRules(survey: Survey): CollectedRule[] {
  const rules = new Map<string, CollectedRule>();
  for (const node of survey.nodes) {
    for (const match of survey.matchesOf(node)) {
      const name = ruleName(match);
      const known = rules.get(name);
      if (known === undefined) rules.set(name, { match, nodes: [node] });
      else if (known.nodes.at(-1) !== node) known.nodes.push(node);
    }
  }
  const gravity = ({ match }: CollectedRule) => SEVERITIES.indexOf(match.severity);
  return [...rules.values()].sort((a, b) => gravity(a) - gravity(b) || b.nodes.length - a.nodes.length);
}

function placesOf(nodes: readonly TreeNode[]): string {
  const named = nodes.slice(0, MAX_PLACES).map(({ number }) => `#${number}`).join(" ");
  const left = nodes.length - MAX_PLACES;
  return left > 0 ? `${named} +${formatCount(left)}` : named;
}
