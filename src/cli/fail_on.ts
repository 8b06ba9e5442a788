/**
 * Findings and blind spots for which a command exits with 3: `--fail-on` and `--fail-on-blind-spots`.
 *
 * @module
 */

import type { ResolvedOptions } from "../config/resolve.ts";
import type { ResponseSummary } from "../core/contract/blind_spots.ts";
import type { StoqResponse } from "../core/contract/contract.ts";
import { compareSeverities, SEVERITIES, type Severity } from "../core/contract/findings.ts";
import { formatCount } from "./report/quantities.ts";

/** Most codes of blind spots that a line names. */
const MAX_CODES = 5;

/** Counts what the responses of a command have of that which the flags name. */
export class FailOn {
  readonly #severity: Severity | undefined;
  readonly #isForBlindSpots: boolean;
  #findings = 0;
  /** Code → number of payloads. */
  readonly #blindSpots = new Map<string, number>();

  constructor({ failOn, failOnBlindSpots }: Pick<ResolvedOptions["values"], "failOn" | "failOnBlindSpots">) {
    this.#severity = SEVERITIES.find((severity) => severity === failOn);
    this.#isForBlindSpots = failOnBlindSpots;
  }

  /** Counts one response. */
  add({ summary }: Pick<StoqResponse, "summary">): void {
    if (this.#severity !== undefined) this.#findings += countFrom(this.#severity, summary);
    if (!this.#isForBlindSpots) return;
    for (const { code, count } of summary.blindSpots) {
      this.#blindSpots.set(code, (this.#blindSpots.get(code) ?? 0) + count);
    }
  }

  /** Returns a line for each flag that applies; none means that the command does not fail because of them. */
  lines(): string[] {
    const codes = [...this.#blindSpots].map(([code, count]) => `${code} ×${formatCount(count)}`);
    const left = codes.length - MAX_CODES;
    const more = left > 0 ? ` and ${formatCount(left)} more` : "";
    return [
      ...(this.#findings > 0
        ? [`Findings of severity ${this.#severity} or worse: ${formatCount(this.#findings)} (--fail-on)`]
        : []),
      ...(codes.length > 0
        ? [`Not looked into: ${codes.slice(0, MAX_CODES).join(", ")}${more} (--fail-on-blind-spots)`]
        : []),
    ];
  }
}

function countFrom(least: Severity, { findings }: ResponseSummary): number {
  return SEVERITIES.filter((severity) => compareSeverities(severity, least) >= 0)
    .reduce((sum, severity) => sum + findings[severity], 0);
}
