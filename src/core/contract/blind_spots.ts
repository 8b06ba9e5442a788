/**
 * Blind spots: what a scan did not look into.
 *
 * @module
 */

import type { Severity, SeverityCounts } from "./findings.ts";

/** Code of encrypted content: a worker that reports it is called again when new passwords are known. */
export const ENCRYPTED = "encrypted";

/** Code of a payload of a known type that no worker parsed. */
export const UNPARSED = "unparsed";

/** Code of a response in which no worker identified types. */
export const TYPES_UNKNOWN = "types-unknown";

/** Code of a payload on which a plugin failed. */
export const PLUGIN_FAILED = "plugin-failed";

/** Content that a worker could not look into. */
export interface ReportedBlindSpot {
  /** Kebab-case: `encrypted`, `damaged`, `truncated`, `unsupported`, `limit-…`. */
  readonly code: string;
  /** What and how much, such as `3 of 5 entries`. */
  readonly detail?: string;
}

/** Blind spots of one code in a response. */
export interface BlindSpot {
  /** Kebab-case. */
  readonly code: string;
  /** Media type of the payloads, of code `unparsed`. */
  readonly mediaType?: string;
  /** Number of payloads; where it concerns no single payload, number of times. */
  readonly count: number;
  /** The first 20. */
  readonly payloadIds: readonly string[];
  /** Detail of the first payload that has one. */
  readonly detail?: string;
}

/** The short answer of a scan. */
export interface ResponseSummary {
  /** Severity of the worst finding. `none` does not mean that the content is harmless: see `blindSpots`. */
  readonly severity: Severity | "none";
  /** Number of payloads. */
  readonly payloads: number;
  /** Number of findings by severity. */
  readonly findings: SeverityCounts;
  /** What the scan did not look into. */
  readonly blindSpots: readonly BlindSpot[];
  /** Number of indicators. */
  readonly indicators: number;
}
