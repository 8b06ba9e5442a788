/**
 * How much a runner may send during one call, and what it may take in memory here.
 *
 * A runner's main thread sends no more than the engine's limits let through, but it passes on what its plugin's thread
 * said: a forged answer is refused before it is read, or while it is read, as soon as it takes more than it may.
 *
 * @module
 */

import { MAX_FAILURES } from "../core/scan/value_reader.ts";
import { MAX_CONTENT_BYTES } from "../core/contract/limits.ts";
import type { AnyCall } from "../core/ports/plugin_host.ts";

/** Bounds of all that comes out of a call, or of one delivery. */
export interface CallBounds {
  /** Contents, and their bytes together. */
  readonly contents: number;
  readonly contentBytes: number;
  /** JSON of the answer. */
  readonly jsonBytes: number;
  /** What the answer takes in memory once it is read, as `plain_cost.ts` counts. */
  readonly costBytes: number;
}

/** Deliveries of a provider are bounded by the engine, which has to see them for that. */
const MAX_DELIVERED = 100_000;
/** JSON that may be parsed at once: V8 makes no more than forty times as many bytes of it, and needs no millisecond. */
export const SMALL_JSON_BYTES = 125_000;
/** Texts of errors, names of plugins and the answer's own keys, as `resultBytes` counts. */
const REST_BYTES = 5_000_000;
/** The engine's own keys of one extracted payload. */
const META_BYTES = 500;
/**
 * Failures that an answer may report when it comes out of a runner, which adds its own to those of the plugin: up to 101
 * about payloads that are too large, and one for each other reason to reject or leave out a part of an answer.
 */
export const MAX_ANSWER_FAILURES = MAX_FAILURES + 120;
/** A character of text is written as an escape of six bytes at most. */
const LONGEST_ESCAPE = 6;

/** What may come out of a call; of a provider's stream where there is none. */
export function boundsOf(call: AnyCall | undefined, resultBytes: number): CallBounds {
  const { contents, contentBytes } = contentBoundsOf(call);
  // SMALL_JSON_BYTES of JSON never take more.
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
