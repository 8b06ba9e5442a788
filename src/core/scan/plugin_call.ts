/**
 * One call of a plugin: timed, its answer checked, its failures turned into records.
 *
 * @module
 */

import type { ErrorRecord, Role } from "../contract/contract.ts";
import { nameCost } from "./cost.ts";
import type { ScanEnvironment } from "./environment.ts";
import {
  badDelivery,
  badResponse,
  cutText,
  type ErrorPlace,
  payloadNotFound,
  type StoqError,
  toErrorRecord,
  toFailure,
} from "../contract/errors.ts";
import { type Answer, readAnswer } from "./answer_reader.ts";
import { readPayload } from "./delivery_reader.ts";
import type { ExtractedPayload, ReportedFailure } from "./value_reader.ts";
import { failureCode } from "../contract/keeping.ts";
import type { Finding } from "../contract/findings.ts";
import { completeFindings } from "./finding_completion.ts";
import type { PlainRecord } from "../contract/plain.ts";
import type { PluginCall } from "../ports/plugin_host.ts";
import { type PayloadState, roundMs } from "./payload_state.ts";
import { type RequestState } from "./request_state.ts";

/** How a call went. An answer that is partly bad comes with an error as well. */
export interface CallOutcome {
  readonly plugin: string;
  readonly role: Role;
  readonly answer: Answer;
  /** The findings of the answer, as the manifest declares them. */
  readonly findings: readonly Finding[];
  /** Why the call as a whole failed. */
  readonly failure: StoqError | undefined;
  /** What the host reports, such as refused permissions. */
  readonly hostFailures: readonly StoqError[];
  readonly durationMs: number;
}

/** Calls a plugin. Never rejects: failures are in the outcome. */
export async function callPlugin(
  environment: ScanEnvironment,
  plugin: string,
  call: PluginCall,
  signal: AbortSignal,
): Promise<CallOutcome> {
  const { value, thrown, failures: hostFailures = [], mostFailures, durationMs } = await environment.host
    .call(
      plugin,
      call,
      signal,
    );
  const { resultBytes } = environment.limits;
  const { role } = call;
  if (thrown) {
    return {
      plugin,
      role,
      answer: NOTHING,
      findings: [],
      failure: toFailure(role, thrown.reason),
      hostFailures,
      durationMs,
    };
  }
  try {
    // A connector has no answer. A value that it returns is ignored.
    const answer = role === "connector" ? NOTHING : readAnswer(value, resultBytes, mostFailures);
    const { findings, error } = completeFindings(
      plugin,
      answer.findings,
      environment.host.find(plugin)?.findings,
    );
    const errors = error ? [...hostFailures, error] : hostFailures;
    return { plugin, role, answer, findings, failure: undefined, hostFailures: errors, durationMs };
  } catch (reason) {
    // Without isolation the answer is the plugin's own object: looking at it may run a getter or a proxy's trap.
    const failure = toFailure(role, reason);
    return { plugin, role, answer: NOTHING, findings: [], failure, hostFailures, durationMs };
  }
}

const NOTHING = readAnswer(undefined, 0);

/** Lets a source archiver fetch what a task names; a failure where there is nothing to scan. */
export async function fetchPayload(
  environment: ScanEnvironment,
  archiver: string,
  task: PlainRecord,
  signal: AbortSignal,
): Promise<ExtractedPayload | StoqError> {
  const role = "source-archiver";
  const { value, thrown, durationMs } = await environment.host.call(archiver, { role, task }, signal);
  const failure = thrown && toFailure(role, thrown.reason);
  environment.telemetry?.countCall({ plugin: archiver, role, durationMs, failure });
  if (failure) return failure;
  if (value === undefined || value === null) return payloadNotFound(archiver);
  const reading = readPayload(value, environment.limits.resultBytes);
  return "problems" in reading ? badDelivery(reading.problems, reading.problemCount) : reading.value;
}

/**
 * Everything that went wrong in a call, as records.
 *
 * @param others errors that are about the same answer
 */
export function recordsOf(
  { plugin, role, answer, durationMs, failure, hostFailures }: CallOutcome,
  payload?: PayloadState,
  others: readonly StoqError[] = [],
): ErrorRecord[] {
  const isFine = failure === undefined && answer.failures.length === 0 && answer.problemCount === 0 &&
    answer.limitErrors.length === 0 && hostFailures.length === 0 && others.length === 0;
  if (isFine) return [];
  const place: ErrorPlace = {
    pluginName: plugin,
    role,
    durationMs: roundMs(durationMs),
    payloadId: payload?.payloadId,
  };
  const more = answer.problemCount > 0 ? [badResponse(role, answer.problems, answer.problemCount)] : [];
  const ofPlugin = ({ code, message }: ReportedFailure) =>
    toErrorRecord({ code: failureCode(role, code), message }, place);
  return [
    ...failure ? [ofPlugin(failure)] : [],
    ...hostFailures.map((error) => toErrorRecord(error, place)),
    ...answer.failures.map(({ code, message }) => ofPlugin({ code, message: cutText(message) })),
    ...[...more, ...answer.limitErrors, ...others].map((error) => toErrorRecord(error, place)),
  ];
}

/** Notes in the state that a plugin was called, how long it took and everything that went wrong. */
export function recordOutcome(
  environment: ScanEnvironment,
  state: RequestState,
  outcome: CallOutcome & { readonly records?: readonly ErrorRecord[]; readonly cuts?: readonly StoqError[] },
  payload?: PayloadState,
): void {
  const { plugin, role, durationMs, records = recordsOf(outcome, payload), cuts = [] } = outcome;
  noteVersion(environment, state, plugin);
  environment.telemetry?.countCall(outcome);
  if (payload?.addTime(plugin, durationMs)) state.budget.charge(nameCost(plugin));
  for (const record of records) state.addRecord(record);
  const place = { pluginName: plugin, role, payloadId: payload?.payloadId };
  for (const error of cuts) state.addError(error, { ...place, durationMs: roundMs(durationMs) });
}

/** Adds a plugin to those that the response lists. */
export function noteVersion(environment: ScanEnvironment, state: RequestState, plugin: string): void {
  state.plugins.set(plugin, environment.host.find(plugin)?.version ?? "unknown");
}
