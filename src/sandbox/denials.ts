/**
 * Permissions that a plugin needed and does not have, as failures: a parser that needs the network is suspicious.
 *
 * @module
 */

import { type CallPurpose, permissionDenied, type StoqError } from "../core/contract/errors.ts";
import { covers } from "./grant.ts";
import type { RunnerNeeds } from "./launch.ts";
import type { Attempt } from "./runner_stderr.ts";

/** What the plugin was granted, and what its runner may read to load modules. */
export interface Granted {
  readonly needs: RunnerNeeds;
  /** Folders of stoQ's own modules. */
  readonly ownFolders: readonly string[];
}

/** Returns a failure for each attempt that no grant covers. */
export function denials(role: CallPurpose, attempts: readonly Attempt[], granted: Granted): StoqError[] {
  return attempts
    .filter((attempt) => !isCovered(attempt, granted))
    .map(({ permission, resource }) => permissionDenied(role, permission, resource));
}

function isCovered({ permission, resource }: Attempt, { needs, ownFolders }: Granted): boolean {
  // After it is loaded no plugin may import.
  if (permission === "import") return false;
  const { grant, codeFolders } = needs;
  const granted = [
    ...grant[permission] ?? [],
    ...permission === "read" ? [...codeFolders, ...ownFolders] : [],
  ];
  return granted.some((each) => covers(permission, each, resource));
}
