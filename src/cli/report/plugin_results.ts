/**
 * What plugins returned for a payload: the values that their manifests name as the summary, and the rest.
 *
 * @module
 */

import type { PayloadResults } from "../../core/contract/contract.ts";
import type { Plain } from "../../core/contract/plain.ts";
import { asRecord, asText } from "./payload_facts.ts";

/** Returns the keys of a plugin's results that reports show first: `summary` of its manifest. */
export type SummaryKeys = (plugin: string) => readonly string[];

/** One value of a summary. */
export interface SummaryValue {
  readonly key: string;
  readonly value: Plain;
}

/** RFC 6838: a type and a subtype. */
const MEDIA_TYPE = /^[a-z]+\/[\w.+-]{1,127}$/i;

/** A plugin with its results. */
type PluginResults = readonly [plugin: string, results: Plain];

/** The results of one payload, divided. */
export class PayloadReport {
  /** By worker, in the order of the manifests' keys; empty values are left out. */
  readonly summary: readonly SummaryValue[];
  /** The first value of the summary that is a media type. */
  readonly mediaType: string | undefined;
  readonly #all: readonly PluginResults[];
  readonly #summaryKeys: SummaryKeys;
  #rest: readonly PluginResults[] | undefined;

  constructor(payload: PayloadResults, summaryKeys: SummaryKeys) {
    this.#all = [...Object.entries(payload.workers), ...Object.entries(payload.archivers)];
    this.#summaryKeys = summaryKeys;
    this.summary = this.#all.flatMap(([plugin, results]) => {
      const record = asRecord(results);
      if (record === undefined) return [];
      return summaryKeys(plugin).filter((key) => Object.hasOwn(record, key) && !saysNothing(record[key]))
        .map((key) => ({ key, value: record[key]! }));
    });
    this.mediaType = this.summary.map(({ value }) => asText(value)).find((text) =>
      text !== undefined && MEDIA_TYPE.test(text)
    );
  }

  /** Results of workers and archivers that are not in the summary. They are divided when they are first read. */
  get rest(): readonly PluginResults[] {
    this.#rest ??= this.#all.map(([plugin, results]) =>
      [plugin, withoutKeys(results, this.#summaryKeys(plugin))] as const
    ).filter(([, results]) => !saysNothing(results));
    return this.#rest;
  }
}

/** Returns the workers that ran and returned nothing. */
export function silentWorkers({ pluginsRun, workers }: PayloadResults): string[] {
  return pluginsRun.workers.filter((worker) => saysNothing(workers[worker]));
}

/** Returns whether a value is empty, or a record of empty values such as `{"matches": []}`. */
export function saysNothing(value: Plain | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  const record = asRecord(value);
  return record !== undefined && Object.values(record).every(saysNothing);
}

/** Returns a record without some keys; anything else unchanged. */
export function withoutKeys(value: Plain, keys: readonly string[]): Plain {
  const record = asRecord(value);
  if (record === undefined || keys.length === 0) return value;
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
