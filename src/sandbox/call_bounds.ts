/**
 * Bounds of what a runner may send during one call, and of the memory that it may take in the host.
 *
 * A runner's main thread sends no more than the limits of the scan allow, but it passes on what its plugin's thread sent. A forged
 * answer is rejected before it is decoded, or as soon as decoding takes more memory than it may.
 *
 * @module
 */

import { MAX_FAILURES } from "../core/scan/value_reader.ts";
import { MAX_CONTENT_BYTES } from "../core/contract/limits.ts";
import type { AnyCall } from "../core/ports/plugin_host.ts";

/** Bounds of all that comes out of a call, or of one delivery. */
export interface CallBounds {
  /** Number of contents. `contentBytes` is their total size. */
  readonly contents: number;
  readonly contentBytes: number;
  /** Size of the answer's JSON. */
  readonly jsonBytes: number;
  /** Memory that the decoded answer may take, as `plain_cost.ts` counts. */
  readonly costBytes: number;
}

/** Contents of one delivery. The scan applies its own limits to them later. */
const MAX_DELIVERED = 100_000;
/** Size of JSON that is parsed in one step: V8 makes at most forty times as many bytes of it, in less than a millisecond. */
export const SMALL_JSON_BYTES = 125_000;
/** Memory for texts of errors, names of plugins and the answer's own keys. */
const REST_BYTES = 5_000_000;
/** Memory for the keys of one extracted payload's metadata. */
const META_BYTES = 500;
/**
 * Failures that an answer may report when it comes out of a runner, which adds its own to those of the plugin: up to 101
 * about payloads that are too large, and one for each other reason to reject or leave out a part of an answer.
 */
export const MAX_ANSWER_FAILURES = MAX_FAILURES + 120;
/** Longest escape of one character in JSON, in bytes. */
const LONGEST_ESCAPE = 6;

/** Returns the bounds of a call, or of a provider's stream where there is no call. */
export function boundsOf(call: AnyCall | undefined, resultBytes: number): CallBounds {
  const { contents, contentBytes } = contentBoundsOf(call);
  // An answer of SMALL_JSON_BYTES never takes more memory than this.
  const costBytes = 2 * resultBytes + REST_BYTES + contents * META_BYTES;
  return { contents, contentBytes, jsonBytes: costBytes * LONGEST_ESCAPE, costBytes };
}

function contentBoundsOf(call: AnyCall | undefined): { contents: number; contentBytes: number } {
  switch (call?.role) {
    case undefined:
      return { contents: MAX_DELIVERED, contentBytes: MAX_CONTENT_BYTES };
    case "worker":
      return { contents: call.request.budget.payloads, contentBytes: call.request.budget.extractedBytes };
    case "source-archiver":
      return { contents: 1, contentBytes: MAX_CONTENT_BYTES };
    default:
      return { contents: 0, contentBytes: 0 };
  }
}
