/**
 * Reads `cases.json`.
 *
 * @module
 */

import { NotPlainError, PlainCopier, type PlainRecord } from "../core/contract/plain.ts";
import { type CaseFields, CASES } from "./case_schema.ts";
import { parseJson, type Reading, readShape } from "./shape.ts";

/** Largest `cases.json`, in bytes. */
export const MAX_CASE_FILE_BYTES = 4_000_000;

/** One case, with empty records for what is absent. */
export type PluginCase = ReturnType<typeof completeCase>;

/** Reads cases from their JSON text. */
export function readCases(json: string): Reading<readonly PluginCase[]> {
  const { value, problems } = parseJson(json);
  return problems ? { problems } : checkCases(value);
}

/** Checks cases that were parsed already. */
export function checkCases(value: unknown): Reading<readonly PluginCase[]> {
  let copy;
  try {
    // Functions that walk over the cases later rely on their depth.
    copy = new PlainCopier(MAX_CASE_FILE_BYTES * 2).copy(value);
  } catch (error) {
    if (!(error instanceof NotPlainError)) throw error;
    return { problems: [error.kind === "size" ? "larger than it may be" : "nested too deeply"] };
  }
  const { value: document, problems } = readShape(CASES, copy);
  return problems ? { problems } : { value: document.cases.map(completeCase) };
}

function completeCase(fields: CaseFields) {
  const { name, role, input, results = {}, task = {}, options = {}, files = {}, take, expect } = fields;
  const { payload_meta: payloadMeta = {}, request_meta: requestMeta = {} } = fields;
  return {
    name,
    role,
    input,
    payloadMeta: {
      shouldArchive: payloadMeta.should_archive,
      shouldScan: payloadMeta.should_scan,
      extraData: payloadMeta.extra_data ?? {},
      dispatchTo: payloadMeta.dispatch_to,
    },
    results,
    dispatchMeta: fields.dispatch_meta ?? {},
    requestMeta: {
      archivePayloads: requestMeta.archive_payloads,
      source: requestMeta.source ?? null,
      extraData: requestMeta.extra_data ?? {},
    },
    task,
    options,
    files,
    take,
    expect: expect as PlainRecord | undefined,
  };
}
