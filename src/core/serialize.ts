/**
 * The one place where results become JSON: stoQ's keys and order, what we added last in each object.
 *
 * @module
 */

import type { DuplicateRecord, ErrorRecord, PayloadMeta, PayloadResults, StoqResponse } from "./contract.ts";
import type { Plain } from "./plain.ts";

/** How to lay out JSON. */
export interface SerializeOptions {
  /** One line instead of an indentation of four; default `false`. */
  readonly compactly?: boolean;
}

/**
 * Writes a response as stoQ's JSON, without a line end.
 *
 * Bytes are written as text when they are valid UTF-8 and as `{"base64": "…"}` otherwise; NaN and infinities become `null`.
 */
export function serializeResponse(response: StoqResponse, options: SerializeOptions = {}): string {
  return serializePlain(responseRecord(response), options);
}

/** Writes any plain data by the same rules. */
export function serializePlain(value: Plain, options: SerializeOptions = {}): string {
  return JSON.stringify(value, writeBytes, options.compactly ? undefined : 4);
}

/** The response as a record with JSON's names, bytes still as bytes. */
function responseRecord(response: StoqResponse): { [key: string]: Plain } {
  return {
    results: response.results.map(resultsRecord),
    request_meta: {
      archive_payloads: response.requestMeta.archivePayloads,
      source: response.requestMeta.source,
      extra_data: response.requestMeta.extraData,
    },
    errors: response.errors.map(errorRecord),
    time: response.time,
    decorators: response.decorators,
    scan_id: response.scanId,
    stoq_version: response.stoqVersion,
    plugins: response.plugins,
  };
}

function resultsRecord(results: PayloadResults): { [key: string]: Plain } {
  return {
    size: results.sizeBytes,
    payload_id: results.payloadId,
    payload_meta: metaRecord(results.payloadMeta),
    plugins_run: { workers: results.pluginsRun.workers, archivers: results.pluginsRun.archivers },
    extracted_from: results.extractedFrom,
    extracted_by: results.extractedBy,
    workers: results.workers,
    archivers: results.archivers,
    sha256: results.sha256,
    timings: results.timings,
    ...(results.deepPasses && { deep_passes: results.deepPasses }),
    ...(results.alsoSeenAs && { also_seen_as: results.alsoSeenAs.map(duplicateRecord) }),
    ...(results.explain &&
      {
        explain: results.explain.map((e) => ({
          plugin: e.plugin,
          role: e.role,
          ran: e.ran,
          reason: e.reason,
        })),
      }),
  };
}

function metaRecord(meta: PayloadMeta): Plain {
  return {
    should_archive: meta.shouldArchive,
    should_scan: meta.shouldScan,
    extra_data: meta.extraData,
    dispatch_to: meta.dispatchTo,
  };
}

function errorRecord(error: ErrorRecord): Plain {
  return {
    error: error.error,
    plugin_name: error.pluginName,
    payload_id: error.payloadId,
    code: error.code,
    role: error.role,
    duration_ms: error.durationMs,
  };
}

function duplicateRecord(duplicate: DuplicateRecord): Plain {
  return {
    filename: duplicate.filename,
    extracted_from: duplicate.extractedFrom,
    extracted_by: duplicate.extractedBy,
    extra_data: duplicate.extraData,
  };
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function writeBytes(_key: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  try {
    return UTF8.decode(value);
  } catch {
    return { base64: value.toBase64() };
  }
}
