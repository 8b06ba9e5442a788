/**
 * What is known of a request while it is being scanned.
 *
 * @module
 */

import type {
  ErrorRecord,
  Explanation,
  ExtractionBudget,
  PayloadMeta,
  PayloadResults,
  RequestMeta,
  RequestView,
} from "../contract/contract.ts";
import { type ErrorPlace, type StoqError, toErrorRecord } from "../contract/errors.ts";
import { isLoss, lossKey } from "../contract/keeping.ts";
import type { Limits } from "../contract/limits.ts";
import type { Plain } from "../contract/plain.ts";
import type { Finding } from "../contract/findings.ts";
import type { Indicator } from "../contract/indicators.ts";
import { LIMIT_PREFIX } from "../contract/limit_errors.ts";
import type { PasswordCandidate } from "../contract/passwords.ts";
import type { Answer } from "./answer_reader.ts";
import { BlindSpotGroups } from "./blind_spot_groups.ts";
import { PasswordCandidates, passwordsIn } from "./password_candidates.ts";
import { nameCost, PAYLOAD_COST, plainCost, repeatedNameCost } from "./cost.ts";
import type { MemoryHold } from "./memory_budget.ts";
import type { PayloadState } from "./payload_state.ts";
import { LiveRequestView, RequestSnapshot } from "./request_view.ts";
import { ResponseBudget } from "./response_budget.ts";

/** Key of a request's extra_data under which a sender gives passwords. */
const PASSWORDS_KEY = "passwords";

/** Indicators of one payload and of one response. */
const MAX_INDICATORS = { payload: 1_000, response: 10_000 };

/** Options and listeners of a request. */
export interface RequestListeners {
  /** Candidates of the user beside those in the request's metadata. */
  readonly passwords?: readonly string[];
  /** Grows with what the request holds of memory. */
  readonly hold?: MemoryHold;
  /** Receives each error that is listed. */
  readonly onError?: (error: ErrorRecord) => void;
}

/** What a worker reported beside its results. */
export interface ReportedAnnotations {
  readonly answer: Pick<Answer, "indicators" | "blindSpots" | "mediaType">;
  readonly findings: readonly Finding[];
}

/** What a view shows of a request beside what all views show. */
export interface ViewOptions {
  readonly resume?: Plain;
  /** Whether the plugin may read the bytes of parents and siblings. */
  readonly hasFamily?: boolean;
}

const NO_PASSWORDS: readonly PasswordCandidate[] = [];

/** A request while it is being scanned. */
export class RequestState {
  readonly requestMeta: RequestMeta;
  /** By first appearance. */
  readonly payloads: PayloadState[] = [];
  /** Replaced, never shortened: plugins may still read it. */
  errors: ErrorRecord[] = [];
  /** What the scan did not look into. */
  readonly blindSpots = new BlindSpotGroups();
  readonly passwords: PasswordCandidates;
  /** Every plugin that was called → its version. */
  readonly plugins = new Map<string, string>();
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
  #indicatorCount = 0;

  constructor(
    requestMeta: Partial<RequestMeta> = {},
    limits: Limits,
    { onError, hold, passwords = [] }: RequestListeners = {},
  ) {
    this.requestMeta = {
      archivePayloads: requestMeta.archivePayloads ?? true,
      source: requestMeta.source ?? null,
      extraData: requestMeta.extraData ?? {},
    };
    this.#limits = limits;
    this.passwords = new PasswordCandidates([
      ...passwords,
      ...passwordsIn(this.requestMeta.extraData[PASSWORDS_KEY]),
    ]);
    this.budget = new ResponseBudget(limits);
    const cost = plainCost(this.requestMeta.extraData) + plainCost(this.requestMeta.source);
    this.#listedMeta = this.budget.take(cost)
      ? this.requestMeta
      : { ...this.requestMeta, source: null, extraData: {} };
    if (this.#listedMeta !== this.requestMeta) this.budget.leaveOut("request metadata", null);
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
    if (record.code.startsWith(LIMIT_PREFIX)) this.blindSpots.add(record.code, record);
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

  /** Removes the errors of a worker about a payload: its later answer replaces the one that had them. */
  withdrawErrors(payload: PayloadState, worker: string): void {
    const { payloadId } = payload;
    this.errors = this.errors.filter((error) =>
      error.payloadId !== payloadId || error.pluginName !== worker || error.role !== "worker"
    );
  }

  /** Applies what a worker reported beside its results. @returns how many indicators were left out */
  applyAnnotations(payload: PayloadState, worker: string, { answer, findings }: ReportedAnnotations): number {
    const known = new Set<string>();
    for (const [other, { indicators }] of payload.annotations) {
      if (other === worker) this.#indicatorCount -= indicators.length;
      else for (const { kind, value } of indicators) known.add(`${kind} ${value}`);
    }
    const indicators: Indicator[] = [];
    let leftOut = 0;
    for (const indicator of answer.indicators) {
      const key = `${indicator.kind} ${indicator.value}`;
      if (known.has(key)) continue;
      if (known.size >= MAX_INDICATORS.payload || this.#indicatorCount >= MAX_INDICATORS.response) {
        leftOut++;
        continue;
      }
      known.add(key);
      this.#indicatorCount++;
      indicators.push(indicator);
    }
    payload.setAnnotations(worker, { findings, indicators, blindSpots: answer.blindSpots });
    if (answer.mediaType !== undefined) payload.mediaType = answer.mediaType;
    return leftOut;
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
    this.passwords.addPayload(payload);
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
  listed(
    explain?: (payload: PayloadState) => readonly Explanation[],
  ): { readonly results: PayloadResults[]; readonly errors: ErrorRecord[] } {
    const { budget } = this;
    let room = budget.room;
    let unexplained = 0;
    const results = this.payloads.map((payload) => {
      if (!explain) return payload.results();
      const explanations = explain(payload);
      const cost = plainCost(explanations as unknown as Plain);
      if (cost > room) {
        unexplained++;
        return payload.results();
      }
      room -= cost;
      return { ...payload.results(), explain: explanations };
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
  view(payload?: PayloadState, { resume, hasFamily = false }: ViewOptions = {}): RequestView {
    const snapshot = this.#snapshot ??= new RequestSnapshot(this);
    return new LiveRequestView(snapshot, {
      requestMeta: this.requestMeta,
      budget: this.budgetFor(payload),
      passwords: payload ? this.passwords.for(payload) : NO_PASSWORDS,
      resume,
      content: payload && hasFamily ? (id) => this.#contentOfRelative(payload, id) : undefined,
    });
  }

  /** Returns the bytes of a parent or sibling of a payload. */
  #contentOfRelative(payload: PayloadState, payloadId: string): Uint8Array | undefined {
    const relative = this.payloads.find((other) => other.payloadId === payloadId);
    if (!relative || !relative.isRead) return undefined;
    const isSibling = relative.parentIds.some((id) => payload.parentIds.includes(id)) ||
      (payload.isRoot && relative.isRoot);
    return isSibling || payload.parentIds.includes(payloadId) ? relative.content : undefined;
  }
}

function isOfDispatcher({ role }: ErrorRecord): boolean {
  return role === "dispatcher" || role === "deep-dispatcher";
}

function reportKey({ payloadId, pluginName, code, error }: ErrorRecord): string {
  return [payloadId, pluginName, code, error].join("\n");
}
