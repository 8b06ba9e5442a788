/**
 * A payload's matches in full: rule, tags, description, where its strings are.
 *
 * @module
 */

import { cutLine, wrapLine } from "./fitting.ts";
import { counted, formatCount, formatOffset } from "./quantities.ts";
import { type RuleMatch, ruleName, SEVERITY_LOOK } from "./rule_matches.ts";
import { type Line, line, Span } from "./styled_text.ts";

/** Most matches of one payload. */
const MAX_MATCHES = 12;

const INDENT = "   ";

/** Writes the matches; they come worst first. */
export function matchLines(matches: readonly RuleMatch[], columns: number): Line[] {
  const left = matches.length - MAX_MATCHES;
  return [
    ...matches.slice(0, MAX_MATCHES).flatMap((match) => linesOf(match, columns)),
    ...(left > 0 ? [line(`${INDENT}… ${counted(left, "more rule")}`, "secondary")] : []),
  ];
}

function linesOf(match: RuleMatch, columns: number): Line[] {
  const { mark, style } = SEVERITY_LOOK[match.severity];
  const head = [
    new Span(mark.padEnd(INDENT.length), style),
    new Span(ruleName(match), style === "low" ? "plain" : style),
    ...(match.tags.length > 0 ? [new Span(`  ${match.tags.join(" ")}`, "secondary")] : []),
  ];
  const description = match.description === undefined
    ? []
    : wrapLine(line(match.description), columns - INDENT.length, { maxLines: 2 });
  return [
    ...wrapLine(head, columns, { maxLines: 2, indent: INDENT.length }),
    ...[...description, ...stringLines(match)].map((spans) => cutLine([new Span(INDENT), ...spans], columns)),
  ];
}

function stringLines({ strings, stringCount }: RuleMatch): Line[] {
  const offsets = strings.map(({ offset }) => formatOffset(offset));
  const offsetWidth = Math.max(0, ...offsets.map(({ length }) => length));
  const nameWidth = Math.max(0, ...strings.map(({ identifier }) => identifier.length));
  const lines = strings.map(({ identifier, excerpt }, index) => [
    new Span(`${offsets[index]!.padStart(offsetWidth)}  `, "secondary"),
    new Span(`${identifier.padEnd(nameWidth)}  `, "secondary"),
    new Span(excerpt),
  ]);
  const left = stringCount - strings.length;
  return left > 0
    ? [...lines, line(`… ${formatCount(left)} more ${left === 1 ? "string" : "strings"}`, "secondary")]
    : lines;
}
