/**
 * The report of `stoq test`, as data.
 *
 * @module
 */

import type { Role } from "../../core/contract/contract.ts";
import type { Difference } from "./difference.ts";

/** Something that is not in order. */
export interface Failure {
  /** A phrase that says what must be and what was found, unescaped. */
  readonly message: string;
  /** Stable, kebab-case. */
  readonly code: string;
}

/** The result of a case; it has passed when it has neither failures nor differences. */
export interface CaseReport {
  readonly name: string;
  readonly role: Role;
  readonly failures: readonly Failure[];
  /** Places at which the actual result differs from the expected one. */
  readonly differences: readonly Difference[];
  readonly durationMs: number;
}

/** The result of a plugin. */
export interface PluginReport {
  readonly name: string;
  readonly version: string;
  readonly roles: readonly Role[];
  /** Absolute path of its folder; `undefined` for a shipped one. */
  readonly folder: string | undefined;
  /** The facts that it reports about its configuration. */
  readonly facts: readonly string[];
  /** Failures of the plugin itself, without those of its cases. */
  readonly failures: readonly Failure[];
  readonly cases: readonly CaseReport[];
  /** Whether its file of cases was rewritten. */
  readonly isUpdated: boolean;
  readonly durationMs: number;
}

/** The result of an installation. */
export interface TestReport {
  readonly plugins: readonly PluginReport[];
  /** Failures that belong to no plugin, such as a broken plugin folder. */
  readonly failures: readonly Failure[];
  readonly durationMs: number;
}

/** Says whether a case gave the expected result. */
export function hasCasePassed({ failures, differences }: CaseReport): boolean {
  return failures.length === 0 && differences.length === 0;
}

/** Says whether a plugin and all of its cases are in order. */
export function hasPluginPassed({ failures, cases }: PluginReport): boolean {
  return failures.length === 0 && cases.every(hasCasePassed);
}

/** Says whether everything is in order. */
export function hasPassed({ plugins, failures }: TestReport): boolean {
  return failures.length === 0 && plugins.every(hasPluginPassed);
}
