/**
 * Global variables of templates.
 *
 * @module
 */

import type { TemplateEnvironment } from "./deps.ts";
import type { OutputMeter } from "./output_meter.ts";
import { findingsOf, indicatorsOf, type ResultRecord, severityCounts } from "./overview.ts";

/** Adds Python's constants, and a `range` that counts towards the limit of loops. */
export function addGlobals(environment: TemplateEnvironment, meter: OutputMeter): void {
  environment.addGlobal("True", true);
  environment.addGlobal("False", false);
  environment.addGlobal("None", null);
  environment.addGlobal("range", (...bounds: readonly unknown[]) => range(bounds.map(Number), meter));
}

/** A response as JSON, as far as this module reads it. */
export interface ResponseRecord {
  readonly results: readonly (ResultRecord & { readonly payload_id: string })[];
}

/** What a template can name of one response. */
export interface TemplateVariables {
  readonly response: ResponseRecord;
  /** Returns a payload's place in `results`, from 1. */
  readonly payload_number: (id: unknown) => number | undefined;
  /** The findings of all payloads, the worst first, each with `payload`. */
  readonly findings: ReturnType<typeof findingsOf>;
  /** How many findings there are, as `severity` and `count`, the worst first. */
  readonly severities: ReturnType<typeof severityCounts>;
  /** The indicators of all payloads, each once, with `payloads`. */
  readonly indicators: ReturnType<typeof indicatorsOf>;
}

/** Returns the variables of one rendering. */
export function variablesOf(response: ResponseRecord): TemplateVariables {
  const { results } = response;
  const numbers = new Map(results.map(({ payload_id }, index) => [payload_id, index + 1]));
  const findings = findingsOf(results);
  return {
    response,
    payload_number: (id) => numbers.get(String(id)),
    findings,
    severities: severityCounts(findings),
    indicators: indicatorsOf(results),
  };
}

/** Python's `range(stop)`, `range(start, stop)` and `range(start, stop, step)`. */
function range(bounds: readonly number[], meter: OutputMeter): number[] {
  const [start, stop, step] = bounds.length === 1
    ? [0, bounds[0]!, 1]
    : [bounds[0]!, bounds[1]!, bounds[2] ?? 1];
  const length = Math.max(0, Math.ceil((stop - start) / step)) || 0;
  meter.loop(length);
  return Array.from({ length }, (_, index) => start + index * step);
}
