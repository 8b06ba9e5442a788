/**
 * The summary of a request: the severity of its findings, and what was not looked into.
 *
 * @module
 */

import { type BlindSpot, type ResponseSummary, TYPES_UNKNOWN, UNPARSED } from "../contract/blind_spots.ts";
import type { PayloadResults } from "../contract/contract.ts";
import type { FormatTable } from "../contract/formats.ts";
import type { Plain } from "../contract/plain.ts";
import { summarize } from "../contract/summary.ts";
import { BlindSpotGroups } from "./blind_spot_groups.ts";
import { plainCost } from "./cost.ts";
import type { PayloadState } from "./payload_state.ts";
import type { RequestState } from "./request_state.ts";

/** Summarises a request with the results that its response lists. */
export function summarizeRequest(
  state: RequestState,
  results: readonly PayloadResults[],
  formats: FormatTable,
): ResponseSummary {
  const groups = new BlindSpotGroups();
  for (const payload of state.payloads) {
    const { payloadId, mediaType } = payload;
    for (const { blindSpots } of payload.annotations.values()) {
      for (const { code, detail } of blindSpots) groups.add(code, { payloadId, detail });
    }
    if (isUnparsed(payload, formats)) groups.add(UNPARSED, { payloadId, mediaType });
  }
  if (!state.payloads.some(({ mediaType }) => mediaType !== undefined)) groups.add(TYPES_UNKNOWN, {});
  return summarize(results, fit([...groups.list(), ...state.blindSpots.list()], state.budget.room));
}

function isUnparsed({ mediaType, answeredWorkers, content }: PayloadState, formats: FormatTable): boolean {
  if (mediaType === undefined || content.length === 0 || !formats.canHoldContent(mediaType)) return false;
  return !formats.parsersOf(mediaType).some((worker) => answeredWorkers.has(worker));
}

/** Leaves out ids and details when the response has no room for them: what was not looked into is always listed. */
function fit(blindSpots: readonly BlindSpot[], room: number): readonly BlindSpot[] {
  if (plainCost(blindSpots as unknown as Plain) <= room) return blindSpots;
  return blindSpots.map(({ code, mediaType, count }) => ({
    code,
    ...mediaType !== undefined && { mediaType },
    count,
    payloadIds: [],
  }));
}
