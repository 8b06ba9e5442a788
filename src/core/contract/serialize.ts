/**
 * The one place where results become JSON: stoQ's keys and order, what we added last in each object.
 *
 * Bytes are written as text when they are valid UTF-8 and as `{"base64": "…"}` otherwise; NaN and infinities become `null`. A record of
 * a plugin's own whose only key is `base64` is written `{"base64_key": …}`. Characters are escaped as `json_text.ts` says.
 *
 * @module
 */

import type {
  DuplicateRecord,
  ErrorRecord,
  Explanation,
  PayloadMeta,
  PayloadResults,
  ResponseWriter,
  SerializeOptions,
  StoqResponse,
} from "./contract.ts";
import type { BlindSpot, ResponseSummary } from "./blind_spots.ts";
import type { Finding } from "./findings.ts";
import type { Indicator } from "./indicators.ts";
import { JsonWriter, LazyList, type NodeRecord, OWN_KEYS } from "./json_writer.ts";
import type { Plain } from "./plain.ts";

/** Version of the layout: 2 added findings, indicators and the summary. */
const RESPONSE_SCHEMA = 2;

/** Writes a response as stoQ's JSON in UTF-8, without a line end, in chunks of about 64 KiB: no text as long as the whole is made. */
export function serializeChunks(
  response: StoqResponse,
  options: SerializeOptions = {},
): Generator<Uint8Array> {
  return new JsonWriter(indentOf(options)).chunks(responseRecord(response));
}

/** Writes a response as stoQ's JSON, without a line end. @throws {RangeError} where that is longer than a text can be, 2^29 characters */
export function serializeResponse(response: StoqResponse, options: SerializeOptions = {}): string {
  return join(serializeChunks(response, options));
}

/** Writes any plain data by the same rules. */
export function serializePlain(value: Plain, options: SerializeOptions = {}): string {
  return join(new JsonWriter(indentOf(options)).chunks(value));
}

/** Length of the compact JSON of plain data, in bytes of UTF-8. */
export function plainBytes(value: Plain): number {
  let bytes = 0;
  for (const { length } of new JsonWriter(0).chunks(value)) bytes += length;
  return bytes;
}

/** Makes the writer that a connector is given beside the response. */
export function createResponseWriter(response: StoqResponse): ResponseWriter {
  return new LazyWriter(response);
}

class LazyWriter implements ResponseWriter {
  readonly #response: StoqResponse;
  #sizeBytes: number | undefined;

  constructor(response: StoqResponse) {
    this.#response = response;
  }

  get sizeBytes(): number {
    if (this.#sizeBytes === undefined) {
      this.#sizeBytes = 0;
      for (const { length } of this.chunks({ compactly: true })) this.#sizeBytes += length;
    }
    return this.#sizeBytes;
  }

  chunks(options: SerializeOptions = {}): Generator<Uint8Array> {
    return serializeChunks(this.#response, options);
  }
}

function indentOf({ compactly }: SerializeOptions): number {
  return compactly ? 0 : 4;
}

function join(chunks: Iterable<Uint8Array>): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  for (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** The response as a record with JSON's names, bytes still as bytes. */
function responseRecord(response: StoqResponse): NodeRecord {
  return {
    results: new LazyList(response.results, resultsRecord),
    request_meta: {
      archive_payloads: response.requestMeta.archivePayloads,
      source: response.requestMeta.source,
      extra_data: byName(response.requestMeta.extraData),
    },
    errors: new LazyList(response.errors, errorRecord),
    time: response.time,
    decorators: byName(response.decorators),
    scan_id: response.scanId,
    schema: RESPONSE_SCHEMA,
    stoq_version: response.stoqVersion,
    plugins: byName(response.plugins),
    summary: summaryRecord(response.summary),
  };
}

/** A record whose keys are names of plugins, or those of a finder: also a sole `base64` is one. */
function byName(record: Readonly<Record<string, Plain | undefined>>): NodeRecord {
  return Object.hasOwn(record, "base64") ? { ...record, [OWN_KEYS]: true } : record;
}

function resultsRecord(results: PayloadResults): NodeRecord {
  return {
    size: results.sizeBytes,
    payload_id: results.payloadId,
    payload_meta: metaRecord(results.payloadMeta),
    plugins_run: { workers: results.pluginsRun.workers, archivers: results.pluginsRun.archivers },
    extracted_from: results.extractedFrom,
    extracted_by: results.extractedBy,
    workers: byName(results.workers),
    archivers: byName(results.archivers),
    sha256: results.sha256,
    timings: byName(results.timings),
    ...(results.findings && { findings: new LazyList(results.findings, findingRecord) }),
    ...(results.indicators && { indicators: new LazyList(results.indicators, indicatorRecord) }),
    ...(results.deepPasses && { deep_passes: byName(results.deepPasses) }),
    ...(results.alsoSeenAs && { also_seen_as: new LazyList(results.alsoSeenAs, duplicateRecord) }),
    ...(results.explain && { explain: new LazyList(results.explain, explanationRecord) }),
  };
}

function findingRecord({ plugin, code, title, severity, attack, detail, offset }: Finding): NodeRecord {
  return {
    plugin,
    code,
    title,
    severity,
    ...attack !== undefined && { attack },
    ...detail !== undefined && { detail },
    ...offset !== undefined && { offset },
  };
}

function indicatorRecord({ kind, value, raw, offset, context }: Indicator): NodeRecord {
  return {
    kind,
    value,
    ...raw !== undefined && { raw },
    ...offset !== undefined && { offset },
    ...context !== undefined && { context },
  };
}

function summaryRecord(
  { severity, payloads, findings, blindSpots, indicators }: ResponseSummary,
): NodeRecord {
  const { critical, high, medium, low, info } = findings;
  return {
    severity,
    payloads,
    findings: { critical, high, medium, low, info },
    blind_spots: new LazyList(blindSpots, blindSpotRecord),
    indicators,
  };
}

function blindSpotRecord({ code, mediaType, count, payloadIds, detail }: BlindSpot): NodeRecord {
  return {
    code,
    ...mediaType !== undefined && { media_type: mediaType },
    count,
    payload_ids: payloadIds,
    ...detail !== undefined && { detail },
  };
}

function metaRecord(meta: PayloadMeta): NodeRecord {
  return {
    should_archive: meta.shouldArchive,
    should_scan: meta.shouldScan,
    extra_data: byName(meta.extraData),
    dispatch_to: meta.dispatchTo,
  };
}

function errorRecord(error: ErrorRecord): NodeRecord {
  return {
    error: error.error,
    plugin_name: error.pluginName,
    payload_id: error.payloadId,
    code: error.code,
    role: error.role,
    duration_ms: error.durationMs,
  };
}

function duplicateRecord(duplicate: DuplicateRecord): NodeRecord {
  return {
    filename: duplicate.filename,
    extracted_from: duplicate.extractedFrom,
    extracted_by: duplicate.extractedBy,
    extra_data: byName(duplicate.extraData),
  };
}

function explanationRecord({ plugin, role, ran, reason }: Explanation): NodeRecord {
  return { plugin, role, ran, reason };
}
