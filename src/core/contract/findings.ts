/**
 * Findings: facts about the bytes of a payload that are remarkable, each with a stable code, a severity and a reason.
 *
 * @module
 */

/** Severities, the mildest first. */
export const SEVERITIES = ["info", "low", "medium", "high", "critical"] as const;

/** How much a finding matters. */
export type Severity = (typeof SEVERITIES)[number];

/** The declaration of a finding in a manifest, under its code. */
export interface FindingDeclaration {
  /** One line, such as `Macro runs when the document is opened`. */
  readonly title: string;
  /** How much it matters. */
  readonly severity: Severity;
  /** MITRE ATT&CK technique ids, such as `T1059.005`. */
  readonly attack?: readonly string[];
  /** What it means, why it matters, and when it is harmless. */
  readonly doc: string;
  /** Whether the worker may replace `title` and `severity`; default `false`. */
  readonly dynamic?: boolean;
}

/** A finding as a worker returns it; the engine completes it from the manifest. */
export interface ReportedFinding {
  /** A code that the manifest declares. */
  readonly code: string;
  /** What exactly was found, in one line. */
  readonly detail?: string;
  /** Where in the payload, in bytes. */
  readonly offset?: number;
  /** Replaces the declared title; only of a `dynamic` code. */
  readonly title?: string;
  /** Replaces the declared severity; only of a `dynamic` code. */
  readonly severity?: Severity;
}

/** A finding in a result. */
export interface Finding {
  /** The worker that reported it. */
  readonly plugin: string;
  /** Stable, kebab-case, declared by the worker's manifest. */
  readonly code: string;
  /** One line. */
  readonly title: string;
  /** How much it matters. */
  readonly severity: Severity;
  /** MITRE ATT&CK technique ids; absent where there are none. */
  readonly attack?: readonly string[];
  /** What exactly was found. */
  readonly detail?: string;
  /** Where in the payload, in bytes. */
  readonly offset?: number;
}

/** Number of findings of each severity. */
export type SeverityCounts = { readonly [S in Severity]: number };

/** Returns the severity of the worst finding, `none` where there is no finding. */
export function worstSeverity(counts: SeverityCounts): Severity | "none" {
  return SEVERITIES.findLast((severity) => counts[severity] > 0) ?? "none";
}

/** Compares severities: negative when the first is milder. */
export function compareSeverities(one: Severity | "none", other: Severity | "none"): number {
  return rank(one) - rank(other);
}

function rank(severity: Severity | "none"): number {
  return severity === "none" ? -1 : SEVERITIES.indexOf(severity);
}
