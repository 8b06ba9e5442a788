/**
 * Facts about a payload, read from results that any plugin may have written.
 *
 * @module
 */

import type { ErrorRecord, PayloadResults } from "../../core/contract/contract.ts";
import { isPlainRecord, type Plain, type PlainRecord } from "../../core/contract/plain.ts";
import { escapeName } from "./escaping.ts";
import { formatOffset } from "./quantities.ts";

/** Returns the value if it is a record. */
export function asRecord(value: Plain | undefined): PlainRecord | undefined {
  return isPlainRecord(value) ? value : undefined;
}

/** Returns the value if it is a text that is not empty. */
export function asText(value: Plain | undefined): string | undefined {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value) || undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Length of a shortened digest, beside an offset and alone. */
const SHORT_DIGEST_LENGTH = { withOffset: 8, alone: 12 } as const;

/** Returns the name under which a payload was found, else the start of its sha256; escaped. */
export function payloadName(payload: PayloadResults): string {
  const { filename, name, offset } = payload.payloadMeta.extraData;
  const given = asText(filename) ?? asText(name);
  if (given !== undefined) return escapeName(given);
  // It was too large to be read, and came without a name.
  if (payload.sha256 === null) return "(not read)";
  const isCarved = typeof offset === "number";
  const digest = payload.sha256.slice(0, SHORT_DIGEST_LENGTH[isCarved ? "withOffset" : "alone"]);
  return escapeName(isCarved ? `${digest} at ${formatOffset(offset)}` : digest);
}

/** Returns whether no worker scanned the payload. */
export function isUnscanned(payload: PayloadResults): boolean {
  return !payload.payloadMeta.shouldScan || payload.pluginsRun.workers.length === 0;
}

/** Returns whether a plugin reports that the payload is encrypted, or failed because it is. */
export function isEncrypted(payload: PayloadResults, errors: readonly ErrorRecord[]): boolean {
  const records = [payload.payloadMeta.extraData, ...Object.values(payload.workers).map(asRecord)];
  return records.some((record) => record?.encrypted === true || record?.is_encrypted === true) ||
    errors.some(({ code }) => /\b(?:encrypted|password)\b/.test(code));
}

/** Returns how often the payload was met in the request. */
export function timesSeen(payload: PayloadResults): number {
  return 1 + (payload.alsoSeenAs?.length ?? 0);
}
