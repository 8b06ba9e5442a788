/**
 * Calls a plugin as a case describes, through the same host as a scan.
 *
 * @module
 */

import { callPlugin, fetchPayload, recordOutcome } from "../../core/scan/plugin_call.ts";
import type { Role, StoqResponse } from "../../core/contract/contract.ts";
import { summarize } from "../../core/contract/summary.ts";
import type { ScanEnvironment } from "../../core/scan/environment.ts";
import { StoqError } from "../../core/contract/errors.ts";
import type { PlainRecord } from "../../core/contract/plain.ts";
import { NEVER, type PluginCall } from "../../core/ports/plugin_host.ts";
import { completeMeta, PayloadState } from "../../core/scan/payload_state.ts";
import { RequestState } from "../../core/scan/request_state.ts";
import type { PluginCase } from "../../plugin/case_reader.ts";
import { takeDeliveries } from "./deliveries.ts";
import { type CallResult, observeAnswer, observePayload, PAYLOAD_ID, SCAN_ID } from "./observation.ts";

const TIME = "2026-01-02T03:04:05.000Z";

/** What a call is made with beside the case. */
export interface CallSetup {
  readonly environment: ScanEnvironment;
  readonly plugin: string;
  /** Content of the case's input. */
  readonly content: Uint8Array;
  /** The case's task, placeholders filled in. */
  readonly task: PlainRecord;
}

/** Makes the call. Everything that the plugin does wrong is in the errors. */
export async function callAsCase(setup: CallSetup, described: PluginCase): Promise<CallResult> {
  switch (described.role) {
    case "provider":
      return await takeDeliveries(setup.environment, setup.plugin, described.take);
    case "source-archiver":
      return await fetchAndObserve(setup);
    default:
      return await callWithPayload(setup, described, described.role);
  }
}

async function callWithPayload(
  { environment, plugin, content }: CallSetup,
  described: PluginCase,
  role: Exclude<Role, "provider" | "source-archiver">,
): Promise<CallResult> {
  const state = new RequestState(described.requestMeta, environment.limits);
  const payload = await payloadOf(environment, content, described);
  state.addPayload(payload);
  const call: PluginCall = role === "decorator" || role === "connector"
    ? { role, response: responseOf(environment, state) }
    : { role, payload: payload.view(), request: state.view(payload) };
  const outcome = await callPlugin(environment, plugin, call, NEVER);
  recordOutcome(environment, state, outcome, payload);
  const extracted = await Promise.all(
    outcome.answer.extracted.map((found) => observePayload(environment, found.content, found.payloadMeta)),
  );
  return { observed: observeAnswer(outcome, extracted), errors: state.errors };
}

async function payloadOf(
  environment: ScanEnvironment,
  content: Uint8Array,
  described: PluginCase,
): Promise<PayloadState> {
  const payload = new PayloadState({
    content,
    sha256: await environment.sha256(content),
    payloadId: PAYLOAD_ID,
    payloadMeta: completeMeta(described.payloadMeta),
  });
  for (const [worker, results] of Object.entries(described.results)) payload.addWorkerRun(worker, results, 0);
  for (const [dispatcher, meta] of Object.entries(described.dispatchMeta)) {
    if (meta !== undefined) payload.dispatchMeta[dispatcher] = meta;
  }
  return payload;
}

function responseOf(environment: ScanEnvironment, state: RequestState): StoqResponse {
  const results = state.payloads.map((payload) => payload.results());
  return {
    results,
    requestMeta: state.requestMeta,
    errors: [],
    time: TIME,
    decorators: {},
    scanId: SCAN_ID,
    stoqVersion: environment.stoqVersion,
    plugins: {},
    summary: summarize(results, []),
  };
}

async function fetchAndObserve({ environment, plugin, task }: CallSetup): Promise<CallResult> {
  const fetched = await fetchPayload(environment, plugin, task, NEVER);
  if (fetched instanceof StoqError) {
    return { observed: {}, errors: [{ code: fetched.code, error: fetched.message }] };
  }
  const { content, payloadMeta } = fetched;
  return { observed: { payload: await observePayload(environment, content, payloadMeta) }, errors: [] };
}
