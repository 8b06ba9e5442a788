/**
 * Responses made up for the tests of jinja.
 *
 * @module
 */

import { summarize } from "../../../src/plugin/define.ts";
import type {
  ErrorRecord,
  Finding,
  PayloadResults,
  PlainRecord,
  StoqResponse,
} from "../../../src/plugin/define.ts";

/** A name with all that could be markup, steer a terminal or break a line. */
export const HOSTILE_NAME =
  "a``` <img src=x onerror=alert(1)> [x](javascript:y) | {{ 7*7 }} {% raw %}\r\n# forged\u001b[2J\u009b1m\u202egpj.exe\ud800`";

/** What is special of a payload. */
export interface SamplePayload extends Partial<Omit<PayloadResults, "payloadMeta">> {
  readonly extraData?: PlainRecord;
  readonly shouldScan?: boolean;
}

/** A payload whose sha256 is made of its id. */
export function payloadOf(payloadId: string, sample: SamplePayload = {}): PayloadResults {
  const { extraData = {}, shouldScan = true, workers = {}, ...rest } = sample;
  return {
    sizeBytes: 1234,
    payloadId,
    payloadMeta: { shouldArchive: true, shouldScan, extraData, dispatchTo: [] },
    pluginsRun: { workers: Object.keys(workers), archivers: Object.keys(rest.archivers ?? {}) },
    extractedFrom: [],
    extractedBy: [],
    workers,
    archivers: {},
    sha256: payloadId.replaceAll("-", "").padEnd(64, "0"),
    timings: {},
    ...rest,
  };
}

/** A response around payloads. */
export function responseOf(
  results: readonly PayloadResults[],
  rest: Partial<StoqResponse> = {},
): StoqResponse {
  return {
    results,
    requestMeta: { archivePayloads: true, source: null, extraData: {} },
    errors: [],
    time: "2026-11-24T04:18:22.751Z",
    decorators: {},
    scanId: "2e38fbfb-06ce-4eb4-826a-f6946cca0111",
    stoqVersion: "3.0.0",
    plugins: {},
    summary: summarize(results, []),
    ...rest,
  };
}

/** A response with something of everything, hostile where a file decides. */
export function fullResponse(): StoqResponse {
  const mail = payloadOf("aaaa-1", {
    sizeBytes: 97_792,
    extraData: { filename: "invoice.eml" },
    workers: {
      mimetype: { mimetype: "message/rfc822" },
      smtp: { subject: HOSTILE_NAME, to: ["a@example.com", "b@example.com"], headers: { "x-```": "```" } },
    },
    archivers: { filedir: { path: "/archive/a" } },
  });
  const attachment = payloadOf("bbbb-2", {
    extraData: { filename: HOSTILE_NAME, offset: 12 },
    extractedFrom: ["aaaa-1", "gone`"],
    extractedBy: ["smtp", "decompress"],
    findings: [
      findingOf("does\nevil", { severity: "low", detail: "rule `Evil`" }),
      findingOf(HOSTILE_NAME, {
        severity: "critical",
        detail: HOSTILE_NAME,
        offset: 16,
        attack: ["T1204.002", "T`"],
      }),
    ],
    indicators: [
      { kind: "url", value: "http://evil.example.com/`<b>", context: HOSTILE_NAME },
      { kind: "ipv4", value: "192.0.2.1" },
    ],
    explain: [
      { plugin: "yara", role: "worker", ran: true, reason: "dispatcher `x`" },
      { plugin: "*", role: null, ran: false, reason: HOSTILE_NAME },
    ],
    workers: {
      mimetype: { mimetype: "application/<b>" },
      xordecode: {
        key: Uint8Array.of(0xff, 0xfe, 0x80),
        deep: { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } },
      },
      yara: { matches: [] },
    },
    alsoSeenAs: [{ filename: "copy\u001b.exe", extractedFrom: "aaaa-1", extractedBy: "smtp", extraData: {} }],
  });
  const nameless = payloadOf("cccc-3", { sizeBytes: 1, shouldScan: false });
  return responseOf([mail, attachment, nameless], {
    summary: summarize([mail, attachment, nameless], [
      { code: "encrypted", count: 1, payloadIds: ["bbbb-2"], detail: "3 of `5` entries" },
      { code: "unparsed", mediaType: "application/<b>", count: 2, payloadIds: ["aaaa-1", "gone`"] },
    ]),
    requestMeta: { archivePayloads: true, source: "gateway `7`", extraData: {} },
    errors: [
      errorOf("Failed to parse\u001b]0;owned\u0007 <script>", { pluginName: "smtp", payloadId: "bbbb-2" }),
      errorOf("Failed to connect", { code: "connect-failed", role: null }),
    ],
    decorators: { note: { text: "```\n# forged" } },
    plugins: { smtp: "1.0.0", yara: "1.0.0" },
  });
}

/** Makes a finding, as the worker `yara` reports matches. */
export function findingOf(title: string, rest: Partial<Finding> = {}): Finding {
  return { plugin: "yara", code: "yara-match", title, severity: "medium", ...rest };
}

function errorOf(error: string, rest: Partial<ErrorRecord> = {}): ErrorRecord {
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
