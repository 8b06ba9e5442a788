/**
 * Which plugins' results remain to be shown in general form.
 *
 * @module
 */

import type { PayloadResults } from "../../core/contract/contract.ts";
import type { Plain } from "../../core/contract/plain.ts";
import { asRecord, digestsOf, mediaType } from "./payload_facts.ts";
import { hasReadableMatches } from "./rule_matches.ts";

/** Keys of a worker's results that have a place of their own in the report. */
function keysShownElsewhere(plugin: string, payload: PayloadResults): readonly string[] {
  switch (plugin) {
    case "hash":
      return digestsOf(payload).map(([name]) => name);
    case "mimetype":
      return mediaType(payload) === undefined ? [] : ["mimetype"];
    case "yara":
      return hasReadableMatches(payload) ? ["matches"] : [];
    default:
      return [];
  }
}

/** Results of workers and archivers of which something is left to be shown, by plugin. */
export function remainingResults(payload: PayloadResults): [plugin: string, results: Plain][] {
  return [...Object.entries(payload.workers), ...Object.entries(payload.archivers)]
    .map((
      [plugin, results],
    ): [string, Plain] => [plugin, withoutKeys(results, keysShownElsewhere(plugin, payload))])
    .filter(([, results]) => !saysNothing(results));
}

/** Workers that ran and had nothing to say. */
export function silentWorkers({ pluginsRun, workers }: PayloadResults): string[] {
  return pluginsRun.workers.filter((worker) => saysNothing(workers[worker]));
}

/** Whether results are empty, or a record of empty things such as `{"matches": []}`. */
export function saysNothing(value: Plain | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  const record = asRecord(value);
  return record !== undefined && Object.values(record).every(saysNothing);
}

/** A record without some keys; anything else as it is. */
export function withoutKeys(value: Plain, keys: readonly string[]): Plain {
  const record = asRecord(value);
  if (record === undefined || keys.length === 0) return value;
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
