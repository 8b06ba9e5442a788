/**
 * What the report says of a payload, read from results that any plugin may have written.
 *
 * @module
 */

import type { ErrorRecord, PayloadResults } from "../../core/contract/contract.ts";
import { isPlainRecord, type Plain, type PlainRecord } from "../../core/contract/plain.ts";
import { escapeName } from "./escaping.ts";
import { formatOffset } from "./quantities.ts";

/** A record, if the value is one. */
export function asRecord(value: Plain | undefined): PlainRecord | undefined {
  return isPlainRecord(value) ? value : undefined;
}

/** A text, if the value is one that is not empty. */
export function asText(value: Plain | undefined): string | undefined {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value) || undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Enough of a digest to know it again, beside an offset and alone. */
const SHORT_DIGEST_LENGTH = { withOffset: 8, alone: 12 } as const;

/** The name a payload was found under, else the start of its sha256; escaped. */
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

/** The media type by the worker `mimetype`. */
export function mediaType(payload: PayloadResults): string | undefined {
  return asText(asRecord(payload.workers.mimetype)?.mimetype);
}

/** The payload's digests that analysts search for, by name. */
export function digestsOf(payload: PayloadResults): [name: string, digest: string][] {
  const hashes = asRecord(payload.workers.hash);
  const others = ["sha1", "md5"].map((name) => [name, asText(hashes?.[name])] as const);
  return [["sha256", payload.sha256] as const, ...others].flatMap(([name, digest]): [string, string][] =>
    digest === undefined || digest === null ? [] : [[name, digest]]
  );
}

/** Whether no worker looked at the payload. */
export function isUnscanned(payload: PayloadResults): boolean {
  return !payload.payloadMeta.shouldScan || payload.pluginsRun.workers.length === 0;
}

/** Whether some plugin says that the payload is encrypted, or failed at that. */
export function isEncrypted(payload: PayloadResults, errors: readonly ErrorRecord[]): boolean {
  const records = [payload.payloadMeta.extraData, ...Object.values(payload.workers).map(asRecord)];
  return records.some((record) => record?.encrypted === true || record?.is_encrypted === true) ||
    errors.some(({ code }) => /\b(?:encrypted|password)\b/.test(code));
}

/** How often the payload was met in the request. */
export function timesSeen(payload: PayloadResults): number {
  return 1 + (payload.alsoSeenAs?.length ?? 0);
}
