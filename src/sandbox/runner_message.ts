/**
 * Frames of a runner as messages.
 *
 * @module
 */

import { FrameError } from "./frames.ts";
import {
  isCount,
  isCountOrNull,
  isFailure,
  isListOf,
  isNumber,
  isText,
  PASSED_ON_SHAPES,
  readShaped,
  type Shapes,
} from "./message_shape.ts";
import type { RunnerMessage } from "./protocol.ts";

const SHAPES: Shapes<RunnerMessage> = {
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

/** Reads a message. @throws {FrameError} for anything else */
export function readRunnerMessage(value: unknown): RunnerMessage {
  const message = readShaped(SHAPES, value);
  if (!message) throw new FrameError("a frame holds no message of the protocol");
  return message;
}
