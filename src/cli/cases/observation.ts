/**
 * The result of a call in the form of an expectation: plain JSON, the same at every run.
 *
 * @module
 */

import type { ErrorRecord, PayloadInput, PayloadMetaChange } from "../../core/contract/contract.ts";
import type { ScanEnvironment } from "../../core/scan/environment.ts";
import type { CallOutcome } from "../../core/scan/plugin_call.ts";
import { toBytes } from "../../core/scan/value_reader.ts";
import type { Plain, PlainRecord } from "../../core/contract/plain.ts";
import { serializePlain } from "../../core/contract/serialize.ts";

/** Longest text of a payload or file that can be compared. */
const MAX_TEXT_BYTES = 100_000;

/** Ids are the same at every run, so that cases can expect them. */
export const PAYLOAD_ID = "00000000-0000-4000-8000-000000000001";
export const SCAN_ID = "00000000-0000-4000-8000-000000000002";

/** The result of a call. */
export interface CallResult {
  readonly observed: PlainRecord;
  readonly errors: readonly Pick<ErrorRecord, "code" | "error">[];
}

/** Describes the answer of a worker or dispatcher. */
export function observeAnswer(
  { answer, findings }: Pick<CallOutcome, "answer" | "findings">,
  extracted: readonly PlainRecord[],
): PlainRecord {
  const { mediaType, indicators, passwords, blindSpots, resume } = answer;
  return {
    results: answer.results,
    extracted,
    dispatch: answer.dispatchTo,
    meta: answer.meta,
    payload_meta: observeMetaChange(answer.payloadMeta),
    media_type: mediaType,
    findings: findings.map((finding): PlainRecord => ({ ...finding })),
    indicators: indicators.map((indicator): PlainRecord => ({ ...indicator })),
    passwords: passwords.map(({ value, origin }): PlainRecord => ({ value, origin })),
    blind_spots: blindSpots.map((spot): PlainRecord => ({ ...spot })),
    resume: resume && { after_ms: resume.afterMs, state: resume.state },
  };
}

function observeMetaChange({ shouldArchive, extraData }: PayloadMetaChange): PlainRecord {
  return { should_archive: shouldArchive, extra_data: extraData };
}

/** Describes a payload that was extracted, fetched or delivered. */
export async function observePayload(
  environment: ScanEnvironment,
  input: PayloadInput["content"],
  meta: PayloadInput["payloadMeta"] = {},
): Promise<PlainRecord> {
  const content = toBytes(input);
  return {
    filename: meta.extraData?.filename,
    size: content.length,
    sha256: await environment.sha256(content),
    text: textOf(content),
    should_archive: meta.shouldArchive,
    should_scan: meta.shouldScan,
    extra_data: meta.extraData,
    dispatch_to: meta.dispatchTo,
  };
}

/** Describes a file that is in the temporary folder after the call. */
export function observeFile(path: string, content: Uint8Array, sha256: string): PlainRecord {
  return { path, size: content.length, sha256, text: textOf(content) };
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(content: Uint8Array): string | undefined {
  if (content.length > MAX_TEXT_BYTES) return undefined;
  try {
    return UTF8.decode(content);
  } catch {
    // Bytes that are no text are compared by size and digest.
    return undefined;
  }
}

/** Replaces bytes by their form in stoQ's JSON, and paths that differ from run to run by their placeholders. */
export function toJson(observed: PlainRecord, placeholders: Readonly<Record<string, string>>): PlainRecord {
  let text = serializePlain(observed, { compactly: true });
  for (const [placeholder, path] of Object.entries(placeholders)) {
    text = text.replaceAll(JSON.stringify(path).slice(1, -1), placeholder);
  }
  return JSON.parse(text);
}

/** Replaces placeholders by their paths in all texts of a value. */
export function fillIn(value: Plain, placeholders: Readonly<Record<string, string>>): Plain {
  if (typeof value === "string") {
    return Object.entries(placeholders).reduce((text, [name, path]) => text.replaceAll(name, path), value);
  }
  if (Array.isArray(value)) return value.map((item: Plain) => fillIn(item, placeholders));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return fillInRecord(value as PlainRecord, placeholders);
}

/** Replaces placeholders by their paths in all texts of a record. */
export function fillInRecord(
  record: PlainRecord,
  placeholders: Readonly<Record<string, string>>,
): PlainRecord {
  return Object.fromEntries(
    Object.entries(record).map((
      [name, item],
    ) => [name, item === undefined ? item : fillIn(item, placeholders)]),
  );
}
