/**
 * The end of a request: archivers keep payloads, decorators add to the response, connectors save it.
 *
 * @module
 */

import { AnswerCollector } from "./answer_collector.ts";
import { mapConcurrently } from "./bounded.ts";
import { type CallOutcome, callPlugin, noteVersion, recordOutcome, recordsOf } from "./calls.ts";
import type { ErrorRecord, StoqResponse } from "./contract.ts";
import { nameCost } from "./cost.ts";
import { documentsOf } from "./documents.ts";
import type { Engine } from "./engine.ts";
import type { StoqError } from "./errors.ts";
import { savedInPart } from "./limit_errors.ts";
import type { Plain } from "./plain.ts";
import { NEVER } from "./plugin_host.ts";
import { logError } from "./scan_log.ts";
import { RequestState } from "./scan_state.ts";

/** Finishes a request whose rounds are over. */
export async function finishRequest(
  engine: Engine,
  state: RequestState,
  { scanId, signal }: { readonly scanId: string; readonly signal: AbortSignal },
): Promise<StoqResponse> {
  state.budget.endPayloads();
  if (state.requestMeta.archivePayloads) await archive(engine, state, signal);
  signal.throwIfAborted();
  // What a connector saves names that connector too.
  for (const connector of engine.selection.connectors) noteVersion(engine, state, connector);
  const unchanging = { scanId, time: engine.clock.date().toISOString() };
  const response = respond(engine, state, {}, unchanging);
  const decorators = await decorate(engine, state, response, signal);
  // Where nobody was called nothing has changed.
  const hasDecorators = engine.selection.decorators.length > 0;
  const decorated = hasDecorators ? respond(engine, state, decorators, unchanging) : response;
  signal.throwIfAborted();
  state.reportCost();
  await save(engine, state, decorated, signal);
  const hasConnectors = engine.selection.connectors.length > 0;
  return hasConnectors ? respond(engine, state, decorators, unchanging) : decorated;
}

/** Lets the decorators add to a response that was finished before; theirs replace what it had. */
export async function decorateResponse(engine: Engine, response: StoqResponse): Promise<StoqResponse> {
  const facts = { scan_id: response.scanId };
  const onError = (error: ErrorRecord) => logError(engine, error, facts);
  const state = new RequestState(response.requestMeta, engine.limits, { onError });
  const decorators = await decorate(engine, state, response, NEVER);
  return { ...response, decorators, errors: [...response.errors, ...state.listed().errors] };
}

async function archive(engine: Engine, state: RequestState, signal: AbortSignal): Promise<void> {
  const { destArchivers } = engine.selection;
  const tasks = state.payloads
    .filter((payload) => payload.meta.shouldArchive)
    .flatMap((payload) => destArchivers.map((archiver) => ({ payload, archiver })));
  state.beginStep();
  const collector = new AnswerCollector(engine, state);
  await mapConcurrently(tasks, async ({ payload, archiver }, index) => {
    const call = { role: "dest-archiver", payload: payload.view(), request: state.view() } as const;
    collector.add(index, await callPlugin(engine, archiver, call, signal), { payload });
  });
  for (const [index, outcome] of collector.finish().entries()) {
    const { payload, archiver } = tasks[index]!;
    recordOutcome(engine, state, outcome, payload);
    state.explainer?.called(payload, outcome);
    payload.addArchiverRun(archiver, outcome.answer.results);
    state.budget.charge(nameCost(archiver));
  }
}

/** Decorators all see the same response, none sees what another added. */
async function decorate(
  engine: Engine,
  state: RequestState,
  response: StoqResponse,
  signal: AbortSignal,
): Promise<Record<string, Plain>> {
  const { decorators } = engine.selection;
  const collector = new AnswerCollector(engine, state);
  await mapConcurrently(decorators, async (decorator, index) => {
    collector.add(index, await callPlugin(engine, decorator, { role: "decorator", response }, signal), {});
  });
  const results: Record<string, Plain> = {};
  for (const outcome of collector.finish()) {
    recordOutcome(engine, state, outcome);
    if (outcome.answer.results !== undefined) results[outcome.plugin] = outcome.answer.results;
  }
  return results;
}

async function save(
  engine: Engine,
  state: RequestState,
  response: StoqResponse,
  signal: AbortSignal,
): Promise<void> {
  const saved = await mapConcurrently(
    engine.selection.connectors,
    (connector) => saveDocuments(engine, connector, response, signal),
  );
  for (const { outcomes, cuts } of saved) {
    for (const outcome of outcomes) recordOutcome(engine, state, outcome);
    // Not in the connector's role: a delivery whose documents were saved is kept, and trying again would not help.
    for (const error of cuts) state.addError(error, { pluginName: outcomes[0]?.plugin });
  }
}

/**
 * Lets a connector save a response, in as many documents as its store needs; the first failure ends it. Returns the outcomes that have
 * errors and the last one, with the time of all.
 */
async function saveDocuments(
  engine: Engine,
  connector: string,
  response: StoqResponse,
  signal: AbortSignal,
): Promise<{ readonly outcomes: readonly CallOutcome[]; readonly cuts: readonly StoqError[] }> {
  const save = (response: StoqResponse) =>
    callPlugin(engine, connector, { role: "connector", response }, signal);
  const maxBytes = engine.host.find(connector)?.maxResponseBytes;
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

/** The response as it stands. */
function respond(
  engine: Engine,
  state: RequestState,
  decorators: Readonly<Record<string, Plain>>,
  { scanId, time }: Pick<StoqResponse, "scanId" | "time">,
): StoqResponse {
  return {
    ...state.listed(),
    requestMeta: state.listedMeta,
    time,
    decorators,
    scanId,
    stoqVersion: engine.stoqVersion,
    plugins: Object.fromEntries([...state.plugins].sort(([a], [b]) => a < b ? -1 : 1)),
  };
}
