/**
 * What a plugin reached for and was refused, as failures: a parser that wants the network is a finding.
 *
 * @module
 */

import { type CallPurpose, permissionDenied, type StoqError } from "../core/contract/errors.ts";
import { covers } from "./grant.ts";
import type { RunnerNeeds } from "./launch.ts";
import type { Attempt } from "./runner_stderr.ts";

/** What was granted: to the plugin itself, and to the loading of modules. */
export interface Granted {
  readonly needs: RunnerNeeds;
  /** Folders of our own modules. */
  readonly ownFolders: readonly string[];
}

/** A failure for each attempt that no grant covers. */
export function denials(role: CallPurpose, attempts: readonly Attempt[], granted: Granted): StoqError[] {
  return attempts
    .filter((attempt) => !isCovered(attempt, granted))
    .map(({ permission, resource }) => permissionDenied(role, permission, resource));
}

function isCovered({ permission, resource }: Attempt, { needs, ownFolders }: Granted): boolean {
  // No plugin is granted imports beyond those that loading it takes.
  if (permission === "import") return false;
  const { grant, codeFolders } = needs;
  const granted = [
    ...grant[permission] ?? [],
    ...permission === "read" ? [...codeFolders, ...ownFolders] : [],
  ];
  return granted.some((each) => covers(permission, each, resource));
}
