/**
 * Limits what a worker's answer extracts.
 *
 * @module
 */

import type { ExtractionBudget } from "../contract/contract.ts";
import { type StoqError } from "../contract/errors.ts";
import {
  extractionLimited,
  type LeftOut,
  morePayloadsTooLarge,
  payloadTooLarge,
} from "../contract/limit_errors.ts";
import type { ExtractedPayload } from "./value_reader.ts";
import type { Limits } from "../contract/limits.ts";
import { quote } from "../contract/printable.ts";

/** The limits of which errors about extraction speak. */
export type ExtractionLimits = Pick<
  Limits,
  "payloads" | "extractedBytes" | "expansionRatio" | "responseCost"
>;

/** The payloads that fit, and what was left out. */
export interface LimitedExtraction {
  readonly kept: readonly ExtractedPayload[];
  /** About payloads that are too large each. */
  readonly tooLarge: readonly StoqError[];
  /** Left out because there are too many. */
  readonly overPayloads: LeftOut;
  /** Left out because all together have too many bytes. */
  readonly overBytes: LeftOut;
}

/** Payloads of one answer that are too large and have an error each; further ones are counted. */
const MAX_TOO_LARGE_NAMED = 100;

/** Keeps extracted payloads, in order, while they fit; a smaller one behind one that does not fit still may. */
export function limitExtraction(
  extracted: readonly ExtractedPayload[],
  budget: ExtractionBudget,
): LimitedExtraction {
  const kept: ExtractedPayload[] = [];
  const errors: StoqError[] = [];
  const overPayloads = { payloads: 0, bytes: 0 };
  const overBytes = { payloads: 0, bytes: 0 };
  let leftBytes = budget.extractedBytes;
  let tooLarge = 0;
  for (const payload of extracted) {
    const sizeBytes = payload.content.length;
    if (sizeBytes > budget.payloadBytes) {
      if (++tooLarge <= MAX_TOO_LARGE_NAMED) {
        errors.push(payloadTooLarge(nameOf(payload), sizeBytes, budget.payloadBytes));
      }
    } else if (kept.length >= budget.payloads) {
      leaveOut(overPayloads, sizeBytes);
    } else if (sizeBytes > leftBytes) {
      leaveOut(overBytes, sizeBytes);
    } else {
      leftBytes -= sizeBytes;
      kept.push(payload);
    }
  }
  const unnamed = tooLarge - MAX_TOO_LARGE_NAMED;
  if (unnamed > 0) errors.push(morePayloadsTooLarge(unnamed, budget.payloadBytes));
  return { kept, tooLarge: errors, overPayloads, overBytes };
}

/** An error for each limit that kept payloads of an answer out. */
export function extractionErrors(
  { tooLarge, overPayloads, overBytes }: Omit<LimitedExtraction, "kept">,
  budget: ExtractionBudget,
  limits: ExtractionLimits,
): StoqError[] {
  const errors = [...tooLarge];
  if (overPayloads.payloads > 0) {
    errors.push(
      budget.isBoundByResponse
        ? extractionLimited("response_cost", overPayloads, limits.responseCost)
        : extractionLimited("payloads", overPayloads, limits.payloads),
    );
  }
  if (overBytes.payloads > 0) {
    errors.push(
      budget.isBoundByExpansion
        ? extractionLimited("expansion_ratio", overBytes, limits.expansionRatio)
        : extractionLimited("extracted_bytes", overBytes, limits.extractedBytes),
    );
  }
  return errors;
}

function leaveOut(tally: { payloads: number; bytes: number }, sizeBytes: number): void {
  tally.payloads++;
  tally.bytes += sizeBytes;
}

function nameOf(payload: ExtractedPayload): string {
  const filename = payload.payloadMeta.extraData?.filename;
  return typeof filename === "string" ? `Extracted payload ${quote(filename)}` : "An extracted payload";
}
