/**
 * Frames of a runner as messages.
 *
 * @module
 */

import { FrameError } from "./frames.ts";
import {
  isCount,
  isFailure,
  isFailureOrNull,
  isListOf,
  isNumber,
  isText,
  isWanted,
  readShaped,
  type Shapes,
} from "./message_shape.ts";
import type { RunnerMessage } from "./protocol.ts";

const SHAPES: Shapes<RunnerMessage> = {
  "hello": { version: isCount },
  "opened": { plugin: isText },
  "open-failed": { plugin: isText, failure: isFailure },
  "contents": { id: isCount, sizes: isListOf(isCount) },
  "answer": { id: isCount, durationMs: isNumber },
  "thrown": { id: isCount, durationMs: isNumber, failure: isFailure },
  "want": { id: isCount, what: isWanted },
  "log": { plugin: isText, level: isText, message: isText },
  "delivery": { id: isCount, delivery: isCount },
  "settled": { id: isCount, delivery: isCount, failure: isFailureOrNull },
  "ended": { id: isCount, failure: isFailureOrNull },
  "memory": { bytes: isNumber },
  "broken": { plugin: isText, reason: isText },
};

/** Reads a message. @throws {FrameError} for anything else */
export function readRunnerMessage(value: unknown): RunnerMessage {
  const message = readShaped(SHAPES, value);
  if (!message) throw new FrameError("a frame holds no message of the protocol");
  return message;
}
