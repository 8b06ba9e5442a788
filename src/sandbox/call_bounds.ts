/**
 * How much a runner may send during one call.
 *
 * A runner's main thread sends no more than the engine's limits let through, but it passes on what its plugin's thread
 * said: a forged answer is refused before it is read into memory, and before a parser makes a thousand times as much of it.
 *
 * @module
 */

import { MAX_CONTENT_BYTES } from "../core/limits.ts";
import type { AnyCall } from "../core/plugin_host.ts";

/** Bounds of all that comes out of a call, or of one delivery. */
export interface CallBounds {
  /** Contents, and their bytes together. */
  readonly contents: number;
  readonly contentBytes: number;
  /** JSON of the answer. */
  readonly jsonBytes: number;
  /** Commas and opening brackets of the answer's JSON, of which every value but the first has one or two. */
  readonly jsonMarks: number;
}

/** Deliveries of a provider are bounded by the engine, which has to see them for that. */
const MAX_DELIVERED = 100_000;
/** Texts of errors, names of plugins and the answer's own keys, as `resultBytes` counts. */
const REST_BYTES = 5_000_000;
/** The engine's own keys of one extracted payload. */
const META_BYTES = 500;
/** A character of text is written as an escape of six bytes at most. */
const LONGEST_ESCAPE = 6;

/** What may come out of a call; of a provider's stream where there is none. */
export function boundsOf(call: AnyCall | undefined, resultBytes: number): CallBounds {
  const { contents, contentBytes } = contentBoundsOf(call);
  // Results and metadata are each bounded by it.
  const counted = 2 * resultBytes + REST_BYTES + contents * META_BYTES;
  // The smallest value counts two bytes, and as many for its place.
  return { contents, contentBytes, jsonBytes: counted * LONGEST_ESCAPE, jsonMarks: counted / 2 };
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

const [COMMA, LIST, RECORD, QUOTE, BACKSLASH] = [...',[{"\\'].map((mark) => mark.charCodeAt(0));

/** Whether JSON has more commas and opening brackets outside of its texts than this. */
export function hasMoreMarks(json: Uint8Array, most: number): boolean {
  if (json.length <= most) return false;
  let marks = 0;
  let isText = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) isText = !isText;
    else if (isText && byte === BACKSLASH) at++;
    else if (!isText && (byte === COMMA || byte === LIST || byte === RECORD) && ++marks > most) return true;
  }
  return false;
}
