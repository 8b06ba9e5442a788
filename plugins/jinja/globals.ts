/**
 * What a template can name beside filters.
 *
 * @module
 */

import type { TemplateEnvironment } from "./deps.ts";
import type { OutputMeter } from "./output_meter.ts";

/** Adds Python's constants, and a `range` that takes part in the limit of loops. */
export function addGlobals(environment: TemplateEnvironment, meter: OutputMeter): void {
  environment.addGlobal("True", true);
  environment.addGlobal("False", false);
  environment.addGlobal("None", null);
  environment.addGlobal("range", (...bounds: readonly unknown[]) => range(bounds.map(Number), meter));
}

/** The variables of one rendering: `response`, and `payload_number(id)`, its place in `results` from 1. */
export function variablesOf(response: { readonly results: readonly { readonly payload_id: string }[] }): {
  readonly response: unknown;
  readonly payload_number: (id: unknown) => number | undefined;
} {
  const numbers = new Map(response.results.map(({ payload_id }, index) => [payload_id, index + 1]));
  return { response, payload_number: (id) => numbers.get(String(id)) };
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
