/**
 * What a plugin reached for and was refused, as failures: a parser that wants the network is a finding.
 *
 * @module
 */

import { type CallPurpose, permissionDenied, type StoqError } from "../core/errors.ts";
import { isWithin, type Permission } from "./grant.ts";
import type { RunnerNeeds } from "./launch.ts";
import type { Attempt } from "./runner_errors.ts";

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
  const { grant, codeFolders } = needs;
  switch (permission) {
    case "read": {
      const folders = [...(grant.read ?? []), ...codeFolders, ...ownFolders];
      return folders.some((folder) => isWithin(resource, folder));
    }
    case "write":
    case "ffi":
      return (grant[permission] ?? []).some((folder) => isWithin(resource, folder));
    case "net":
      return (grant.net ?? []).some((host) => isHost(resource, host));
    default:
      return (grant[permission as Permission] ?? []).includes(resource);
  }
}

/** `host` covers all its ports, `host:port` that one. */
function isHost(resource: string, granted: string): boolean {
  const host = URL.parse(resource)?.host || resource;
  return host === granted || host.replace(/:\d+$/, "") === granted;
}
