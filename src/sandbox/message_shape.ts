/**
 * Checks messages of threads and processes against a table of their fields.
 *
 * @module
 */

import { FrameError } from "./frames.ts";
import type { FailureRecord, PassedOnMessage, RunnerMessage } from "./protocol.ts";

/** Returns whether a field has a valid value. */
export type Check = (value: unknown) => boolean;

/** Type of message → its other fields. */
export type Shapes<M extends { readonly type: string }> = {
  readonly [T in M["type"]]: {
    readonly [K in Exclude<keyof Extract<M, { readonly type: T }>, "type">]: Check;
  };
};

/** Returns a copy of a message's fields; `undefined` where one is missing or invalid. */
export function readShaped<M extends { readonly type: string }>(
  shapes: Shapes<M>,
  value: unknown,
): M | undefined {
  if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
  const { type } = value;
  if (typeof type !== "string" || !Object.hasOwn(shapes, type)) return undefined;
  const message: Record<string, unknown> = { type };
  for (const [field, check] of Object.entries<Check>(shapes[type as M["type"]])) {
    const item = (value as Record<string, unknown>)[field];
    if (!check(item)) return undefined;
    message[field] = check === isFailure || check === isFailureOrNull ? copyFailure(item) : item;
  }
  return message as M;
}

/** A whole number, at least 0. */
export const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

/** A count, or `null`. */
export const isCountOrNull: Check = (value) => value === null || isCount(value);

/** A finite number. */
export const isNumber: Check = (value) => Number.isFinite(value);

export const isText: Check = (value) => typeof value === "string";

/** A record with a code and a message. */
export const isFailure: Check = (value) =>
  typeof value === "object" && value !== null && "code" in value && isText(value.code) &&
  "message" in value && isText(value.message);

/** A failure, or `null`. */
const isFailureOrNull: Check = (value) => value === null || isFailure(value);

/** Copies code and message alone: further fields of a forged message may have values that JSON can't express. */
function copyFailure(value: unknown): FailureRecord | null {
  if (value === null) return null;
  const { code, message } = value as FailureRecord;
  return { code, message };
}

/** A list whose items all pass a check. */
export function isListOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** Shapes of the messages that a runner forwards unchanged. */
export const PASSED_ON_SHAPES: Shapes<PassedOnMessage> = {
  "want": { id: isCount, what: (value) => value === "results" || value === "errors" },
  "want-content": { id: isCount, payloadId: isText },
  "settled": { id: isCount, delivery: isCount, failure: isFailureOrNull },
  "ended": { id: isCount, failure: isFailureOrNull },
};

const RUNNER_SHAPES: Shapes<RunnerMessage> = {
  ...PASSED_ON_SHAPES,
  "hello": { version: isCount },
  "opened": { plugin: isText },
  "open-failed": { plugin: isText, failure: isFailure },
  "contents": { id: isCount, sizes: isListOf(isCount) },
  "answer": { id: isCount, durationMs: isNumber },
  "thrown": { id: isCount, durationMs: isNumber, failure: isFailure },
  "log": { plugin: isText, level: isText, message: isText },
  "log-dropped": { plugin: isText, lines: isCount },
  "delivery": { id: isCount, delivery: isCount },
  "broken": { plugin: isText, call: isCountOrNull, reason: isText },
};

/** Returns the message of a runner that a frame holds. @throws {FrameError} for anything else */
export function readRunnerMessage(value: unknown): RunnerMessage {
  const message = readShaped(RUNNER_SHAPES, value);
  if (!message) throw new FrameError("a frame holds a message that is not in the protocol");
  return message;
}
