/**
 * The indicators of all payloads, defanged, by kind.
 *
 * @module
 */

import type { Indicator } from "../../core/contract/indicators.ts";
import { INDICATOR_KINDS } from "../../core/contract/indicators.ts";
import { defang } from "../../plugin/kit/defang.ts";
import { wrapLine } from "./fitting.ts";
import type { TreeNode } from "./payload_forest.ts";
import { placesOf } from "./places.ts";
import { formatCount } from "./quantities.ts";
import { type Line, Span } from "./styled_text.ts";
import type { Survey } from "./survey.ts";

/** Most indicators of one kind. */
const MAX_OF_KIND = 8;

/** Most indicators. */
const MAX_INDICATORS = 40;

/** Most lines of one indicator. */
const MAX_LINES = 3;

/** Width of the longest kind and a gap. */
const INDENT = 14;

/** An indicator and where it was found. */
interface Entry {
  readonly indicator: Indicator;
  readonly nodes: readonly TreeNode[];
}

/** Writes the indicators; nothing where there are none. */
export function indicatorSection(survey: Survey, columns: number): Line[] {
  const entries = collectEntries(survey);
  if (entries.length === 0) return [];
  const lines: Line[] = [];
  let room = MAX_INDICATORS;
  for (const kind of INDICATOR_KINDS) {
    const ofKind = entries.filter(({ indicator }) => indicator.kind === kind);
    const shown = ofKind.slice(0, Math.min(MAX_OF_KIND, room));
    room -= shown.length;
    lines.push(...shown.flatMap((entry, index) => entryLines(entry, index === 0, columns)));
    const left = ofKind.length - shown.length;
    if (left > 0) {
      const label = (shown.length === 0 ? kind : "").padEnd(INDENT);
      lines.push([new Span(label, "type"), new Span(`… ${formatCount(left)} more`, "secondary")]);
    }
  }
  const heading = [
    new Span("Indicators", "heading"),
    new Span(` · ${formatCount(entries.length)}`, "secondary"),
  ];
  return [heading, ...lines];
}

/** Each value once, in the order of reading. */
function collectEntries(survey: Survey): Entry[] {
  const entries = new Map<string, { indicator: Indicator; nodes: TreeNode[] }>();
  for (const node of survey.nodes) {
    for (const indicator of node.payload.indicators ?? []) {
      const key = `${indicator.kind} ${indicator.value}`;
      const entry = entries.get(key) ?? { indicator, nodes: [] };
      entries.set(key, entry);
      if (entry.nodes.at(-1) !== node) entry.nodes.push(node);
    }
  }
  return [...entries.values()];
}

function entryLines({ indicator, nodes }: Entry, isFirst: boolean, columns: number): Line[] {
  const { kind, value, context } = indicator;
  const place = nodes.length === 1 ? `#${nodes[0]!.number}` : placesOf(nodes);
  const spans = [
    new Span(defang(kind, value)),
    new Span(`  ${place}${context === undefined ? "" : ` ${context}`}`, "secondary"),
  ];
  return wrapLine(spans, columns - INDENT, { maxLines: MAX_LINES }).map((wrapped, index) => [
    new Span((isFirst && index === 0 ? kind : "").padEnd(INDENT), "type"),
    ...wrapped,
  ]);
}
