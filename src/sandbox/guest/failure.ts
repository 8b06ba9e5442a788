/**
 * What was thrown as a record: errors lose their class on the way out of a thread.
 *
 * @module
 */

import { type CallPurpose, pluginLoadFailed, StoqError, toFailure } from "../../core/contract/errors.ts";
import { MAX_ERROR_CHARS } from "../../core/contract/limits.ts";
import type { FailureRecord } from "../protocol.ts";

/** What a plugin threw when it was called. */
export function failureOf(purpose: CallPurpose, thrown: unknown): FailureRecord {
  return recordOf(toFailure(purpose, thrown), thrown);
}

/** What a plugin threw when it was loaded. */
export function loadFailureOf(name: string, thrown: unknown): FailureRecord {
  return recordOf(isA(StoqError, thrown) ? thrown : pluginLoadFailed(name, thrown), thrown);
}

function recordOf({ code, message }: StoqError, thrown: unknown): FailureRecord {
  const isRefused = isA(Deno.errors.NotCapable, thrown);
  // The engine cuts longer texts; no frame holds a text of any length.
  return { code: isRefused ? "permission-denied" : code, message: message.slice(0, MAX_ERROR_CHARS + 1) };
}

function isA<T>(type: abstract new (...parameters: never[]) => T, thrown: unknown): thrown is T {
  try {
    return thrown instanceof type;
  } catch {
    // A thrown proxy may throw again when it is looked at.
    return false;
  }
}
