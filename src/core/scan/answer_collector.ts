/**
 * Collects the outcomes of calls that are awaited together, and keeps of them no more than the request has room for.
 *
 * What does not fit is dropped as outcomes arrive, so that no more is held than what is left and the answers under way. Which parts
 * that are depends on their sizes and on the order of the calls, not on who answered first: the largest are cut first.
 *
 * @module
 */

import { type CallOutcome, recordsOf } from "./plugin_call.ts";
import type { ErrorRecord, ExtractionBudget } from "../contract/contract.ts";
import { errorCost, nameCost, NODE_COST, plainCost, repeatedNameCost } from "./cost.ts";
import type { ScanEnvironment } from "./environment.ts";
import { briefFailure, briefRecord, neverRan, type StoqError } from "../contract/errors.ts";
import { callLeftOut, extractionLimited, type LeftOut } from "../contract/limit_errors.ts";
import { extractionErrors, limitExtraction } from "./extraction.ts";
import { FairLimit, type Share } from "./fair_limit.ts";
import type { Answer } from "./answer_reader.ts";
import type { ExtractedPayload } from "./value_reader.ts";
import { isLoss, lossKey } from "../contract/keeping.ts";
import type { Plain, PlainRecord } from "../contract/plain.ts";
import type { PayloadState } from "./payload_state.ts";
import type { RequestState } from "./request_state.ts";

/** An outcome of which what does not fit has been cut. */
export interface CollectedOutcome extends CallOutcome {
  /** Everything that went wrong in the call. */
  readonly records: readonly ErrorRecord[];
  /** What was left out of it, each with its number. */
  readonly cuts: readonly StoqError[];
}

/** What a call is about. */
export interface CalledAbout {
  readonly payload?: PayloadState;
  /** What the call was allowed to extract; absent for roles that extract nothing. */
  readonly budget?: ExtractionBudget;
}

/** Kinds of lists of which a call's answer may be kept in part. */
type ListKind = "findings" | "indicators";

/** A list of an answer, of which the first items are kept. */
interface CollectedList {
  readonly kind: ListKind;
  readonly costs: ArrayLike<number>;
  readonly shares: readonly Share[];
}

/** What lists may use of a step's room: they are cut to fit exactly, and the results of later steps need room as well. */
const LISTS_PART = 2 / 3;

/** Places of one call's data among those of a step. */
const ORDERS = 5;

/** Kinds of data that a call's answer holds, and that are kept or left out each as a whole. */
type DataKind = "results" | "metadata";

const NOTHING_LOST: ReadonlyMap<DataKind, number> = new Map();
const NOTHING_LEFT_OUT: LeftOut = { payloads: 0, bytes: 0 };

/** One outcome, while others arrive. */
class Collected {
  readonly outcome: CallOutcome;
  readonly about: CalledAbout;
  /** Those that are kept. */
  readonly records: ErrorRecord[];
  /** Codes of all, also of those that have been dropped. */
  codes: readonly string[] = [];
  /** The first of them that says that the plugin did not do its work, and its place. */
  loss: { readonly record: ErrorRecord; readonly index: number } | undefined;
  errorsByCount: Share | undefined;
  errorsByCost: Share | undefined;
  extracted: ExtractedPayload[] = [];
  /** Sizes of all that was extracted, also of what has been dropped. */
  sizes: ArrayLike<number> = [];
  byCount: Share | undefined;
  byBytes: Share | undefined;
  /** Costs of what was left out. */
  lost: ReadonlyMap<DataKind, number> = NOTHING_LOST;
  /** What its results and metadata cost that are kept. */
  cost = 0;
  readonly lists: CollectedList[] = [];
  /** What the call's own budget kept out. */
  overPayloads: LeftOut = NOTHING_LEFT_OUT;
  overBytes: LeftOut = NOTHING_LEFT_OUT;
  extractedMetadata: Share | undefined;
  metadataCosts: ArrayLike<number> = [];

  constructor(outcome: CallOutcome, about: CalledAbout, records: ErrorRecord[]) {
    this.outcome = outcome;
    this.about = about;
    this.records = records;
  }

  get place() {
    const { plugin: pluginName, role } = this.outcome;
    return { pluginName, role, payloadId: this.about.payload?.payloadId };
  }
}

/** Collects the outcomes of one step. */
export class AnswerCollector {
  readonly #environment: ScanEnvironment;
  readonly #state: RequestState;
  readonly #collected: Collected[] = [];
  // Made when there is something to share: most steps of most requests have neither errors nor extracted payloads.
  #errorLimits: { readonly count: FairLimit; readonly cost: FairLimit } | undefined;
  #extractionLimits: { readonly payloads: FairLimit; readonly bytes: FairLimit } | undefined;
  #data: FairLimit | undefined;
  #lists: FairLimit | undefined;
  /** Roles and plugins that lost something, as far as {@link finish} has come. */
  readonly #lost = new Set<string>();

  /** Collects for a request as it stands: nothing else may be applied to it before {@link finish}. */
  constructor(environment: ScanEnvironment, state: RequestState) {
    this.#environment = environment;
    this.#state = state;
  }

  /** Takes the outcome of the call with this number. */
  add(index: number, outcome: CallOutcome, about: CalledAbout): void {
    const { budget, payload } = about;
    const limited = budget && limitExtraction(outcome.answer.extracted, budget);
    const { role, failure } = outcome;
    // The rounds refuse a worker that was not reached, and report that themselves.
    const isRefused = role === "worker" && failure !== undefined && neverRan(failure);
    const records = isRefused
      ? []
      : recordsOf(outcome, payload, limited?.tooLarge).filter((record) => !this.#state.wasReported(record));
    const bare: CallOutcome = {
      ...outcome,
      answer: { ...outcome.answer, extracted: [], failures: [] },
      failure: failure && (isRefused ? failure : briefFailure(failure)),
      hostFailures: [],
    };
    const collected = new Collected(bare, about, records);
    this.#collected[index] = collected;
    this.#addErrors(index, collected);
    this.#addData(index, collected);
    this.#addLists(index, collected, { findings: bare.findings, indicators: bare.answer.indicators });
    if (!limited) return;
    collected.overPayloads = limited.overPayloads;
    collected.overBytes = limited.overBytes;
    if (limited.kept.length > 0) this.#addExtracted(index, collected, [...limited.kept]);
  }

  /** All outcomes in the order of the calls; what they hold is taken off what the request has left. */
  finish(): CollectedOutcome[] {
    return this.#collected.map((collected) => {
      this.#countErrors(collected, this.#restoreLoss(collected));
      const cuts = this.#cutsOf(collected);
      const { records, extracted, lists } = collected;
      let { outcome } = collected;
      for (const list of lists) outcome = keepFirst(outcome, list.kind, keptOf(list));
      this.#state.budget.charge(this.#keptCost(collected));
      return { ...outcome, answer: { ...outcome.answer, extracted }, records, cuts };
    });
  }

  #addErrors(index: number, collected: Collected): void {
    const { records } = collected;
    if (records.length === 0) return;
    const drop = (kept: number) => void records.splice(kept);
    collected.codes = records.map(({ code }) => code);
    const lossIndex = records.findIndex(isLoss);
    if (lossIndex >= 0) collected.loss = { record: briefRecord(records[lossIndex]!), index: lossIndex };
    const costs = Float64Array.from(records, errorCost);
    const { budget } = this.#state;
    const { count, cost } = this.#errorLimits ??= {
      count: new FairLimit(budget.errorsLeft),
      cost: new FairLimit(budget.errorStepRoom),
    };
    collected.errorsByCount = count.add(index, new Uint8Array(costs.length).fill(1), drop);
    collected.errorsByCost = cost.add(index, costs, drop);
  }

  /**
   * Puts back the loss that was cut of the first call in which an archiver lost something: else the request would count as kept.
   *
   * @returns its place among the call's errors
   */
  #restoreLoss({ loss, records }: Collected): number | undefined {
    if (!loss) return undefined;
    const { record, index } = loss;
    const key = lossKey(record);
    if (!this.#state.isFirstLoss(record) || this.#lost.has(key)) return undefined;
    this.#lost.add(key);
    if (records.some(isLoss)) return undefined;
    records.push(record);
    return index;
  }

  /** Counts errors that were cut: when it is done, so that it does not matter which limit cut one first. */
  #countErrors({ codes, errorsByCount, errorsByCost }: Collected, restored: number | undefined): void {
    const { budget } = this.#state;
    const mostByCount = errorsByCount?.kept ?? 0;
    for (let index = Math.min(errorsByCost?.kept ?? 0, mostByCount); index < codes.length; index++) {
      if (index === restored) continue;
      if (index < mostByCount) budget.leaveOut("errors", codes[index]!);
      else budget.errorOverCount(codes[index]!);
    }
  }

  #addData(index: number, collected: Collected): void {
    const { answer } = collected.outcome as { answer: Mutable<Answer> };
    const { extraData } = answer.payloadMeta;
    this.#addKind(
      "results",
      ORDERS * index,
      collected,
      dataCost(answer.results),
      () => answer.results = undefined,
    );
    this.#addKind(
      "metadata",
      ORDERS * index + 1,
      collected,
      dataCost(answer.meta) + dataCost(extraData),
      () => {
        answer.meta = undefined;
        answer.payloadMeta = { ...answer.payloadMeta, extraData: undefined };
      },
    );
  }

  /** Adds lists of which the first items are kept, as far as there is room. */
  #addLists(
    index: number,
    collected: Collected,
    lists: { readonly [K in ListKind]: readonly object[] },
  ): void {
    for (const [number, kind] of (["findings", "indicators"] as const).entries()) {
      const costs = Float64Array.from(lists[kind], (item) => NODE_COST + dataCost(item as PlainRecord));
      if (costs.length === 0) continue;
      const order = ORDERS * index + 3 + number;
      const shares = [this.#listLimit.add(order, costs), this.#dataLimit.add(order, costs)];
      collected.lists.push({ kind, costs, shares });
    }
  }

  #addKind(kind: DataKind, order: number, collected: Collected, cost: number, drop: () => void): void {
    if (cost === 0) return;
    collected.cost += cost;
    this.#dataLimit.add(order, [cost], () => {
      collected.lost = new Map([...collected.lost, [kind, cost]]);
      collected.cost -= cost;
      drop();
    });
  }

  #addExtracted(index: number, collected: Collected, extracted: ExtractedPayload[]): void {
    collected.extracted = extracted;
    collected.sizes = Float64Array.from(extracted, ({ content }) => content.length);
    collected.metadataCosts = Float64Array.from(extracted, metadataCost);
    const drop = (kept: number) => void extracted.splice(kept);
    const left = this.#state.budgetFor(undefined);
    const { payloads, bytes } = this.#extractionLimits ??= {
      payloads: new FairLimit(left.payloads),
      bytes: new FairLimit(left.extractedBytes),
    };
    collected.byCount = payloads.add(index, new Uint8Array(extracted.length).fill(1), drop);
    collected.byBytes = bytes.add(index, collected.sizes, drop);
    collected.extractedMetadata = this.#dataLimit.add(ORDERS * index + 2, collected.metadataCosts, (kept) => {
      const payload = extracted[kept];
      if (payload) extracted[kept] = withoutMetadata(payload);
    });
  }

  get #listLimit(): FairLimit {
    return this.#lists ??= new FairLimit(this.#state.budget.stepRoom * LISTS_PART);
  }

  get #dataLimit(): FairLimit {
    return this.#data ??= new FairLimit(this.#state.budget.stepRoom);
  }

  #keptCost({ cost: kept, extracted, extractedMetadata, metadataCosts, lists }: Collected): number {
    let cost = kept;
    const count = Math.min(extracted.length, extractedMetadata?.kept ?? 0);
    for (let index = 0; index < count; index++) cost += metadataCosts[index]!;
    for (const list of lists) {
      for (let index = 0; index < keptOf(list); index++) cost += list.costs[index]!;
    }

    return cost;
  }

  /** Errors that say what was cut, once it is known. */
  #cutsOf(collected: Collected): StoqError[] {
    const { lost, place } = collected;
    const { budget } = this.#state;
    const phrases = [...lost].map(([kind, cost]) => `${kind} (cost ${cost})`);
    for (const kind of lost.keys()) budget.leaveOut(kind, place.pluginName);
    const bare = this.#metadataLost(collected);
    if (bare > 0) {
      phrases.push(`metadata of ${bare} extracted payloads`);
      budget.leaveOut("metadata", place.pluginName, bare);
    }
    for (const list of collected.lists) {
      const { kind, costs } = list;
      const leftOut = costs.length - keptOf(list);
      if (leftOut === 0) continue;
      phrases.push(`${leftOut} ${kind}`);
      budget.leaveOut(kind, place.pluginName, leftOut);
    }
    const { responseCost } = this.#environment.limits;
    return [
      ...this.#extractionCuts(collected),
      ...phrases.length > 0 ? [callLeftOut(phrases, responseCost)] : [],
    ];
  }

  /** How many payloads came in without their metadata. */
  #metadataLost({ extracted, extractedMetadata, metadataCosts }: Collected): number {
    let count = 0;
    for (let index = extractedMetadata?.kept ?? 0; index < extracted.length; index++) {
      if (metadataCosts[index]! > 0) count++;
    }
    return count;
  }

  #extractionCuts(collected: Collected): StoqError[] {
    const { sizes, byCount, byBytes, about, place } = collected;
    if (!about.budget) return [];
    const countKept = byCount?.kept ?? 0;
    const bytesKept = Math.min(byBytes?.kept ?? 0, countKept);
    const overPayloads = addUp(collected.overPayloads, sizes, countKept, sizes.length);
    if (about.budget.isBoundByResponse && overPayloads.payloads > 0) {
      this.#state.budget.leaveOut("payloads", place.pluginName, overPayloads.payloads);
    }
    const { limits } = this.#environment;
    const cutBytes = addUp(NOTHING_LEFT_OUT, sizes, bytesKept, countKept);
    // What the expansion ratio kept out is another matter than what the round has no room for.
    const isSame = !about.budget.isBoundByExpansion;
    const overBytes = isSame ? addUp(collected.overBytes, sizes, bytesKept, countKept) : collected.overBytes;
    const errors = extractionErrors({ tooLarge: [], overPayloads, overBytes }, about.budget, limits);
    if (!isSame && cutBytes.payloads > 0) {
      errors.push(extractionLimited("extracted_bytes", cutBytes, limits.extractedBytes));
    }
    return errors;
  }
}

function keptOf({ shares }: CollectedList): number {
  return Math.min(...shares.map(({ kept }) => kept));
}

/** Returns the outcome with the first items of a list alone. */
function keepFirst(outcome: CallOutcome, kind: ListKind, count: number): CallOutcome {
  if (kind === "findings") return { ...outcome, findings: outcome.findings.slice(0, count) };
  return { ...outcome, answer: { ...outcome.answer, indicators: outcome.answer.indicators.slice(0, count) } };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What was left out, and the parts in a range. */
function addUp({ payloads, bytes }: LeftOut, sizes: ArrayLike<number>, from: number, to: number): LeftOut {
  let sum = bytes;
  for (let index = from; index < to; index++) sum += sizes[index]!;
  return { payloads: payloads + to - from, bytes: sum };
}

/** The cost of data that may be absent; empty records are in the payload's own entry. */
function dataCost(data: Plain | PlainRecord | undefined): number {
  return data === undefined ? 0 : plainCost(data);
}

/** As if the payload were one that was met before, which has its name twice. */
function metadataCost({ payloadMeta }: ExtractedPayload): number {
  const { extraData, dispatchTo } = payloadMeta;
  const names = dispatchTo?.reduce((sum, name) => sum + nameCost(name), 0) ?? 0;
  return names + dataCost(extraData) + repeatedNameCost(payloadMeta);
}

function withoutMetadata({ content, payloadMeta }: ExtractedPayload): ExtractedPayload {
  const { extraData: _, dispatchTo: __, ...flags } = payloadMeta;
  return { content, payloadMeta: flags };
}
