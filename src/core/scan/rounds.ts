/**
 * The rounds of a scan: ask the dispatchers, run the workers that are ready, take in what they extracted, until nothing is left.
 *
 * Answers are awaited together and taken in by payload and plugin name, so the same input gives the same response.
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
import type { ExtractedPayload } from "./answer_reader.ts";
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

/** A job whose turn it is, with what its worker is to see. */
interface DueJob extends Job {
  readonly view: PayloadView;
}

/** A call about a payload. */
interface PayloadCall {
  readonly plugin: string;
  readonly role: "worker" | "dispatcher" | "deep-dispatcher";
  readonly payload: PayloadState;
  readonly view: PayloadView;
  /** From 1. */
  readonly round: number;
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

  /** Starts with the payloads of the state. */
  constructor(setup: RoundsSetup, state: RequestState) {
    this.#setup = setup;
    this.#environment = setup.environment;
    this.#state = state;
    for (const payload of state.payloads) this.#startWith(payload);
  }

  /** Runs until nothing is left to do, the last round is over or the signal says stop. */
  async run(): Promise<void> {
    while (!this.#isLast) {
      const ready = await this.#nextJobs();
      if (ready.length === 0) return;
      this.#round++;
      // All workers of a round see the payload as the round found it.
      await this.#runDue(ready.map((job) => ({ ...job, view: job.payload.view() })));
      if (this.#setup.signal.aborted) break;
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
    const calls = due.map(({ payload, worker, view }) => (
      { plugin: worker, role: "worker", payload, view, round } as const
    ));
    const outcomes = await this.#callAll(calls);
    for (const [index, outcome] of outcomes.entries()) await this.#takeIn(due[index]!, outcome);
  }

  /**
   * Makes all calls of a step; outcomes come in the order of the calls. All of them see the request as it stands now, and may extract
   * what is left of its limits now; of what they extract together the largest parts are cut.
   */
  async #callAll(calls: readonly PayloadCall[]): Promise<CollectedOutcome[]> {
    this.#state.beginStep();
    const collector = new AnswerCollector(this.#environment, this.#state);
    await mapConcurrently(calls, async ({ plugin, role, payload, view, round }, index) => {
      const request = this.#state.view(payload);
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
    for (const { payload, outcome } of outcomes) this.#takeDispatches(payload, outcome);

    const settled = this.#state.payloads.filter((payload) => this.#isDueForDeepPass(payload));
    const deepOutcomes = await this.#ask(settled, deepDispatchers, "deep-dispatcher");
    for (const payload of settled) {
      this.#askedDeep.set(payload, payload.version);
      this.#startDeepPass(payload);
    }
    for (const { payload, outcome } of deepOutcomes) this.#takeDispatches(payload, outcome);
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

  #takeDispatches(payload: PayloadState, outcome: CollectedOutcome): void {
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
    return ready;
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

  async #takeIn(job: Job, outcome: CollectedOutcome): Promise<void> {
    const { payload, worker } = job;
    const { answer, failure } = outcome;
    if (failure && neverRan(failure)) return this.#refuse(payload, worker, failure);
    this.#setup.explainer?.called(payload, outcome);
    recordOutcome(this.#environment, this.#state, outcome, payload);
    this.#reportFailedRequirements(payload, worker);
    payload.addWorkerRun(worker, answer.results, job.deepPass);
    this.#state.budget.charge(nameCost(worker));
    if (failure) payload.failedWorkers.add(worker);
    payload.changeMeta(answer.payloadMeta);
    for (const name of answer.dispatchTo) this.#add(payload, name, `dispatch_to of ${worker}`);
    await this.#takeExtracted(payload, worker, answer.extracted);
  }

  #reportFailedRequirements(payload: PayloadState, worker: string): void {
    for (const required of this.#environment.host.find(worker)?.requires ?? []) {
      if (!payload.failedWorkers.has(required)) continue;
      const place = { pluginName: worker, payloadId: payload.payloadId, role: "worker" } as const;
      this.#state.addError(requiredFailed(worker, required), place);
      this.#setup.explainer?.ranWithout(payload, worker, required);
    }
  }

  async #takeExtracted(
    parent: PayloadState,
    worker: string,
    extracted: readonly ExtractedPayload[],
  ): Promise<void> {
    const state = this.#state;
    for (const { content, payloadMeta } of extracted) {
      state.spend(content.length);
      const sha256 = await this.#environment.sha256(content);
      const origin = { payloadId: parent.payloadId, worker };
      const meta = completeMeta(payloadMeta);
      const twins = state.twinsOf(sha256);
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

/** Whether a payload has changed since it was asked about. */
function needsAsking(payload: PayloadState, asked: ReadonlyMap<PayloadState, number>): boolean {
  return payload.meta.shouldScan && asked.get(payload) !== payload.version;
}
