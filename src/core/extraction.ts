/**
 * What of a worker's extracted payloads may come in.
 *
 * @module
 */

import type { ExtractionBudget } from "./contract.ts";
import { extractionLimited, payloadTooLarge, type StoqError } from "./errors.ts";
import type { ExtractedPayload } from "./intake.ts";
import type { Limits } from "./limits.ts";

/** The payloads that fit, and an error for each limit that kept others out. */
export interface Admission {
  readonly kept: readonly ExtractedPayload[];
  readonly errors: readonly StoqError[];
}

/** Keeps extracted payloads, in order, while they fit; a smaller one behind one that does not fit still may. */
export function admitExtracted(
  extracted: readonly ExtractedPayload[],
  budget: ExtractionBudget,
  limits: Pick<Limits, "payloads" | "extractedBytes" | "expansionRatio" | "expansionFloorBytes">,
): Admission {
  const kept: ExtractedPayload[] = [];
  const errors: StoqError[] = [];
  const overCount = { payloads: 0, bytes: 0 };
  const overBytes = { payloads: 0, bytes: 0 };
  let leftBytes = budget.extractedBytes;
  for (const payload of extracted) {
    const sizeBytes = payload.content.length;
    if (sizeBytes > budget.payloadBytes) {
      errors.push(payloadTooLarge(nameOf(payload), sizeBytes, budget.payloadBytes));
    } else if (kept.length >= budget.payloads) {
      leaveOut(overCount, sizeBytes);
    } else if (sizeBytes > leftBytes) {
      leaveOut(overBytes, sizeBytes);
    } else {
      leftBytes -= sizeBytes;
      kept.push(payload);
    }
  }
  if (overCount.payloads > 0) errors.push(extractionLimited("payloads", overCount, limits.payloads));
  if (overBytes.payloads > 0) {
    errors.push(
      budget.isBoundByExpansion
        ? extractionLimited("expansion_ratio", overBytes, limits.expansionRatio)
        : extractionLimited("extracted_bytes", overBytes, limits.extractedBytes),
    );
  }
  return { kept, errors };
}

function leaveOut(tally: { payloads: number; bytes: number }, sizeBytes: number): void {
  tally.payloads++;
  tally.bytes += sizeBytes;
}

function nameOf(payload: ExtractedPayload): string {
  const filename = payload.payloadMeta.extraData?.filename;
  return typeof filename === "string"
    ? `Extracted payload ${JSON.stringify(filename)}`
    : "An extracted payload";
}
