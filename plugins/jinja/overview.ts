/**
 * Findings and indicators of a whole response, as templates list them.
 *
 * @module
 */

import { compareSeverities, SEVERITIES, type Severity } from "../../src/plugin/define.ts";

/** A payload in the response's JSON, as far as this module reads it. */
export interface ResultRecord {
  readonly findings?: readonly FindingRecord[];
  readonly indicators?: readonly IndicatorRecord[];
}

/** A finding in the response's JSON. */
export interface FindingRecord {
  readonly severity: string;
}

/** An indicator in the response's JSON. */
export interface IndicatorRecord {
  readonly kind: string;
  readonly value: string;
}

/** Adds the number of its payload, from 1, to each finding; the worst come first. */
export function findingsOf(
  results: readonly ResultRecord[],
): readonly (FindingRecord & { readonly payload: number })[] {
  return results.flatMap(({ findings = [] }, index) =>
    findings.map((finding) => ({ ...finding, payload: index + 1 }))
  ).sort((a, b) => compareSeverities(severityOf(b), severityOf(a)));
}

/** Returns each indicator once, with the numbers of its payloads, from 1. */
export function indicatorsOf(
  results: readonly ResultRecord[],
): readonly (IndicatorRecord & { readonly payloads: readonly number[] })[] {
  const unique = new Map<string, IndicatorRecord & { readonly payloads: number[] }>();
  for (const [index, { indicators = [] }] of results.entries()) {
    for (const indicator of indicators) {
      const key = `${indicator.kind} ${indicator.value}`;
      const known = unique.get(key);
      if (known === undefined) unique.set(key, { ...indicator, payloads: [index + 1] });
      else known.payloads.push(index + 1);
    }
  }
  return [...unique.values()];
}

/** Returns how many findings have each severity, the worst first; severities without any are left out. */
export function severityCounts(
  findings: readonly FindingRecord[],
): readonly { readonly severity: Severity; readonly count: number }[] {
  return SEVERITIES.toReversed().map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  })).filter(({ count }) => count > 0);
}

function severityOf({ severity }: FindingRecord): Severity {
  return SEVERITIES.find((known) => known === severity) ?? "info";
}
