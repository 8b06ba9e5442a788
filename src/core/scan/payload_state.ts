/**
 * What is known of one payload while its request is being scanned.
 *
 * @module
 */

import type {
  DuplicateRecord,
  PayloadMeta,
  PayloadMetaChange,
  PayloadResults,
  PayloadView,
} from "../contract/contract.ts";
import type { ReportedBlindSpot } from "../contract/blind_spots.ts";
import type { Finding } from "../contract/findings.ts";
import type { Indicator } from "../contract/indicators.ts";
import type { Plain } from "../contract/plain.ts";

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

/** What one worker reported of a payload beside its results. */
export interface PayloadAnnotations {
  readonly findings: readonly Finding[];
  /** None that another worker reported before. */
  readonly indicators: readonly Indicator[];
  readonly blindSpots: readonly ReportedBlindSpot[];
}

/** One payload and everything that plugins said of it. */
export class PayloadState {
  readonly content: Uint8Array;
  readonly sha256: string;
  readonly payloadId: string;
  readonly isRoot: boolean;
  readonly dispatchMeta: Record<string, Plain> = {};
  /** Workers whose call has begun. */
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
  /** What a worker identified it as. */
  mediaType: string | undefined;
  /** Workers that had an answer. */
  readonly answeredWorkers = new Set<string>();

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
  readonly #annotations = new Map<string, PayloadAnnotations>();
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

  /** Sets what a worker reported beside its results, in place of what it reported before. */
  setAnnotations(worker: string, annotations: PayloadAnnotations): void {
    this.#annotations.set(worker, annotations);
    this.#results = undefined;
  }

  /** What workers reported beside their results, in the order in which they finished. */
  get annotations(): ReadonlyMap<string, PayloadAnnotations> {
    return this.#annotations;
  }

  /** Whether a worker has extracted it from a payload before. */
  wasExtracted(parentId: string, worker: string): boolean {
    return this.#extractedFrom.some((id, index) => id === parentId && this.#extractedBy[index] === worker);
  }

  get parentIds(): readonly string[] {
    return this.#extractedFrom;
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
      ...listed("findings", this.#annotationsOf("findings")),
      ...listed("indicators", this.#annotationsOf("indicators")),
      ...(this.deepPass > 0 && { deepPasses: { ...this.#deepPasses } }),
      ...(this.#duplicates.length > 0 && { alsoSeenAs: [...this.#duplicates] }),
    };
  }

  #annotationsOf<K extends "findings" | "indicators">(kind: K): PayloadAnnotations[K][number][] {
    const all: PayloadAnnotations[K][number][] = [];
    for (const annotations of this.#annotations.values()) {
      for (const item of annotations[kind]) all.push(item);
    }
    return all;
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

/** Rounds milliseconds to microseconds. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function listed<K extends string, T>(key: K, items: readonly T[]): { readonly [P in K]?: readonly T[] } {
  return items.length === 0 ? {} : { [key]: items } as { readonly [P in K]: readonly T[] };
}
