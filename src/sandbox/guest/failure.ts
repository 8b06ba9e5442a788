/**
 * Thrown values as records: `postMessage` does not keep the class of an error.
 *
 * @module
 */

import { type CallPurpose, pluginLoadFailed, StoqError, toFailure } from "../../core/contract/errors.ts";
import { MAX_ERROR_CHARS } from "../../core/contract/limits.ts";
import type { FailureRecord } from "../protocol.ts";

/** Returns the failure of a call. */
export function failureOf(purpose: CallPurpose, thrown: unknown): FailureRecord {
  return recordOf(toFailure(purpose, thrown), thrown);
}

/** Returns the failure of loading a plugin. */
export function loadFailureOf(name: string, thrown: unknown): FailureRecord {
  return recordOf(isA(StoqError, thrown) ? thrown : pluginLoadFailed(name, thrown), thrown);
}

function recordOf({ code, message }: StoqError, thrown: unknown): FailureRecord {
  const isRefused = isA(Deno.errors.NotCapable, thrown);
  // The host cuts longer texts, and a frame has a size limit.
  return { code: isRefused ? "permission-denied" : code, message: message.slice(0, MAX_ERROR_CHARS + 1) };
}

function isA<T>(type: abstract new (...parameters: never[]) => T, thrown: unknown): thrown is T {
  try {
    return thrown instanceof type;
  } catch {
    // `instanceof` runs traps of a thrown proxy, which may throw.
    return false;
  }
}
