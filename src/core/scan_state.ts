/**
 * What is known of a request while it is being scanned.
 *
 * @module
 */

import type {
  DuplicateRecord,
  ErrorRecord,
  ExtractionBudget,
  PayloadMeta,
  PayloadMetaChange,
  PayloadResults,
  PayloadView,
  RequestMeta,
  RequestView,
} from "./contract.ts";
import { nameCost, PAYLOAD_COST, plainCost, repeatedNameCost } from "./cost.ts";
import { type ErrorPlace, type StoqError, toErrorRecord } from "./errors.ts";
import type { Explainer } from "./explainer.ts";
import { isLoss, lossKey } from "./keeping.ts";
import type { Limits } from "./limits.ts";
import type { MemoryHold } from "./memory_budget.ts";
import type { Plain } from "./plain.ts";
import { ResponseBudget } from "./response_budget.ts";

const META_DEFAULTS: PayloadMeta = { shouldArchive: true, shouldScan: true, extraData: {}, dispatchTo: [] };

/** Fills in what a payload's finder left open. */
export function completeMeta(meta: Partial<PayloadMeta> = {}): PayloadMeta {
  return {
    shouldArchive: meta.shouldArchive ?? META_DEFAULTS.shouldArchive,
    shouldScan: meta.shouldScan ?? META_DEFAULTS.shouldScan,
    extraData: meta.extraData ?? META_DEFAULTS.extraData,
    dispatchTo: meta.dispatchTo ?? META_DEFAULTS.dispatchTo,
  };
}

/** What a payload starts with. */
export interface PayloadOrigin {
  readonly content: Uint8Array;
  readonly sha256: string;
  readonly payloadId: string;
  readonly payloadMeta: PayloadMeta;
  /** At least so many bytes long, but not read, so its content is empty. */
  readonly unreadBytes?: number;
  /** Parent payload and the worker that extracted it; absent for a payload of the initial request. */
  readonly parent?: { readonly payloadId: string; readonly worker: string };
}

/** One payload and everything that plugins said of it. */
export class PayloadState {
  readonly content: Uint8Array;
  readonly sha256: string;
  readonly payloadId: string;
  readonly isRoot: boolean;
  readonly dispatchMeta: Record<string, Plain> = {};
  /** Workers whose call has begun: nobody needs to ask for them again. */
  readonly startedWorkers = new Set<string>();
  /** Workers that ran, failed ones included. */
  readonly workersRun = new Set<string>();
  readonly failedWorkers = new Set<string>();
  /** Workers that can't run here; why is in the errors already. */
  readonly refusedWorkers = new Set<string>();
  /** Dispatchers that need not be asked again, each after its role: `dispatcher yara`. */
  readonly settledDispatchers = new Set<string>();
  /** Counts changes of what a dispatcher may base its decision on. */
  version = 0;
  /** Number of deep passes done. */
  deepPass = 0;

  readonly #unreadBytes: number | undefined;
  #meta: PayloadMeta;
  readonly #extractedFrom: string[] = [];
  readonly #extractedBy: string[] = [];
  readonly #workers: Record<string, Plain> = {};
  readonly #archivers: Record<string, Plain> = {};
  readonly #archiversRun: string[] = [];
  readonly #timings = new Map<string, number>();
  readonly #deepPasses: Record<string, number> = {};
  readonly #duplicates: DuplicateRecord[] = [];
  #results: PayloadResults | undefined;

  constructor(origin: PayloadOrigin) {
    this.content = origin.content;
    this.sha256 = origin.sha256;
    this.payloadId = origin.payloadId;
    this.isRoot = origin.parent === undefined;
    this.#unreadBytes = origin.unreadBytes;
    this.#meta = origin.payloadMeta;
    if (origin.parent) {
      this.#extractedFrom.push(origin.parent.payloadId);
      this.#extractedBy.push(origin.parent.worker);
    }
  }

  get meta(): PayloadMeta {
    return this.#meta;
  }

  get isRead(): boolean {
    return this.#unreadBytes === undefined;
  }

  get timesMetAgain(): number {
    return this.#duplicates.length;
  }

  changeMeta(change: PayloadMetaChange): void {
    this.#meta = {
      ...this.#meta,
      shouldArchive: change.shouldArchive ?? this.#meta.shouldArchive,
      extraData: change.extraData ? { ...this.#meta.extraData, ...change.extraData } : this.#meta.extraData,
    };
    this.#results = undefined;
  }

  /** Keeps a payload from being scanned at all. */
  refuseScan(): void {
    this.#meta = { ...this.#meta, shouldScan: false };
    this.#results = undefined;
  }

  /** Another finder of the same bytes wants them scanned. */
  allowScan(): void {
    this.#meta = { ...this.#meta, shouldScan: true };
    this.#results = undefined;
  }

  addWorkerRun(worker: string, results: Plain | undefined, deepPass: number): void {
    this.workersRun.add(worker);
    if (results !== undefined) this.#workers[worker] = results;
    if (deepPass > 0) this.#deepPasses[worker] = deepPass;
    this.version++;
    this.#results = undefined;
  }

  addArchiverRun(archiver: string, results: Plain | undefined): void {
    this.#archiversRun.push(archiver);
    if (results !== undefined) this.#archivers[archiver] = results;
    this.#results = undefined;
  }

  /** Adds to the time that a plugin took. @returns whether it is the plugin's first */
  addTime(plugin: string, ms: number): boolean {
    const before = this.#timings.get(plugin);
    this.#timings.set(plugin, roundMs((before ?? 0) + ms));
    this.#results = undefined;
    return before === undefined;
  }

  /** The same bytes came out again; the first finder's metadata stays. */
  addDuplicate(
    parent: { readonly payloadId: string; readonly worker: string },
    meta: PayloadMeta,
  ): void {
    this.#extractedFrom.push(parent.payloadId);
    this.#extractedBy.push(parent.worker);
    const { filename } = meta.extraData;
    this.#duplicates.push({
      filename: typeof filename === "string" ? filename : null,
      extractedFrom: parent.payloadId,
      extractedBy: parent.worker,
      extraData: meta.extraData,
    });
    this.#results = undefined;
  }

  /** A snapshot, the same object until something changes. */
  results(): PayloadResults {
    return this.#results ??= {
      sizeBytes: this.#unreadBytes ?? this.content.length,
      payloadId: this.payloadId,
      payloadMeta: this.#meta,
      pluginsRun: { workers: [...this.workersRun], archivers: [...this.#archiversRun] },
      extractedFrom: [...this.#extractedFrom],
      extractedBy: [...this.#extractedBy],
      workers: { ...this.#workers },
      archivers: { ...this.#archivers },
      sha256: this.#unreadBytes === undefined ? this.sha256 : null,
      timings: Object.fromEntries(this.#timings),
      ...(this.deepPass > 0 && { deepPasses: { ...this.#deepPasses } }),
      ...(this.#duplicates.length > 0 && { alsoSeenAs: [...this.#duplicates] }),
    };
  }

  view(): PayloadView {
    const results = this.results();
    return {
      content: this.content,
      sha256: this.sha256,
      payloadId: this.payloadId,
      payloadMeta: this.#meta,
      extractedFrom: results.extractedFrom,
      extractedBy: results.extractedBy,
      dispatchMeta: { ...this.dispatchMeta },
      results,
    };
  }
}

/** The request as it stood when a step of the rounds began, for all calls of the step. */
class RequestSnapshot {
  readonly #state: RequestState;
  readonly #payloadCount: number;
  readonly #errorCount: number;
  #results: readonly PayloadResults[] | undefined;

  constructor(state: RequestState) {
    this.#state = state;
    this.#payloadCount = state.payloads.length;
    this.#errorCount = state.errors.length;
  }

  /** Snapshots of all payloads, made when they are first asked for: before anything else is taken in. */
  results(): readonly PayloadResults[] {
    return this.#results ??= this.#state.payloads.slice(0, this.#payloadCount).map((state) =>
      state.results()
    );
  }

  errors(): readonly ErrorRecord[] {
    return this.#state.errors.slice(0, this.#errorCount);
  }
}

/** Who is told what happens to a request. */
export interface RequestListeners {
  /** Grows with what the request holds of memory. */
  readonly hold?: MemoryHold;
  readonly explainer?: Explainer;
  /** Is told of each error that is added. */
  readonly onError?: (error: ErrorRecord) => void;
}

/** A request while it is being scanned. */
export class RequestState {
  readonly requestMeta: RequestMeta;
  /** By first appearance. */
  readonly payloads: PayloadState[] = [];
  readonly errors: ErrorRecord[] = [];
  /** Every plugin that was called → its version. */
  readonly plugins = new Map<string, string>();
  /** Records why plugins run or don't; absent unless explanations were asked for. */
  readonly explainer: Explainer | undefined;
  readonly #bySha256 = new Map<string, PayloadState[]>();
  /** What the response may still hold. */
  readonly budget: ResponseBudget;
  readonly #limits: Limits;
  /** What dispatchers reported already. */
  readonly #reported = new Set<string>();
  /** Connectors and archivers of which a loss is listed. */
  readonly #losses = new Set<string>();
  /** Absent until a plugin is called in this step. */
  #snapshot: RequestSnapshot | undefined;
  readonly #onError: RequestListeners["onError"];
  readonly #listedMeta: RequestMeta;
  readonly #hold: MemoryHold | undefined;
  /** What of the response's cost the hold has counted. */
  #heldCost = 0;
  #extractedBytes = 0;
  #payloadCount = 0;

  constructor(
    requestMeta: Partial<RequestMeta> = {},
    limits: Limits,
    { explainer, onError, hold }: RequestListeners = {},
  ) {
    this.requestMeta = {
      archivePayloads: requestMeta.archivePayloads ?? true,
      source: requestMeta.source ?? null,
      extraData: requestMeta.extraData ?? {},
    };
    this.#limits = limits;
    this.budget = new ResponseBudget(limits);
    const cost = plainCost(this.requestMeta.extraData) + plainCost(this.requestMeta.source);
    this.#listedMeta = this.budget.take(cost)
      ? this.requestMeta
      : { ...this.requestMeta, source: null, extraData: {} };
    if (this.#listedMeta !== this.requestMeta) this.budget.leaveOut("request metadata", null);
    this.explainer = explainer;
    this.#onError = onError;
    this.#hold = hold;
  }

  /** The request's metadata as the response lists it: without what does not fit. */
  get listedMeta(): RequestMeta {
    return this.#listedMeta;
  }

  addError(error: StoqError, place: ErrorPlace = {}): void {
    this.addRecord(toErrorRecord(error, place));
  }

  /** Adds an error; one that there is no room for is counted, but for the first loss of each connector and archiver. */
  addRecord(record: ErrorRecord): void {
    if (this.wasReported(record)) return;
    const listed = this.isFirstLoss(record)
      ? this.budget.takeLoss(record)
      : this.budget.takeError(record)
      ? record
      : undefined;
    if (!listed) return;
    if (isOfDispatcher(record)) this.#reported.add(reportKey(record));
    if (isLoss(record)) this.#losses.add(lossKey(record));
    this.errors.push(listed);
    this.#onError?.(listed);
  }

  /** Whether an error is the first to say that its connector or archiver did not do its work, and so must be listed. */
  isFirstLoss(record: ErrorRecord): boolean {
    return isLoss(record) && !this.#losses.has(lossKey(record));
  }

  /** Whether an error repeats one that is listed: a dispatcher is asked again when results change, and may only repeat itself. */
  wasReported(record: ErrorRecord): boolean {
    return isOfDispatcher(record) && this.#reported.has(reportKey(record));
  }

  addPayload(payload: PayloadState): void {
    // The caller has counted the root payloads.
    if (!payload.isRoot) this.#hold?.grow(payload.content.length);
    this.payloads.push(payload);
    const twins = this.#bySha256.get(payload.sha256);
    if (twins) twins.push(payload);
    else this.#bySha256.set(payload.sha256, [payload]);
  }

  /** Takes room for one more record of a payload that was met again, if there is enough. */
  takeDuplicate(meta: PayloadMeta, worker: string): boolean {
    const hasRoom = this.budget.take(PAYLOAD_COST + plainCost(meta.extraData) + repeatedNameCost(meta));
    if (!hasRoom) this.budget.leaveOut("duplicates", worker);
    return hasRoom;
  }

  /** Gives back the room for the name that only a payload that was met again has twice. */
  giveBackName(meta: PayloadMeta): void {
    this.budget.charge(-repeatedNameCost(meta));
  }

  /** Returns a root payload's metadata, without what the response has no room for. */
  listedRootMeta(meta: PayloadMeta): PayloadMeta {
    const cost = plainCost(meta.extraData) + meta.dispatchTo.reduce((sum, name) => sum + nameCost(name), 0);
    if (this.budget.take(cost)) return meta;
    this.budget.leaveOut("metadata", null);
    return { ...meta, extraData: {}, dispatchTo: [] };
  }

  /** Payloads with the same bytes; more than one only when the initial request held duplicates. */
  twinsOf(sha256: string): readonly PayloadState[] {
    return this.#bySha256.get(sha256) ?? [];
  }

  /** Counts a payload against the limits, duplicates too: they cost time and memory as well. */
  spend(extractedBytes: number): void {
    this.budget.takePayload();
    this.#payloadCount++;
    this.#extractedBytes += extractedBytes;
  }

  /** What a call on this payload may still extract. */
  budgetFor(payload: PayloadState | undefined): ExtractionBudget {
    const { payloadBytes, extractedBytes, payloads, expansionRatio, expansionFloorBytes } = this.#limits;
    const expanded = payload
      ? Math.max(expansionFloorBytes, payload.content.length * expansionRatio)
      : Infinity;
    const left = Math.max(0, extractedBytes - this.#extractedBytes);
    const payloadsLeft = Math.max(0, payloads - this.#payloadCount);
    const listable = Math.max(0, this.budget.payloadsLeft);
    return {
      payloadBytes,
      extractedBytes: Math.min(left, expanded),
      isBoundByExpansion: expanded <= left,
      payloads: Math.min(payloadsLeft, listable),
      ...(listable < payloadsLeft && { isBoundByResponse: true }),
    };
  }

  /** Results of all payloads, with explanations if there are to be any and they fit, and all errors. */
  listed(): { readonly results: PayloadResults[]; readonly errors: ErrorRecord[] } {
    const { explainer, requestMeta, budget } = this;
    let room = budget.room;
    let unexplained = 0;
    const results = this.payloads.map((payload) => {
      if (!explainer) return payload.results();
      const explain = explainer.explain(payload, requestMeta);
      const cost = plainCost(explain as unknown as Plain);
      if (cost > room) {
        unexplained++;
        return payload.results();
      }
      room -= cost;
      return { ...payload.results(), explain };
    });
    return { results, errors: [...this.errors, ...budget.closingErrors(unexplained)] };
  }

  /** From here on plugins are shown the request as it stands now, until the next step begins. */
  beginStep(): void {
    this.#snapshot = undefined;
    this.reportCost();
  }

  /** Lets the hold know what the response costs by now. */
  reportCost(): void {
    const { spent } = this.budget;
    this.#hold?.grow(spent - this.#heldCost);
    this.#heldCost = spent;
  }

  /** The view that plugins get: snapshots are made when a plugin reads them, most don't. */
  view(payload?: PayloadState): RequestView {
    const snapshot = this.#snapshot ??= new RequestSnapshot(this);
    return new LiveRequestView(this.requestMeta, snapshot, this.budgetFor(payload));
  }
}

/**
 * What a plugin sees of a request. The getters are the same for all views: each object literal with getters has a hidden class of
 * its own, which keeps what they refer to, here the whole request, until the next full collection of garbage.
 */
class LiveRequestView implements RequestView {
  /** Properties of each object, as in an isolated plugin's view, so that copies have them too. */
  static readonly #getters: PropertyDescriptorMap & ThisType<LiveRequestView> = {
    errors: {
      enumerable: true,
      get() {
        return this.#snapshot.errors();
      },
    },
    results: {
      enumerable: true,
      get() {
        return [...this.#snapshot.results()];
      },
    },
  };

  declare readonly errors: readonly ErrorRecord[];
  declare readonly results: readonly PayloadResults[];
  readonly requestMeta: RequestMeta;
  readonly budget: ExtractionBudget;
  readonly #snapshot: RequestSnapshot;

  constructor(requestMeta: RequestMeta, snapshot: RequestSnapshot, budget: ExtractionBudget) {
    this.requestMeta = requestMeta;
    this.budget = budget;
    this.#snapshot = snapshot;
    Object.defineProperties(this, LiveRequestView.#getters);
  }
}

function isOfDispatcher({ role }: ErrorRecord): boolean {
  return role === "dispatcher" || role === "deep-dispatcher";
}

function reportKey({ payloadId, pluginName, code, error }: ErrorRecord): string {
  return [payloadId, pluginName, code, error].join("\n");
}

/** Microseconds are enough for anybody who reads a result. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
