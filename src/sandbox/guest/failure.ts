/**
 * What was thrown as a record: errors lose their class on the way out of a thread.
 *
 * @module
 */

import { type CallPurpose, pluginFailed, pluginLoadFailed, StoqError } from "../../core/errors.ts";
import type { FailureRecord } from "../protocol.ts";

/** Longest message that leaves the thread. */
const MAX_MESSAGE_CHARACTERS = 20_000;

/** What a plugin threw when it was called. */
export function failureOf(role: CallPurpose, thrown: unknown): FailureRecord {
  return recordOf(asStoqError(thrown) ?? pluginFailed(role, thrown), thrown);
}

/** What a plugin threw when it was loaded. */
export function loadFailureOf(name: string, thrown: unknown): FailureRecord {
  return recordOf(asStoqError(thrown) ?? pluginLoadFailed(name, thrown), thrown);
}

function asStoqError(thrown: unknown): StoqError | undefined {
  try {
    return thrown instanceof StoqError ? thrown : undefined;
  } catch {
    // A thrown proxy may throw again when it is looked at.
    return undefined;
  }
}

function recordOf({ code, message }: StoqError, thrown: unknown): FailureRecord {
  return {
    code: isRefusal(thrown) ? "permission-denied" : code,
    message: message.slice(0, MAX_MESSAGE_CHARACTERS),
  };
}

function isRefusal(thrown: unknown): boolean {
  try {
    return thrown instanceof Deno.errors.NotCapable;
  } catch {
    return false;
  }
}
