/**
 * What the scan did not look into, and where.
 *
 * @module
 */

import type { BlindSpot } from "../../core/contract/blind_spots.ts";
import { wrapLine } from "./fitting.ts";
import { placesOf } from "./places.ts";
import { counted, formatCount } from "./quantities.ts";
import { type Line, line, Span } from "./styled_text.ts";
import type { Survey } from "./survey.ts";

/** Most blind spots that have a line of their own. */
const MAX_BLIND_SPOTS = 12;

/** Writes the blind spots in the order of the response; nothing where there are none. */
export function blindSpotSection(survey: Survey, columns: number): Line[] {
  const { blindSpots } = survey;
  if (blindSpots.length === 0) return [];
  const left = blindSpots.slice(MAX_BLIND_SPOTS);
  return [
    line("Not looked into", "heading"),
    ...blindSpots.slice(0, MAX_BLIND_SPOTS).flatMap((spot) =>
      wrapLine(blindSpotLine(survey, spot), columns, { maxLines: 2, indent: 4 })
    ),
    ...(left.length > 0 ? [line(`… ${counted(left.length, "more blind spot")}`, "secondary")] : []),
  ];
}

function blindSpotLine(survey: Survey, spot: BlindSpot): Line {
  const { code, mediaType, count, detail } = spot;
  const nodes = spot.payloadIds.flatMap((id) => survey.nodeOf(id) ?? []);
  return [
    new Span(code, "warning"),
    ...(mediaType === undefined ? [] : [new Span(` ${mediaType}`, "type")]),
    ...(count > 1 ? [new Span(` ×${formatCount(count)}`)] : []),
    ...(detail === undefined ? [] : [new Span(count > 1 ? `, the first: ${detail}` : `: ${detail}`)]),
    ...(nodes.length === 0 ? [] : [new Span(`  ${placesOf(nodes, count)}`, "secondary")]),
  ];
}
