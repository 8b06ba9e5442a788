/**
 * Groups what a scan did not look into, for the summary of the response.
 *
 * @module
 */

import type { BlindSpot } from "../contract/blind_spots.ts";

/** Ids of payloads that a group lists. */
const MAX_IDS = 20;

/** Different groups; further ones are counted under the code `others`. */
const MAX_GROUPS = 20;

/** Longest detail, in characters. */
const MAX_DETAIL_CHARS = 200;

const OTHERS = "others";

/** One group. */
interface Group {
  readonly code: string;
  readonly mediaType: string | undefined;
  readonly payloadIds: Set<string>;
  /** Ids beyond those that are listed. */
  readonly more: Set<string>;
  /** Times that it concerned no single payload. */
  unplaced: number;
  detail: string | undefined;
}

/** What is known of a blind spot beside its code. */
export interface BlindSpotFacts {
  readonly payloadId?: string | null;
  readonly mediaType?: string;
  readonly detail?: string;
}

/** Collects blind spots; a payload counts once in each group. */
export class BlindSpotGroups {
  readonly #groups = new Map<string, Group>();

  /** Adds a blind spot. */
  add(code: string, { payloadId, mediaType, detail }: BlindSpotFacts): void {
    const group = this.#groupOf(code, mediaType);
    if (group.detail === undefined && detail !== undefined && group.code !== OTHERS) {
      group.detail = detail.length > MAX_DETAIL_CHARS ? `${detail.slice(0, MAX_DETAIL_CHARS - 2)} …` : detail;
    }
    if (payloadId === undefined || payloadId === null) group.unplaced++;
    else if (group.payloadIds.size < MAX_IDS) group.payloadIds.add(payloadId);
    else if (!group.payloadIds.has(payloadId)) group.more.add(payloadId);
  }

  /** Returns the groups, in the order in which they were first met. */
  list(): readonly BlindSpot[] {
    return [...this.#groups.values()].map(({ code, mediaType, payloadIds, more, unplaced, detail }) => ({
      code,
      ...mediaType !== undefined && { mediaType },
      count: payloadIds.size + more.size + unplaced,
      payloadIds: [...payloadIds],
      ...detail !== undefined && { detail },
    }));
  }

  #groupOf(code: string, mediaType: string | undefined): Group {
    const key = `${code} ${mediaType ?? ""}`;
    const known = this.#groups.get(key);
    if (known) return known;
    if (this.#groups.size >= MAX_GROUPS && code !== OTHERS) return this.#groupOf(OTHERS, undefined);
    const group: Group = {
      code,
      mediaType,
      payloadIds: new Set(),
      more: new Set(),
      unplaced: 0,
      detail: undefined,
    };
    this.#groups.set(key, group);
    return group;
  }
}
