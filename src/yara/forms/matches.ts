/**
 * Hits of the scanning core, and the matches of patterns that follow from them.
 *
 * @module
 */

import type { PatternStatus } from "./compiled_pattern.ts";

/** A form that was found: its index among the forms of the pattern, and the offset of its first byte. */
export type FormHit = readonly [form: number, offset: number];

/** One place where a pattern matches. */
export interface PatternMatch {
  /** In bytes, from 0. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
  /** Where the pattern has the modifier `xor`. */
  readonly xorKey?: number;
}

/** All matches of a pattern. */
export interface FollowedUp {
  /** By offset; one for each offset. */
  readonly matches: readonly PatternMatch[];
  /** Whether there may be more matches than these: a limit was met, or the matches are not known. */
  readonly isCapped: boolean;
  /** How much is known of the list; for regular expressions that depends on the content. */
  readonly certainty: PatternStatus;
}
