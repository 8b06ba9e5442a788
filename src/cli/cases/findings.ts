/**
 * What a test of an installation finds, as data.
 *
 * @module
 */

import type { Role } from "../../core/contract/contract.ts";
import type { Difference } from "./difference.ts";

/** Something that is not in order. */
export interface Failure {
  /** A phrase that says what is and what should be, unescaped. */
  readonly message: string;
  /** Stable, kebab-case. */
  readonly code: string;
}

/** How a case went; it is fine when it has neither failures nor differences. */
export interface CaseFinding {
  readonly name: string;
  readonly role: Role;
  readonly failures: readonly Failure[];
  /** Where what came out is not what was expected. */
  readonly differences: readonly Difference[];
  readonly durationMs: number;
}

/** How a plugin is. */
export interface PluginFinding {
  readonly name: string;
  readonly version: string;
  readonly roles: readonly Role[];
  /** Absolute path of its folder; `undefined` for a shipped one. */
  readonly folder: string | undefined;
  /** What it says of its configuration. */
  readonly facts: readonly string[];
  /** Beside those of its cases. */
  readonly failures: readonly Failure[];
  readonly cases: readonly CaseFinding[];
  /** Whether its file of cases was rewritten. */
  readonly isUpdated: boolean;
  readonly durationMs: number;
}

/** How an installation is. */
export interface Findings {
  readonly plugins: readonly PluginFinding[];
  /** Of what could not even become a plugin. */
  readonly failures: readonly Failure[];
  readonly durationMs: number;
}

/** Says whether a case gave what it should. */
export function isCaseFine({ failures, differences }: CaseFinding): boolean {
  return failures.length === 0 && differences.length === 0;
}

/** Says whether a plugin and all of its cases are in order. */
export function isPluginFine({ failures, cases }: PluginFinding): boolean {
  return failures.length === 0 && cases.every(isCaseFine);
}

/** Says whether everything is in order. */
export function isFine({ plugins, failures }: Findings): boolean {
  return failures.length === 0 && plugins.every(isPluginFine);
}
