/**
 * Which errors of a response count, and how they are written for people.
 *
 * @module
 */

import type { ErrorRecord, StoqResponse } from "../core/contract/contract.ts";
import { printable } from "../core/contract/printable.ts";

/** The code of the error for a plugin that a rule or worker names and that is not installed. */
const NOT_INSTALLED_CODE = "plugin-not-found";

/** Failures that are written in full; the others are counted. */
export const MAX_FAILURES_SHOWN = 5;

/** Whether an error reports only that a rule or worker names a plugin that is not installed. */
export function isNotInstalled({ plugins }: StoqResponse, { code, pluginName }: ErrorRecord): boolean {
  // A plugin that ran can report this code for a failure of its own.
  return code === NOT_INSTALLED_CODE && !(pluginName !== null && Object.hasOwn(plugins, pluginName));
}

/** Returns the errors that counts, exit codes and reports mean. */
export function countedErrors(response: StoqResponse): readonly ErrorRecord[] {
  return response.errors.filter((error) => !isNotInstalled(response, error));
}

/** Returns the name of the file that a response is about, where it is known. */
export function filenameOf({ results: [root] }: StoqResponse): string | undefined {
  const filename = root?.payloadMeta.extraData.filename;
  return typeof filename === "string" ? filename : undefined;
}

/** Writes an error as one line: `filedir: connector:failed to save: …`. */
export function errorLine({ pluginName, error }: ErrorRecord): string {
  return printable(pluginName === null ? error : `${pluginName}: ${error}`);
}

/** Writes the first different errors as a line each, with how often each came, and a line that counts the rest. */
export function errorLines(errors: readonly ErrorRecord[]): string[] {
  const times = new Map<string, number>();
  for (const error of errors) {
    const text = errorLine(error);
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  const shown = [...times].slice(0, MAX_FAILURES_SHOWN);
  const left = errors.length - shown.reduce((sum, [, count]) => sum + count, 0);
  return [
    ...shown.map(([text, count]) => count === 1 ? text : `${text} (${count} times)`),
    ...(left > 0 ? [`and ${left} more errors`] : []),
  ];
}
