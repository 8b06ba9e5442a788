/**
 * The findings of all payloads, the worst first: the same finding in many payloads is one entry.
 *
 * @module
 */

import type { Finding } from "../../core/contract/findings.ts";
import { compareSeverities } from "../../core/contract/findings.ts";
import { flowParts, wrapLine } from "./fitting.ts";
import type { TreeNode } from "./payload_forest.ts";
import { placeOf, placesOf } from "./places.ts";
import { counted, formatCount } from "./quantities.ts";
import { SEVERITY_LOOK } from "./severity_look.ts";
import { type Line, line, Span } from "./styled_text.ts";
import { countSeverities, kindOf, type Survey } from "./survey.ts";

/** Most entries. */
const MAX_ENTRIES = 20;

/** Most entries in the details of one payload. */
const MAX_ENTRIES_OF_PAYLOAD = 12;

/** Most lines of a title with its detail. */
const MAX_TITLE_LINES = 3;

/** Width of the longest severity and a gap. */
const INDENT = 10;

/** One kind of finding, and where it was found. */
interface Entry {
  readonly finding: Finding;
  readonly count: number;
  readonly nodes: readonly TreeNode[];
}

/** Writes the findings; nothing where there are none. */
export function findingSection(survey: Survey, columns: number): Line[] {
  const entries = collectEntries(survey);
  if (entries.length === 0) return [];
  const left = entries.slice(MAX_ENTRIES);
  return [
    line("Findings", "heading"),
    ...entries.slice(0, MAX_ENTRIES).flatMap((entry) => entryLines(entry, columns)),
    ...(left.length > 0 ? [line(leftOut(left), "secondary")] : []),
  ];
}

/** Writes the findings of one payload, without code and ATT&CK ids, which the section of all findings has. */
export function payloadFindingLines(findings: readonly Finding[], columns: number): Line[] {
  const left = findings.length - MAX_ENTRIES_OF_PAYLOAD;
  return [
    ...findings.slice(0, MAX_ENTRIES_OF_PAYLOAD).flatMap((finding) => headLines(finding, columns)),
    ...(left > 0 ? [line(`… ${counted(left, "more finding")}`, "secondary")] : []),
  ];
}

function collectEntries(survey: Survey): Entry[] {
  const entries = new Map<string, { finding: Finding; count: number; nodes: TreeNode[] }>();
  for (const node of survey.nodes) {
    for (const finding of survey.findingsOf(node)) {
      const kind = kindOf(finding);
      const entry = entries.get(kind) ?? { finding, count: 0, nodes: [] };
      entries.set(kind, entry);
      entry.count++;
      if (entry.nodes.at(-1) !== node) entry.nodes.push(node);
    }
  }
  return [...entries.values()].sort((a, b) => compareSeverities(b.finding.severity, a.finding.severity));
}

function entryLines(entry: Entry, columns: number): Line[] {
  const facts = factParts(entry).map((fact) => line(fact, "secondary"));
  const indent = new Span(" ".repeat(INDENT));
  return [
    ...headLines(entry.finding, columns),
    ...flowParts(facts, columns - INDENT).map((spans) => [indent, ...spans]),
  ];
}

/** `high      Title: detail`. */
function headLines({ severity, title, detail }: Finding, columns: number): Line[] {
  const { style } = SEVERITY_LOOK[severity];
  const head = [
    new Span(severity, style),
    new Span(" ".repeat(INDENT - severity.length)),
    new Span(title, "name"),
    ...(detail === undefined ? [] : [new Span(`: ${detail}`)]),
  ];
  return wrapLine(head, columns, { maxLines: MAX_TITLE_LINES, indent: INDENT });
}

function factParts({ finding, count, nodes }: Entry): string[] {
  const { plugin, code, attack = [], offset } = finding;
  const times = count > nodes.length || nodes.length > 1 ? `${formatCount(count)} times: ` : "";
  const places = count === 1 ? placeOf(nodes[0]!, offset) : placesOf(nodes);
  return [
    `${times}${places}`,
    ...(attack.length > 0 ? [attack.join(", ")] : []),
    `${code} by ${plugin}`,
  ];
}

function leftOut(entries: readonly Entry[]): string {
  const counts = countSeverities(entries.map(({ finding }) => finding));
  const numbers = counts.map(([severity, count]) => `${formatCount(count)} ${severity}`);
  return `… ${counted(entries.length, "more kind")} of findings: ${numbers.join(", ")}`;
}
