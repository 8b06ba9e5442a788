/**
 * Whether a delivery is kept. Only then may its provider remove it from the source.
 *
 * @module
 */

import type { ErrorRecord, PayloadResults, Role, StoqResponse } from "./contract.ts";
import { notKept, type StoqError } from "./errors.ts";

/** The parts of a run that keep responses or payloads. */
export interface Keepers {
  /** Whether a response that was saved without a failure is kept: by a connector, or as output that is no terminal. */
  readonly keepsResponses: boolean;
  /** Destination archivers by name. */
  readonly archivers: readonly string[];
}

/** Whether a run can keep anything at all. */
export function keepsAnything({ keepsResponses, archivers }: Keepers): boolean {
  return keepsResponses || archivers.length > 0;
}

/** Code of what the host reports when a plugin was refused a permission: the plugin may have done its work all the same. */
const REFUSED = "permission-denied";

/** Says whether an error means that a connector or destination archiver did not do its work. */
export function isLoss({ role, code }: Pick<ErrorRecord, "role" | "code">): boolean {
  return isKeeper(role) && code !== REFUSED;
}

/**
 * Returns the code under which a failure is recorded that a plugin threw or reported.
 *
 * A connector or archiver that failed because it was refused a permission has lost something, even if it chose that code.
 */
export function failureCode(role: Role, code: string): string {
  return isKeeper(role) && code === REFUSED ? "plugin-failed" : code;
}

function isKeeper(role: Role | null): boolean {
  return role === "connector" || role === "dest-archiver";
}

/** Returns a key for all losses of one connector or archiver. */
export function lossKey({ role, pluginName }: Pick<ErrorRecord, "role" | "pluginName">): string {
  return `${role} ${pluginName}`;
}

/** Returns the errors of a response that say that a connector or destination archiver did not do its work. */
export function lossesOf({ errors }: StoqResponse): readonly ErrorRecord[] {
  return errors.filter(isLoss);
}

/** Returns why a response without losses is not kept all the same; `undefined` where it is, or where nothing keeps. */
export function unkeptReason(response: StoqResponse, keepers: Keepers): StoqError | undefined {
  if (keepers.keepsResponses || keepers.archivers.length === 0) return undefined;
  const unarchived = response.results.filter((payload) =>
    isRoot(payload) && !isArchived(payload, keepers.archivers)
  );
  return unarchived.length > 0 ? notKept(unarchived.length) : undefined;
}

/** Says whether a payload was delivered: all its parents, if it has any, found its bytes once more, as in a file that contains itself. */
function isRoot({ extractedFrom, alsoSeenAs = [] }: PayloadResults): boolean {
  return extractedFrom.length === alsoSeenAs.length;
}

function isArchived({ pluginsRun }: PayloadResults, archivers: readonly string[]): boolean {
  return archivers.every((archiver) => pluginsRun.archivers.includes(archiver));
}
