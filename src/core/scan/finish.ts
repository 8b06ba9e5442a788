/**
 * The end of a request: archivers keep payloads, decorators add to the response, connectors save it.
 *
 * @module
 */

import { AnswerCollector } from "./answer_collector.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import { type CallOutcome, callPlugin, noteVersion, recordOutcome, recordsOf } from "./plugin_call.ts";
import type { ErrorRecord, Explanation, StoqResponse } from "../contract/contract.ts";
import { nameCost } from "./cost.ts";
import { documentsOf } from "./documents.ts";
import type { ScanEnvironment } from "./environment.ts";
import type { StoqError } from "../contract/errors.ts";
import { savedInPart } from "../contract/limit_errors.ts";
import type { Plain } from "../contract/plain.ts";
import { NEVER } from "../ports/plugin_host.ts";
import type { Explainer } from "./explainer.ts";
import type { PayloadState } from "./payload_state.ts";
import { logError } from "./scan_log.ts";
import { summarizeRequest } from "./summary.ts";
import { RequestState } from "./request_state.ts";

/** How to finish a request. */
export interface FinishOptions {
  readonly scanId: string;
  readonly signal: AbortSignal;
  readonly explainer: Explainer | undefined;
}

/** Finishes a request whose rounds are over. */
export async function finishRequest(
  environment: ScanEnvironment,
  state: RequestState,
  { scanId, signal, explainer }: FinishOptions,
): Promise<StoqResponse> {
  state.budget.endPayloads();
  if (state.requestMeta.archivePayloads) await archive(environment, state, signal, explainer);
  signal.throwIfAborted();
  // What a connector saves names that connector too.
  for (const connector of environment.selection.connectors) noteVersion(environment, state, connector);
  const unchanging: Unchanging = {
    scanId,
    time: environment.clock.date().toISOString(),
    explain: explainer && ((payload) => explainer.explain(payload, state.requestMeta)),
  };
  const response = respond(environment, state, {}, unchanging);
  const decorators = await decorate(environment, state, response, signal);
  // Without decorators the response has not changed.
  const hasDecorators = environment.selection.decorators.length > 0;
  const decorated = hasDecorators ? respond(environment, state, decorators, unchanging) : response;
  signal.throwIfAborted();
  state.reportCost();
  await save(environment, state, decorated, signal);
  const hasConnectors = environment.selection.connectors.length > 0;
  return hasConnectors ? respond(environment, state, decorators, unchanging) : decorated;
}

/** Lets the decorators add to a response that was finished before; theirs replace what it had. */
export async function decorateResponse(
  environment: ScanEnvironment,
  response: StoqResponse,
): Promise<StoqResponse> {
  const facts = { scan_id: response.scanId };
  const onError = (error: ErrorRecord) => logError(environment, error, facts);
  const state = new RequestState(response.requestMeta, environment.limits, { onError });
  const decorators = await decorate(environment, state, response, NEVER);
  return { ...response, decorators, errors: [...response.errors, ...state.listed().errors] };
}

async function archive(
  environment: ScanEnvironment,
  state: RequestState,
  signal: AbortSignal,
  explainer: Explainer | undefined,
): Promise<void> {
  const { destArchivers } = environment.selection;
  const tasks = state.payloads
    .filter((payload) => payload.meta.shouldArchive)
    .flatMap((payload) => destArchivers.map((archiver) => ({ payload, archiver })));
  state.beginStep();
  const collector = new AnswerCollector(environment, state);
  await mapConcurrently(tasks, async ({ payload, archiver }, index) => {
    const call = { role: "dest-archiver", payload: payload.view(), request: state.view() } as const;
    collector.add(index, await callPlugin(environment, archiver, call, signal), { payload });
  });
  for (const [index, outcome] of collector.finish().entries()) {
    const { payload, archiver } = tasks[index]!;
    recordOutcome(environment, state, outcome, payload);
    explainer?.called(payload, outcome);
    payload.addArchiverRun(archiver, outcome.answer.results);
    state.budget.charge(nameCost(archiver));
  }
}

/** Decorators all see the same response, none sees what another added. */
async function decorate(
  environment: ScanEnvironment,
  state: RequestState,
  response: StoqResponse,
  signal: AbortSignal,
): Promise<Record<string, Plain>> {
  const { decorators } = environment.selection;
  const collector = new AnswerCollector(environment, state);
  await mapConcurrently(decorators, async (decorator, index) => {
    collector.add(
      index,
      await callPlugin(environment, decorator, { role: "decorator", response }, signal),
      {},
    );
  });
  const results: Record<string, Plain> = {};
  for (const outcome of collector.finish()) {
    recordOutcome(environment, state, outcome);
    if (outcome.answer.results !== undefined) results[outcome.plugin] = outcome.answer.results;
  }
  return results;
}

async function save(
  environment: ScanEnvironment,
  state: RequestState,
  response: StoqResponse,
  signal: AbortSignal,
): Promise<void> {
  const saved = await mapConcurrently(
    environment.selection.connectors,
    (connector) => saveDocuments(environment, connector, response, signal),
  );
  for (const { outcomes, cuts } of saved) {
    for (const outcome of outcomes) recordOutcome(environment, state, outcome);
    // Not in the connector's role: a delivery whose documents were saved is kept, and trying again would not help.
    for (const error of cuts) state.addError(error, { pluginName: outcomes[0]?.plugin });
  }
}

/**
 * Lets a connector save a response, in as many documents as its store needs; the first failure ends it. Returns the outcomes that have
 * errors and the last one, with the time of all.
 */
async function saveDocuments(
  environment: ScanEnvironment,
  connector: string,
  response: StoqResponse,
  signal: AbortSignal,
): Promise<{ readonly outcomes: readonly CallOutcome[]; readonly cuts: readonly StoqError[] }> {
  const save = (response: StoqResponse) =>
    callPlugin(environment, connector, { role: "connector", response }, signal);
  const maxBytes = environment.host.find(connector)?.maxResponseBytes;
  if (maxBytes === undefined) return { outcomes: [await save(response)], cuts: [] };
  let cut = 0;
  let cutBytes = 0;
  let count = 0;
  let last: CallOutcome | undefined;
  let durationMs = 0;
  const faulty: CallOutcome[] = [];
  for (const document of documentsOf(response, maxBytes)) {
    if (last && recordsOf(last).length > 0) faulty.push(last);
    last = await save(document.response);
    durationMs += last.durationMs;
    if (last.failure) break;
    count++;
    if (document.cutBytes === 0) continue;
    cut++;
    cutBytes += document.cutBytes;
  }
  return {
    outcomes: last ? [...faulty, { ...last, durationMs }] : [],
    cuts: cut > 0 ? [savedInPart(connector, cut, count, cutBytes)] : [],
  };
}

/** What stays the same while archivers, decorators and connectors finish a response. */
interface Unchanging {
  readonly scanId: string;
  readonly time: string;
  readonly explain: ((payload: PayloadState) => readonly Explanation[]) | undefined;
}

/** Returns the response as it stands. */
function respond(
  environment: ScanEnvironment,
  state: RequestState,
  decorators: Readonly<Record<string, Plain>>,
  { scanId, time, explain }: Unchanging,
): StoqResponse {
  const listed = state.listed(explain);
  return {
    ...listed,
    requestMeta: state.listedMeta,
    time,
    decorators,
    scanId,
    stoqVersion: environment.stoqVersion,
    plugins: Object.fromEntries([...state.plugins].sort(([a], [b]) => a < b ? -1 : 1)),
    summary: summarizeRequest(state, listed.results, environment.formats),
  };
}
