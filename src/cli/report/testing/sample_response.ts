/**
 * Sample responses for tests: a test gives only the values it is about.
 *
 * @module
 */

import type { BlindSpot } from "../../../core/contract/blind_spots.ts";
import type { ErrorRecord, PayloadResults, StoqResponse } from "../../../core/contract/contract.ts";
import type { Finding } from "../../../core/contract/findings.ts";
import type { Plain, PlainRecord } from "../../../core/contract/plain.ts";
import { summarize } from "../../../core/contract/summary.ts";

/** The values of a payload that differ from the defaults. */
export interface SamplePayload extends Partial<Omit<PayloadResults, "payloadMeta">> {
  readonly filename?: string;
  readonly mimetype?: string;
  readonly extraData?: PlainRecord;
  readonly shouldScan?: boolean;
  readonly shouldArchive?: boolean;
  /** Ids of parents. */
  readonly from?: readonly string[];
  /** The worker that extracted it, or one for each parent. */
  readonly by?: string | readonly string[];
}

/** Makes a payload; its digests come from its id. */
export function samplePayload(payloadId: string, sample: SamplePayload = {}): PayloadResults {
  const { filename, mimetype, extraData, shouldScan, shouldArchive, from, by, ...rest } = sample;
  const workers: Record<string, Plain> = {
    hash: {
      sha256: sampleDigest(payloadId, 64),
      md5: sampleDigest(payloadId, 32),
      sha1: sampleDigest(payloadId, 40),
    },
    mimetype: { mimetype: mimetype ?? "application/octet-stream" },
    ...rest.workers,
  };
  const extractedFrom = from ?? [];
  return {
    sizeBytes: 1234,
    payloadId,
    payloadMeta: {
      shouldArchive: shouldArchive ?? true,
      shouldScan: shouldScan ?? true,
      extraData: { ...(filename !== undefined && { filename }), ...extraData },
      dispatchTo: [],
    },
    pluginsRun: { workers: Object.keys(workers), archivers: Object.keys(rest.archivers ?? {}) },
    extractedFrom,
    extractedBy: typeof by === "string"
      ? extractedFrom.map(() => by)
      : by ?? extractedFrom.map(() => "decompress"),
    archivers: {},
    sha256: sampleDigest(payloadId, 64),
    timings: { hash: 0.4, mimetype: 1.6 },
    ...rest,
    workers,
  };
}

/** Keys that the plugins of the samples name as their summary. */
export function sampleSummaryKeys(plugin: string): readonly string[] {
  return {
    hash: ["sha256", "sha1", "md5"],
    mimetype: ["mimetype"],
    peinfo: ["compile_time", "imphash"],
  }[plugin] ?? [];
}

/** Makes a response around payloads, with the summary of their findings. */
export function sampleResponse(
  results: readonly PayloadResults[],
  rest: Partial<StoqResponse> = {},
  blindSpots: readonly BlindSpot[] = [],
): StoqResponse {
  return {
    results,
    requestMeta: { archivePayloads: true, source: null, extraData: {} },
    errors: [],
    time: "2026-11-24T04:18:22.751Z",
    decorators: {},
    scanId: "2e38fbfb-06ce-4eb4-826a-f6946cca0111",
    stoqVersion: "0.0.0",
    plugins: {},
    summary: summarize(results, blindSpots),
    ...rest,
  };
}

/** Makes an error. */
export function sampleError(error: string, rest: Partial<ErrorRecord> = {}): ErrorRecord {
  return {
    error,
    pluginName: null,
    payloadId: null,
    code: "plugin-failed",
    role: "worker",
    durationMs: 1,
    ...rest,
  };
}

/** Makes a finding, as the worker `yara` reports matches. */
export function sampleFinding(title: string, rest: Partial<Finding> = {}): Finding {
  return { plugin: "yara", code: "yara-match", title, severity: "medium", ...rest };
}

/** Hexadecimal digits that look like a digest, the same for the same text. */
function sampleDigest(text: string, length: number): string {
  let state = length;
  let digest = "";
  while (digest.length < length) {
    for (const character of text) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193) >>> 0;
    digest += state.toString(16).padStart(8, "0");
  }
  return digest.slice(0, length);
}
