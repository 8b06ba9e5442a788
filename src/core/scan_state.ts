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
import { type ErrorPlace, type StoqError, toErrorRecord } from "./errors.ts";
import type { Explainer } from "./explainer.ts";
import type { Limits } from "./limits.ts";
import type { Plain } from "./plain.ts";

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

  addTime(plugin: string, ms: number): void {
    this.#timings.set(plugin, roundMs((this.#timings.get(plugin) ?? 0) + ms));
    this.#results = undefined;
  }

  /** The same bytes came out again; the first finder's metadata stays. */
  addDuplicate(parent: { readonly payloadId: string; readonly worker: string }, meta: PayloadMeta): void {
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
  /** Is told why plugins run or don't; absent where nobody wants to know. */
  readonly explainer: Explainer | undefined;
  readonly #bySha256 = new Map<string, PayloadState[]>();
  readonly #limits: Limits;
  /** What dispatchers reported already. */
  readonly #reported = new Set<string>();
  /** Absent until a plugin is called in this step. */
  #snapshot: RequestSnapshot | undefined;
  readonly #onError: RequestListeners["onError"];
  #extractedBytes = 0;
  #payloadCount = 0;

  constructor(
    requestMeta: Partial<RequestMeta> = {},
    limits: Limits,
    { explainer, onError }: RequestListeners = {},
  ) {
    this.requestMeta = {
      archivePayloads: requestMeta.archivePayloads ?? true,
      source: requestMeta.source ?? null,
      extraData: requestMeta.extraData ?? {},
    };
    this.#limits = limits;
    this.explainer = explainer;
    this.#onError = onError;
  }

  addError(error: StoqError, place: ErrorPlace = {}): void {
    const record = toErrorRecord(error, place);
    // A dispatcher is asked again when results change, and may only repeat itself.
    if (place.role?.endsWith("dispatcher")) {
      const key = [record.payloadId, record.pluginName, record.code, record.error].join("\n");
      if (this.#reported.has(key)) return;
      this.#reported.add(key);
    }
    this.errors.push(record);
    this.#onError?.(record);
  }

  addPayload(payload: PayloadState): void {
    this.payloads.push(payload);
    const twins = this.#bySha256.get(payload.sha256);
    if (twins) twins.push(payload);
    else this.#bySha256.set(payload.sha256, [payload]);
  }

  /** Payloads with the same bytes; more than one only when the initial request held duplicates. */
  twinsOf(sha256: string): readonly PayloadState[] {
    return this.#bySha256.get(sha256) ?? [];
  }

  /** Counts a payload against the limits, duplicates too: they cost time and memory as well. */
  spend(extractedBytes: number): void {
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
    return {
      payloadBytes,
      extractedBytes: Math.min(left, expanded),
      isBoundByExpansion: expanded <= left,
      payloads: Math.max(0, payloads - this.#payloadCount),
    };
  }

  /** Results of all payloads, with explanations if there are to be any. */
  explained(): PayloadResults[] {
    const { explainer, requestMeta } = this;
    return this.payloads.map((payload) => (
      explainer
        ? { ...payload.results(), explain: explainer.explain(payload, requestMeta) }
        : payload.results()
    ));
  }

  /** From here on plugins are shown the request as it stands now, until the next step begins. */
  beginStep(): void {
    this.#snapshot = undefined;
  }

  /** To be called within a step, before answers are applied while others of its calls are still to be made. */
  keepSnapshot(): void {
    (this.#snapshot ??= new RequestSnapshot(this)).results();
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

/** Microseconds are enough for anybody who reads a result. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
