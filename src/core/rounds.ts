/**
 * The rounds of a scan: ask the dispatchers, run the workers that are ready, take in what they extracted, until nothing is left.
 *
 * Answers are awaited together and taken in by payload and plugin name, so the same input gives the same response.
 *
 * @module
 */

import { Agenda, type Job } from "./agenda.ts";
import { mapConcurrently, MAX_CONCURRENT_CALLS } from "./bounded.ts";
import { type CallOutcome, callPlugin, recordOutcome } from "./calls.ts";
import type { Engine, ScanOptions } from "./engine.ts";
import { recursionReached, requiredFailed, timedOutBefore } from "./errors.ts";
import { admitExtracted } from "./extraction.ts";
import type { ExtractedPayload } from "./intake.ts";
import type { Plain } from "./plain.ts";
import { planWorker } from "./requirements.ts";
import { completeMeta, PayloadState, type RequestState } from "./scan_state.ts";

/** Codes of failures that come before a plugin's first line of work. */
const NEVER_RAN = ["plugin-load-failed", "plugin-api-mismatch", "limit-request-time"];

/** All rounds of one request. */
export class Rounds {
  readonly #engine: Engine;
  readonly #state: RequestState;
  readonly #options: ScanOptions;
  readonly #signal: AbortSignal;
  readonly #agenda = new Agenda();
  /** Payload → the version about which (deep) dispatchers were asked last. */
  readonly #asked = new Map<PayloadState, number>();
  readonly #askedDeep = new Map<PayloadState, number>();

  #refusals = 0;

  /** @param signal ends the rounds early; what was found stays in the state */
  constructor(engine: Engine, state: RequestState, options: ScanOptions, signal: AbortSignal) {
    this.#engine = engine;
    this.#state = state;
    this.#options = options;
    this.#signal = signal;
  }

  /** Runs until nothing is left to do, the last round is over or the signal says stop. */
  async run(): Promise<void> {
    const { limits } = this.#engine;
    for (const payload of this.#state.payloads) this.#startWith(payload);
    for (let round = 1; round <= limits.recursionRounds; round++) {
      const ready = await this.#nextJobs();
      if (ready.length === 0) return;
      await this.#runJobs(ready, round === limits.recursionRounds);
      if (this.#signal.aborted) break;
    }
    // What dispatchers would have asked for now is left undone as well.
    await this.#dispatch();
    for (const payload of this.#state.payloads) if (payload.deepPass === 0) this.#startDeepPass(payload);
    this.#reportLeftOver();
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

  /** In batches: what one extracts counts before the next begins, so that a round can't hold many times what a request may. */
  async #runJobs(jobs: readonly Job[], isLast: boolean): Promise<void> {
    for (let start = 0; start < jobs.length; start += MAX_CONCURRENT_CALLS) {
      const batch = jobs.slice(start, start + MAX_CONCURRENT_CALLS);
      const outcomes = await mapConcurrently(batch, (job) => this.#runWorker(job));
      for (const [index, outcome] of outcomes.entries()) await this.#takeIn(batch[index]!, outcome, isLast);
    }
  }

  #startWith(payload: PayloadState): void {
    if (this.#engine.isExplaining && !payload.meta.shouldScan) {
      payload.explain({ plugin: "*", ran: false, reason: "should_scan is false" });
    }
    for (const worker of payload.isRoot ? this.#options.startDispatch ?? [] : []) {
      this.#agenda.add(payload, worker, "start_dispatch");
    }
    for (const worker of payload.meta.dispatchTo) {
      this.#agenda.add(payload, worker, "dispatch_to of the payload");
    }
    for (const worker of this.#engine.selection.alwaysDispatch) {
      this.#agenda.add(payload, worker, "always_dispatch");
    }
  }

  /** Asks dispatchers about payloads that changed, then deep dispatchers about those that have settled. */
  async #dispatch(): Promise<void> {
    const { dispatchers, deepDispatchers } = this.#engine.selection;
    const changed = this.#state.payloads.filter((payload) => needsAsking(payload, this.#asked));
    await this.#ask(changed, dispatchers, "dispatcher");

    const settled = this.#state.payloads.filter((payload) =>
      !this.#agenda.hasWorkFor(payload) && payload.deepPass < this.#engine.limits.dispatchPasses &&
      needsAsking(payload, this.#askedDeep)
    );
    for (const payload of settled) this.#startDeepPass(payload);
    await this.#ask(settled, deepDispatchers, "deep-dispatcher");
    for (const payload of settled) if (this.#agenda.hasWorkFor(payload)) payload.deepPass++;
  }

  #startDeepPass(payload: PayloadState): void {
    for (const worker of payload.isRoot ? this.#options.startDeepDispatch ?? [] : []) {
      this.#agenda.add(payload, worker, "start_deep_dispatch", payload.deepPass + 1);
    }
  }

  async #ask(
    payloads: readonly PayloadState[],
    dispatchers: readonly string[],
    role: "dispatcher" | "deep-dispatcher",
  ): Promise<void> {
    const questions = payloads.flatMap((payload) =>
      dispatchers
        .filter((dispatcher) => !payload.settledDispatchers.has(`${role} ${dispatcher}`))
        .map((dispatcher) => ({ payload, dispatcher }))
    );
    const outcomes = await mapConcurrently(questions, ({ payload, dispatcher }) =>
      callPlugin(
        this.#engine,
        dispatcher,
        { role, payload: payload.view(), request: this.#state.view(payload) },
        this.#signal,
      ));
    for (const [index, outcome] of outcomes.entries()) {
      this.#takeDispatches(questions[index]!.payload, outcome);
    }
  }

  #takeDispatches(payload: PayloadState, outcome: CallOutcome): void {
    const { plugin, role, answer } = outcome;
    recordOutcome(this.#engine, this.#state, outcome, payload);
    payload.changeMeta(answer.payloadMeta);
    if (answer.isFinal) payload.settledDispatchers.add(`${role} ${plugin}`);
    if (answer.meta !== undefined) payload.dispatchMeta[plugin] = answer.meta;
    const deepPass = role === "deep-dispatcher" ? payload.deepPass + 1 : 0;
    for (const worker of answer.dispatchTo) {
      const rule = ruleOf(answer.meta?.[worker]);
      this.#agenda.add(
        payload,
        worker,
        `${role.replace("-", " ")} ${plugin}${rule && ` (rule ${rule})`}`,
        deepPass,
      );
    }
  }

  /** Resolves what workers require and takes those that can run now off the agenda. */
  #takeReady(): Job[] {
    const ready: Job[] = [];
    for (const payload of this.#state.payloads) {
      for (const worker of this.#agenda.workersFor(payload)) this.#plan(payload, worker);
      for (const worker of this.#agenda.workersFor(payload)) {
        const requires = this.#engine.host.find(worker)?.requires ?? [];
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
    const plan = planWorker(this.#engine.host, payload, worker, this.#engine.limits.requiredWorkerDepth);
    for (const { name, error } of plan.refused) this.#refuse(payload, name, error);
    const deepPass = this.#agenda.get(payload, worker)?.deepPass;
    for (const { name, requiredBy } of plan.wanted) {
      if (requiredBy !== undefined) this.#agenda.add(payload, name, `required by ${requiredBy}`, deepPass);
    }
  }

  #refuse(payload: PayloadState, worker: string, error: Parameters<RequestState["addError"]>[0]): void {
    this.#refusals++;
    payload.refusedWorkers.add(worker);
    this.#agenda.remove(payload, worker);
    this.#state.addError(error, { pluginName: worker, payloadId: payload.payloadId, role: "worker" });
    this.#explain(payload, worker, false, error.message);
  }

  #runWorker({ payload, worker }: Job): Promise<CallOutcome> {
    const call = { role: "worker", payload: payload.view(), request: this.#state.view(payload) } as const;
    return callPlugin(this.#engine, worker, call, this.#signal);
  }

  async #takeIn(job: Job, outcome: CallOutcome, isLast: boolean): Promise<void> {
    const { payload, worker } = job;
    const { answer, failure } = outcome;
    if (failure && NEVER_RAN.includes(failure.code)) return this.#refuse(payload, worker, failure);
    this.#explain(payload, worker, true, job.reasons.join(", "));
    recordOutcome(this.#engine, this.#state, outcome, payload);
    this.#reportFailedRequirements(payload, worker);
    payload.addWorkerRun(worker, answer.results, job.deepPass);
    if (failure) payload.failedWorkers.add(worker);
    payload.changeMeta(answer.payloadMeta);
    for (const name of answer.dispatchTo) this.#agenda.add(payload, name, `dispatch_to of ${worker}`);
    await this.#takeExtracted(payload, worker, answer.extracted, isLast);
  }

  #reportFailedRequirements(payload: PayloadState, worker: string): void {
    for (const required of this.#engine.host.find(worker)?.requires ?? []) {
      if (!payload.failedWorkers.has(required)) continue;
      const place = { pluginName: worker, payloadId: payload.payloadId, role: "worker" } as const;
      this.#state.addError(requiredFailed(worker, required), place);
    }
  }

  async #takeExtracted(
    parent: PayloadState,
    worker: string,
    extracted: readonly ExtractedPayload[],
    isLast: boolean,
  ): Promise<void> {
    const state = this.#state;
    const budget = state.budgetFor(parent);
    const admission = admitExtracted(extracted, budget, this.#engine.limits);
    const place = { pluginName: worker, payloadId: parent.payloadId, role: "worker" } as const;
    for (const error of admission.errors) state.addError(error, place);
    for (const { content, payloadMeta } of admission.kept) {
      state.spend(content.length);
      const sha256 = await this.#engine.sha256(content);
      const origin = { payloadId: parent.payloadId, worker };
      const meta = completeMeta(payloadMeta);
      const twins = state.twinsOf(sha256);
      for (const twin of twins) this.#meetAgain(twin, origin, meta, isLast);
      if (twins.length > 0) continue;
      const payload = new PayloadState({
        content,
        sha256,
        payloadId: this.#engine.newId(),
        payloadMeta: meta,
        parent: origin,
      });
      state.addPayload(payload);
      if (isLast) this.#leaveUnscanned(payload);
      else this.#startWith(payload);
    }
  }

  /** Equal bytes need no second scan, but the second finder may know a worker that the first did not. */
  #meetAgain(
    twin: PayloadState,
    origin: { readonly payloadId: string; readonly worker: string },
    meta: PayloadState["meta"],
    isLast: boolean,
  ): void {
    twin.addDuplicate(origin, meta);
    if (meta.shouldScan && !twin.meta.shouldScan) {
      twin.allowScan();
      if (isLast) this.#leaveUnscanned(twin);
      else this.#startWith(twin);
    }
    for (const worker of meta.dispatchTo) this.#agenda.add(twin, worker, "dispatch_to of a duplicate");
  }

  #leaveUnscanned(payload: PayloadState): void {
    // Dispatchers could only name workers that there is no round for.
    this.#asked.set(payload, payload.version);
    this.#askedDeep.set(payload, payload.version);
    const error = recursionReached(this.#engine.limits.recursionRounds, []);
    this.#state.addError(error, { payloadId: payload.payloadId });
    this.#explain(payload, "*", false, error.message);
  }

  /** Work that the last round or the deadline left undone is not silently forgotten. */
  #reportLeftOver(): void {
    const { recursionRounds, requestTimeoutMs } = this.#engine.limits;
    for (const payload of this.#agenda.payloads()) {
      const workers = this.#agenda.workersFor(payload);
      const error = this.#signal.aborted
        ? timedOutBefore(requestTimeoutMs, workers)
        : recursionReached(recursionRounds, workers);
      this.#state.addError(error, { payloadId: payload.payloadId });
      for (const worker of workers) this.#explain(payload, worker, false, error.message);
    }
  }

  #explain(payload: PayloadState, plugin: string, ran: boolean, reason: string): void {
    if (this.#engine.isExplaining) payload.explain({ plugin, ran, reason });
  }
}

/** Whether a payload has changed since it was asked about; from now on it counts as asked. */
function needsAsking(payload: PayloadState, asked: Map<PayloadState, number>): boolean {
  if (!payload.meta.shouldScan || asked.get(payload) === payload.version) return false;
  asked.set(payload, payload.version);
  return true;
}

/** The rule that a dispatcher's metadata names, as yara's does. */
function ruleOf(meta: Plain | undefined): string {
  if (typeof meta !== "object" || meta === null || !("rule" in meta)) return "";
  return typeof meta.rule === "string" ? meta.rule : "";
}
