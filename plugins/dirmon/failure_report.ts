/**
 * The report beside a file whose results could not be kept.
 *
 * @module
 */

import type { ErrorRecord } from "../../src/plugin/define.ts";
import { printable } from "../../src/plugin/kit/mod.ts";
import type { DueFile } from "./monitor.ts";

/** Most errors of a report; the rest are counted. */
export const MAX_ERRORS = 20;

/** Most characters of a message. */
export const MAX_MESSAGE_CHARS = 2000;

/** Returns the report as JSON text: `time` (ISO 8601, UTC), `attempts`, `errors` by code and message, `errors_left_out`. */
export function describeFailure(
  { attempt }: Pick<DueFile, "attempt">,
  errors: readonly ErrorRecord[],
  time: Date,
): string {
  const report = {
    time: time.toISOString(),
    attempts: attempt,
    errors: errors.slice(0, MAX_ERRORS).map(({ code, pluginName, role, error }) => ({
      code,
      plugin: pluginName,
      role,
      error: printable(cut(error)),
    })),
    errors_left_out: Math.max(0, errors.length - MAX_ERRORS),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function cut(message: string): string {
  return message.length <= MAX_MESSAGE_CHARS
    ? message
    : `${message.slice(0, MAX_MESSAGE_CHARS)} … (cut, ${message.length} characters in all)`;
}
