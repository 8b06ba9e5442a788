/**
 * Whether a delivery is kept. Only then may its provider remove it from the source.
 *
 * @module
 */

import type { ErrorRecord, PayloadResults, StoqResponse } from "./contract.ts";
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

/** Says whether an error means that a connector or destination archiver did not do its work. */
export function isLoss({ role, code }: Pick<ErrorRecord, "role" | "code">): boolean {
  // A permission that was refused is reported beside the plugin's success.
  return (role === "connector" || role === "dest-archiver") && code !== "permission-denied";
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
  const roots = response.results.filter(({ extractedFrom }) => extractedFrom.length === 0);
  const unarchived = roots.filter((root) => !isArchived(root, keepers.archivers));
  return unarchived.length > 0 ? notKept(unarchived.length) : undefined;
}

function isArchived({ pluginsRun }: PayloadResults, archivers: readonly string[]): boolean {
  return archivers.every((archiver) => pluginsRun.archivers.includes(archiver));
}
