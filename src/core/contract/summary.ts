/**
 * The short answer of a scan, computed from its results.
 *
 * @module
 */

import type { BlindSpot, ResponseSummary } from "./blind_spots.ts";
import type { PayloadResults } from "./contract.ts";
import { type Severity, worstSeverity } from "./findings.ts";

/** Summarises results. The severity depends on the findings alone. */
export function summarize(
  results: readonly PayloadResults[],
  blindSpots: readonly BlindSpot[],
): ResponseSummary {
  const findings: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  let indicators = 0;
  for (const result of results) {
    for (const { severity } of result.findings ?? []) findings[severity]++;
    indicators += result.indicators?.length ?? 0;
  }
  return { severity: worstSeverity(findings), payloads: results.length, findings, blindSpots, indicators };
}

/**
 * Summarises some of the results of a response. Blind spots are those of these payloads, as far as the response lists their ids, and
 * those that concern no single payload.
 */
export function summarizePart(results: readonly PayloadResults[], whole: ResponseSummary): ResponseSummary {
  const ids = new Set(results.map(({ payloadId }) => payloadId));
  const blindSpots = whole.blindSpots.flatMap((spot): BlindSpot[] => {
    if (spot.payloadIds.length === 0) return [spot];
    const payloadIds = spot.payloadIds.filter((id) => ids.has(id));
    return payloadIds.length === 0 ? [] : [{ ...spot, count: payloadIds.length, payloadIds }];
  });
  return summarize(results, blindSpots);
}
