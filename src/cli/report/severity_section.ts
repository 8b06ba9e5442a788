/**
 * The answer in one line: the worst severity, how many findings there are, and beside them what the scan did not look into.
 *
 * @module
 */

import type { BlindSpot } from "../../core/contract/blind_spots.ts";
import { flowParts } from "./fitting.ts";
import { counted, formatCount } from "./quantities.ts";
import { SEVERITY_LOOK } from "./severity_look.ts";
import { joinLines, type Line, line, Span } from "./styled_text.ts";
import { countSeverities, type Survey } from "./survey.ts";

/** Most codes of blind spots in the line. */
const MAX_CODES = 4;

/** Writes the answer; nothing where nothing was scanned. */
export function severitySection(survey: Survey, columns: number): Line[] {
  if (survey.nodes.length === 0) return [];
  return flowParts([severityPart(survey), blindSpotPart(survey)], columns);
}

function severityPart(survey: Survey): Line {
  const worst = survey.response.summary.severity;
  if (worst === "none") return line("NO FINDINGS", "heading");
  return [new Span(worst.toUpperCase(), SEVERITY_LOOK[worst].style), new Span("  "), ...countsPart(survey)];
}

/** Writes how many findings have each severity; empty where there are none. */
export function countsPart(survey: Survey): Line {
  const counts = countSeverities(survey.nodes.flatMap((node) => survey.findingsOf(node)));
  const numbers = counts.map(([severity, count]) =>
    line(`${formatCount(count)} ${severity}`, SEVERITY_LOOK[severity].style)
  );
  return joinLines(numbers, ", ");
}

/** Writes what was not looked into, or that there is nothing: a severity of none must not read as "clean". */
export function blindSpotPart({ blindSpots }: Survey): Line {
  if (blindSpots.length === 0) return line("no blind spots", "secondary");
  const groups = [...Map.groupBy(blindSpots, ({ code }) => code)];
  const left = groups.length - MAX_CODES;
  const named = groups.slice(0, MAX_CODES).map(([code, group]) => `${code}${extentOf(group)}`).join(", ");
  return [
    new Span("not looked into: ", "warning"),
    new Span(named, "warning"),
    ...(left > 0 ? [new Span(`, ${counted(left, "more code")}`, "secondary")] : []),
  ];
}

/** How often, or of a single blind spot what it is. */
function extentOf(group: readonly BlindSpot[]): string {
  const count = group.reduce((sum, spot) => sum + spot.count, 0);
  if (count > 1) return ` ×${formatCount(count)}`;
  const exact = group[0]!.detail ?? group[0]!.mediaType;
  return exact === undefined ? "" : ` (${exact})`;
}
