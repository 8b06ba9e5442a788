/**
 * The rounds of a scan: ask the dispatchers, run the workers that are ready and apply their answers, until nothing is left.
 *
 * The calls of a round are awaited together, and their answers applied by payload and plugin name, so that the same input gives the same
 * response.
 *
 * @module
 */

import { Agenda, type Job } from "./agenda.ts";
import { AnswerCollector, type CollectedOutcome } from "./answer_collector.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import { callPlugin, recordOutcome } from "./plugin_call.ts";
import type { PayloadView } from "../contract/contract.ts";
import { nameCost } from "./cost.ts";
import type { ScanEnvironment, ScanOptions } from "./environment.ts";
import { neverRan, requiredFailed } from "../contract/errors.ts";
import { recursionReached, timedOutBefore } from "../contract/limit_errors.ts";
import { PLUGIN_FAILED } from "../contract/blind_spots.ts";
import type { ResumeRequest } from "../contract/contract.ts";
import { indicatorsLeftOut, passwordsLeftOut, tooManyResumes } from "../contract/limit_errors.ts";
import { MAX_PASSWORDS } from "../contract/passwords.ts";
import type { Plain } from "../contract/plain.ts";
import { PasswordCalls, ResumedCalls } from "./later_calls.ts";
import type { ExtractedPayload } from "./value_reader.ts";
import type { Explainer } from "./explainer.ts";
import { planWorker } from "./requirements.ts";
import { completeMeta, PayloadState } from "./payload_state.ts";
import { type RequestState } from "./request_state.ts";

/** What all rounds of a request share. */
export interface RoundsSetup {
  readonly environment: ScanEnvironment;
  readonly options: ScanOptions;
  /** Records why plugins run or don't; absent unless explanations were asked for. */
  readonly explainer: Explainer | undefined;
  /** Ends the rounds early; what was found stays in the state. */
  readonly signal: AbortSignal;
}

/** A job that is run now. */
interface DueJob extends Job {
  /** The payload as its worker sees it. */
  readonly view: PayloadView;
  /** The state with which the worker put this call off. */
  readonly resume?: Plain;
}

/** A call about a payload. */
interface PayloadCall {
  readonly plugin: string;
  readonly role: "worker" | "dispatcher" | "deep-dispatcher";
  readonly payload: PayloadState;
  readonly view: PayloadView;
  /** From 1. */
  readonly round: number;
  readonly resume?: Plain;
}

/** All rounds of one request. */
export class Rounds {
  readonly #setup: RoundsSetup;
  readonly #environment: ScanEnvironment;
  readonly #state: RequestState;
  readonly #agenda = new Agenda();
  /** Payload → the version about which dispatchers were asked last. */
  readonly #asked = new Map<PayloadState, number>();
  readonly #askedDeep = new Map<PayloadState, number>();
  /** The round that has begun last. */
  #round = 0;
  #refusals = 0;
  readonly #resumed: ResumedCalls;
  readonly #passwordCalls = new PasswordCalls();

  /** Starts with the payloads of the state. */
  constructor(setup: RoundsSetup, state: RequestState) {
    this.#setup = setup;
    this.#environment = setup.environment;
    const { clock, limits } = setup.environment;
    this.#resumed = new ResumedCalls(clock, limits.maxResumes);
    this.#state = state;
    for (const payload of state.payloads) this.#startWith(payload);
  }

  /** Runs until nothing is left to do, the last round is over or the signal is aborted. */
  async run(): Promise<void> {
    const { signal } = this.#setup;
    for (;;) {
      const ready = this.#isLast ? [] : await this.#nextJobs();
      const resumed = this.#resumed.takeDue();
      if (ready.length === 0 && resumed.length === 0) {
        if (await this.#resumed.wait(signal)) continue;
        if (!this.#isLast && !signal.aborted) return;
        break;
      }
      // Later calls belong to the round of the first: a worker may be called 60 times, there are 10 rounds.
      if (ready.length > 0) this.#round++;
      // All workers of a round see the payload as the round found it.
      await this.#runDue([
        ...ready.map((job) => ({ ...job, view: job.payload.view() })),
        ...resumed.map(({ job, resume }) => ({ ...job, resume, view: job.payload.view() })),
      ]);
      if (signal.aborted) break;
    }
    // What dispatchers would have asked for now is left undone as well.
    await this.#dispatch();
    for (const payload of this.#state.payloads) if (payload.deepPass === 0) this.#startDeepPass(payload);
    this.#reportLeftOver();
  }

  get #isLast(): boolean {
    return this.#round >= this.#environment.limits.recursionRounds;
  }

  /** Jobs for a round. A payload whose only workers turn out not to be able to run has settled after all, so it is asked about again. */
  async #nextJobs(): Promise<Job[]> {
    for (;;) {
      const refusals = this.#refusals;
      await this.#dispatch();
      const ready = this.#takeReady();
      if (ready.length > 0 || this.#refusals === refusals) return ready;
    }
  }

  async #runDue(due: readonly DueJob[]): Promise<void> {
    const round = this.#round;
    const calls = due.map(({ payload, worker, view, resume }) => (
      { plugin: worker, role: "worker", payload, view, round, resume } as const
    ));
    // Candidates that this round finds are not among those that its calls were shown.
    const shown = due.map(({ payload }) => this.#state.passwords.for(payload));
    const outcomes = await this.#callAll(calls);
    for (const [index, outcome] of outcomes.entries()) {
      const isFinal = await this.#apply(due[index]!, outcome);
      if (isFinal) this.#passwordCalls.note(due[index]!, shown[index]!, outcome.answer.blindSpots);
    }
  }

  /**
   * Makes all calls of a step; outcomes come in the order of the calls. All of them see the request as it stands now, and may extract
   * what is left of its limits now; of what they extract together the largest parts are cut.
   */
  async #callAll(calls: readonly PayloadCall[]): Promise<CollectedOutcome[]> {
    this.#state.beginStep();
    const collector = new AnswerCollector(this.#environment, this.#state);
    await mapConcurrently(calls, async ({ plugin, role, payload, view, round, resume }, index) => {
      const hasFamily = this.#environment.host.find(plugin)?.needs?.includes("family");
      const request = this.#state.view(payload, { resume, hasFamily });
      const call = { role, payload: view, request, round };
      const outcome = await callPlugin(this.#environment, plugin, call, this.#setup.signal);
      collector.add(index, outcome, { payload, budget: role === "worker" ? request.budget : undefined });
    });
    return collector.finish();
  }

  #startWith(payload: PayloadState): void {
    for (const worker of payload.isRoot ? this.#setup.options.startDispatch ?? [] : []) {
      this.#add(payload, worker, "start_dispatch");
    }
    for (const worker of payload.meta.dispatchTo) {
      this.#add(payload, worker, "dispatch_to of the payload");
    }
    for (const worker of this.#environment.selection.alwaysDispatch) {
      this.#add(payload, worker, "always_dispatch");
    }
  }

  /** @param reason who asks, a phrase for people */
  #add(payload: PayloadState, worker: string, reason: string, deepPass?: number): void {
    this.#setup.explainer?.asked(payload, worker, reason);
    this.#agenda.add(payload, worker, deepPass);
  }

  /** Asks dispatchers about payloads that changed, then deep dispatchers about those that have settled. */
  async #dispatch(): Promise<void> {
    const { dispatchers, deepDispatchers } = this.#environment.selection;
    const changed = this.#state.payloads.filter((payload) => needsAsking(payload, this.#asked));
    const outcomes = await this.#ask(changed, dispatchers, "dispatcher");
    for (const payload of changed) this.#asked.set(payload, payload.version);
    for (const { payload, outcome } of outcomes) this.#applyDispatches(payload, outcome);

    const settled = this.#state.payloads.filter((payload) => this.#isDueForDeepPass(payload));
    const deepOutcomes = await this.#ask(settled, deepDispatchers, "deep-dispatcher");
    for (const payload of settled) {
      this.#askedDeep.set(payload, payload.version);
      this.#startDeepPass(payload);
    }
    for (const { payload, outcome } of deepOutcomes) this.#applyDispatches(payload, outcome);
    for (const payload of settled) if (this.#agenda.hasWorkFor(payload)) payload.deepPass++;
  }

  #isDueForDeepPass(payload: PayloadState): boolean {
    return !this.#agenda.hasWorkFor(payload) && payload.deepPass < this.#environment.limits.dispatchPasses &&
      needsAsking(payload, this.#askedDeep);
  }

  #startDeepPass(payload: PayloadState): void {
    for (const worker of payload.isRoot ? this.#setup.options.startDeepDispatch ?? [] : []) {
      this.#add(payload, worker, "start_deep_dispatch", payload.deepPass + 1);
    }
  }

  async #ask(
    payloads: readonly PayloadState[],
    dispatchers: readonly string[],
    role: "dispatcher" | "deep-dispatcher",
  ): Promise<{ payload: PayloadState; outcome: CollectedOutcome }[]> {
    // They are asked for the round that is to come.
    const round = this.#round + 1;
    const calls = payloads.flatMap((payload) =>
      dispatchers
        .filter((dispatcher) => !payload.settledDispatchers.has(`${role} ${dispatcher}`))
        .map((plugin): PayloadCall => ({ plugin, role, payload, view: payload.view(), round }))
    );
    if (calls.length === 0) return [];
    const outcomes = await this.#callAll(calls);
    return outcomes.map((outcome, index) => ({ payload: calls[index]!.payload, outcome }));
  }

  #applyDispatches(payload: PayloadState, outcome: CollectedOutcome): void {
    const { plugin, role, answer } = outcome;
    recordOutcome(this.#environment, this.#state, outcome, payload);
    this.#setup.explainer?.dispatched(payload, outcome);
    payload.changeMeta(answer.payloadMeta);
    if (answer.isFinal) payload.settledDispatchers.add(`${role} ${plugin}`);
    if (answer.meta !== undefined) payload.dispatchMeta[plugin] = answer.meta;
    const deepPass = role === "deep-dispatcher" ? payload.deepPass + 1 : 0;
    for (const worker of answer.dispatchTo) this.#agenda.add(payload, worker, deepPass);
  }

  /** Resolves what workers require and takes those that can run now off the agenda. */
  #takeReady(): Job[] {
    const ready: Job[] = [];
    for (const payload of this.#state.payloads) {
      for (const worker of this.#agenda.workersFor(payload)) this.#plan(payload, worker);
      for (const worker of this.#agenda.workersFor(payload)) {
        const requires = this.#environment.host.find(worker)?.requires ?? [];
        const job = this.#agenda.get(payload, worker);
        if (job === undefined || !requires.every((required) => payload.workersRun.has(required))) continue;
        ready.push(job);
      }
    }
    for (const { payload, worker } of ready) {
      this.#agenda.remove(payload, worker);
      payload.startedWorkers.add(worker);
    }
    const again = this.#passwordCalls.takeDue((payload) => this.#state.passwords.for(payload));
    for (const { payload, worker } of again) {
      this.#setup.explainer?.calledAgain(payload, worker, "new password candidates");
    }
    return [...ready, ...again];
  }

  #plan(payload: PayloadState, worker: string): void {
    const plan = planWorker(
      this.#environment.host,
      payload,
      worker,
      this.#environment.limits.requiredWorkerDepth,
    );
    for (const { name, error, requiredBy } of plan.refused) {
      if (requiredBy !== undefined) this.#add(payload, name, `required by ${requiredBy}`);
      this.#refuse(payload, name, error);
    }
    const deepPass = this.#agenda.get(payload, worker)?.deepPass;
    for (const { name, requiredBy } of plan.wanted) {
      if (requiredBy !== undefined) this.#add(payload, name, `required by ${requiredBy}`, deepPass);
    }
  }

  #refuse(payload: PayloadState, worker: string, error: Parameters<RequestState["addError"]>[0]): void {
    this.#refusals++;
    payload.refusedWorkers.add(worker);
    this.#agenda.remove(payload, worker);
    this.#state.addError(error, { pluginName: worker, payloadId: payload.payloadId, role: "worker" });
    this.#setup.explainer?.refused(payload, worker, error);
  }

  /** Applies the outcome of a worker's call. @returns `false` when the worker is still to answer, or never was called */
  async #apply(job: Job, outcome: CollectedOutcome): Promise<boolean> {
    const { payload, worker } = job;
    const { answer, failure } = outcome;
    const state = this.#state;
    if (failure && neverRan(failure)) {
      this.#refuse(payload, worker, failure);
      return false;
    }
    this.#setup.explainer?.called(payload, outcome);
    // The last answer counts: what an earlier one reported is replaced.
    const isRepeated = payload.workersRun.has(worker);
    if (isRepeated) state.withdrawErrors(payload, worker);
    recordOutcome(this.#environment, state, outcome, payload);
    if (answer.resume && !failure && this.#putOff(job, answer.resume)) return false;
    if (!isRepeated) {
      this.#reportFailedRequirements(payload, worker);
      state.budget.charge(nameCost(worker));
    }
    payload.addWorkerRun(worker, answer.results, job.deepPass);
    if (failure) payload.failedWorkers.add(worker);
    payload.changeMeta(answer.payloadMeta);
    this.#applyAnnotations(payload, worker, outcome);
    for (const name of answer.dispatchTo) this.#add(payload, name, `dispatch_to of ${worker}`);
    await this.#applyExtracted(payload, worker, answer.extracted, isRepeated);
    return true;
  }

  /** Puts a call off. @returns `false` when the worker has asked too often */
  #putOff(job: Job, resume: ResumeRequest): boolean {
    const { payload, worker } = job;
    if (this.#resumed.add(job, resume)) {
      this.#setup.explainer?.calledAgain(payload, worker, "it asked for a later call");
      return true;
    }
    const error = tooManyResumes(this.#environment.limits.maxResumes);
    this.#state.addError(error, { pluginName: worker, payloadId: payload.payloadId, role: "worker" });
    payload.failedWorkers.add(worker);
    return false;
  }

  #applyAnnotations(payload: PayloadState, worker: string, outcome: CollectedOutcome): void {
    const { answer, findings, failure } = outcome;
    const state = this.#state;
    if (failure) {
      state.blindSpots.add(PLUGIN_FAILED, {
        payloadId: payload.payloadId,
        detail: `${worker}: ${failure.code}`,
      });
    } else if (hasAnswered(outcome)) payload.answeredWorkers.add(worker);
    const place = { pluginName: worker, payloadId: payload.payloadId, role: "worker" } as const;
    const indicators = state.applyAnnotations(payload, worker, { answer, findings });
    if (indicators > 0) state.addError(indicatorsLeftOut(indicators), place);
    const passwords = state.passwords.add(payload, answer.passwords);
    if (passwords > 0) state.addError(passwordsLeftOut(passwords, MAX_PASSWORDS), place);
  }

  #reportFailedRequirements(payload: PayloadState, worker: string): void {
    for (const required of this.#environment.host.find(worker)?.requires ?? []) {
      if (!payload.failedWorkers.has(required)) continue;
      const place = { pluginName: worker, payloadId: payload.payloadId, role: "worker" } as const;
      this.#state.addError(requiredFailed(worker, required), place);
      this.#setup.explainer?.ranWithout(payload, worker, required);
    }
  }

  async #applyExtracted(
    parent: PayloadState,
    worker: string,
    extracted: readonly ExtractedPayload[],
    isRepeated: boolean,
  ): Promise<void> {
    const state = this.#state;
    // What an earlier call of the same worker extracted is applied already.
    const applied = new Set(
      isRepeated ? state.payloads.filter((payload) => payload.wasExtracted(parent.payloadId, worker)) : [],
    );
    for (const { content, payloadMeta } of extracted) {
      const sha256 = await this.#environment.sha256(content);
      const origin = { payloadId: parent.payloadId, worker };
      const meta = completeMeta(payloadMeta);
      const twins = state.twinsOf(sha256);
      if (twins.some((twin) => applied.has(twin))) continue;
      state.spend(content.length);
      // The room that is set aside for a payload is enough for one record of where it was met again.
      for (const [index, twin] of twins.entries()) {
        if (index === 0 || state.takeDuplicate(meta, worker)) twin.addDuplicate(origin, meta);
        this.#meetAgain(twin, meta);
      }
      if (twins.length > 0) continue;
      state.giveBackName(meta);
      const payload = new PayloadState({
        content,
        sha256,
        payloadId: this.#environment.newId(),
        payloadMeta: meta,
        parent: origin,
      });
      state.addPayload(payload);
      if (this.#isLast) this.#leaveUnscanned(payload);
      else this.#startWith(payload);
    }
  }

  /** Equal bytes need no second scan, but the second finder may know a worker that the first did not. */
  #meetAgain(twin: PayloadState, meta: PayloadState["meta"]): void {
    if (meta.shouldScan && !twin.meta.shouldScan) {
      twin.allowScan();
      if (this.#isLast) this.#leaveUnscanned(twin);
      else this.#startWith(twin);
    }
    for (const worker of meta.dispatchTo) this.#add(twin, worker, "dispatch_to of a duplicate");
  }

  #leaveUnscanned(payload: PayloadState): void {
    // Dispatchers could only name workers that there is no round for.
    this.#asked.set(payload, payload.version);
    this.#askedDeep.set(payload, payload.version);
    const error = recursionReached(this.#environment.limits.recursionRounds, []);
    this.#state.addError(error, { payloadId: payload.payloadId });
    this.#setup.explainer?.leftUnscanned(payload, error);
  }

  /** Work that the last round or the deadline left undone is not silently forgotten. */
  #reportLeftOver(): void {
    const { recursionRounds, requestTimeoutMs } = this.#environment.limits;
    for (const { payload, worker } of this.#resumed.jobs) {
      const error = timedOutBefore(requestTimeoutMs, [worker]);
      this.#state.addError(error, { payloadId: payload.payloadId });
      this.#setup.explainer?.leftOver(payload, [worker], true);
    }
    for (const payload of this.#agenda.payloads()) {
      const workers = this.#agenda.workersFor(payload);
      const error = this.#setup.signal.aborted
        ? timedOutBefore(requestTimeoutMs, workers)
        : recursionReached(recursionRounds, workers);
      this.#state.addError(error, { payloadId: payload.payloadId });
      this.#setup.explainer?.leftOver(payload, workers, this.#setup.signal.aborted);
    }
  }
}

/** Whether a worker said anything of a payload. */
function hasAnswered({ answer, findings }: CollectedOutcome): boolean {
  const { results, extracted, indicators, blindSpots, mediaType } = answer;
  return results !== undefined || mediaType !== undefined ||
    [extracted, findings, indicators, blindSpots].some(({ length }) => length > 0);
}

/** Whether a payload has changed since it was asked about. */
function needsAsking(payload: PayloadState, asked: ReadonlyMap<PayloadState, number>): boolean {
  return payload.meta.shouldScan && asked.get(payload) !== payload.version;
}
