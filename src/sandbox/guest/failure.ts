/**
 * What was thrown as a record: errors lose their class on the way out of a thread.
 *
 * @module
 */

import { type CallPurpose, pluginLoadFailed, StoqError, toFailure } from "../../core/errors.ts";
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
  return { code: isA(Deno.errors.NotCapable, thrown) ? "permission-denied" : code, message };
}

function isA<T>(type: abstract new (...parameters: never[]) => T, thrown: unknown): thrown is T {
  try {
    return thrown instanceof type;
  } catch {
    // A thrown proxy may throw again when it is looked at.
    return false;
  }
}
