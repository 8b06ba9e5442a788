/**
 * What one response may still hold, and what was left out of it.
 *
 * The cost is set aside in parts, so that no plugin can use up what others need: one for the payloads' own entries, one for errors, the
 * rest for everything that plugins and finders say. The records that say what was left out have room of their own.
 *
 * @module
 */

import type { ErrorRecord } from "../contract/contract.ts";
import { errorCost, PAYLOAD_COST } from "./cost.ts";
import { briefRecord, toErrorRecord } from "../contract/errors.ts";
import { errorsLeftOut, leftOutOfResponse } from "../contract/limit_errors.ts";
import type { Limits } from "../contract/limits.ts";

/** Most that is set aside for the entries of payloads, as a part of the whole; fewer payloads need less. */
const PAYLOADS_PART = 2 / 5;

/** What is set aside for errors, as a part of the whole. */
const ERRORS_PART = 3 / 16;

/** What is set aside for the response's own keys and the records that close it, as a part of the whole and at most. */
const CLOSING_PART = 1 / 16;
const CLOSING_COST = 20_000;

/** What one step may use of what is left. */
const STEP_PART = 3 / 4;

/** Different codes and plugins that are counted apart. */
const MAX_COUNTED_APART = 20;

/** What of a response may be left out for its cost. */
export type LeftOutKind =
  | "results"
  | "findings"
  | "indicators"
  | "metadata"
  | "payloads"
  | "duplicates"
  | "errors"
  | "request metadata";

const PHRASE_OF: { readonly [K in LeftOutKind]: (count: number) => string } = {
  "results": (count) => `results of ${count} calls`,
  "findings": (count) => `${count} findings`,
  "indicators": (count) => `${count} indicators`,
  "metadata": (count) => `metadata of ${count} payloads or calls`,
  "payloads": (count) => `${count} payloads`,
  "duplicates": (count) => `${count} entries of also_seen_as`,
  "errors": (count) => `${count} errors`,
  "request metadata": () => "metadata of the request",
};

/** Counts by word, those that come late together. */
class Tally {
  readonly #counts = new Map<string, number>();
  #others = 0;
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(word: string, count = 1): void {
    this.#total += count;
    const known = this.#counts.get(word);
    if (known !== undefined || this.#counts.size < MAX_COUNTED_APART) {
      this.#counts.set(word, (known ?? 0) + count);
    } else this.#others += count;
  }

  /** `plugin-error 5, limit-payload-bytes 2`. */
  toString(): string {
    const counts = [...this.#counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map((
      [word, count],
    ) => `${word} ${count}`);
    return [...counts, ...this.#others > 0 ? [`others ${this.#others}`] : []].join(", ");
  }
}

/** The budget of one response. */
export class ResponseBudget {
  readonly #limits: Pick<Limits, "responseCost" | "errors">;
  #payloadRoom: number;
  #errorRoom: number;
  #room: number;
  #errors = 0;
  #spent = 0;
  /** Left out because of the number of errors, by code. */
  #errorsOverCount: Tally | undefined;
  /** Left out because of the cost: kind → by plugin, or by code of errors. */
  readonly #leftOut = new Map<LeftOutKind, Tally>();

  constructor(limits: Pick<Limits, "responseCost" | "errors" | "payloads">) {
    const { responseCost, payloads } = limits;
    this.#limits = limits;
    this.#payloadRoom = Math.min(payloads * PAYLOAD_COST, responseCost * PAYLOADS_PART);
    this.#errorRoom = responseCost * ERRORS_PART;
    const closing = Math.min(responseCost * CLOSING_PART, CLOSING_COST);
    this.#room = responseCost === Infinity
      ? Infinity
      : responseCost - this.#payloadRoom - this.#errorRoom - closing;
  }

  /** What the response costs by now. */
  get spent(): number {
    return this.#spent;
  }

  /** What everything but payloads' own entries and errors may still cost. */
  get room(): number {
    return Math.max(0, this.#room);
  }

  /** What of that one step may use: something is always left for the small results of later steps. */
  get stepRoom(): number {
    return this.room * STEP_PART;
  }

  /** Gives what was set aside for payloads to the rest: no more come. */
  endPayloads(): void {
    this.#room += Math.max(0, this.#payloadRoom);
    this.#payloadRoom = 0;
  }

  /** What errors of one step may cost: something is always left for the records of what the step left out, and for later steps. */
  get errorStepRoom(): number {
    return this.#errorRoom * STEP_PART;
  }

  /** How many errors there may still be. */
  get errorsLeft(): number {
    return this.#limits.errors - this.#errors;
  }

  /** How many payloads there is room for. */
  get payloadsLeft(): number {
    return this.#payloadRoom === Infinity ? Infinity : Math.floor(this.#payloadRoom / PAYLOAD_COST);
  }

  /** Takes the room of a payload's entry, whether or not there is any: ask before. */
  takePayload(): void {
    this.#payloadRoom -= PAYLOAD_COST;
    this.#spent += PAYLOAD_COST;
  }

  /** Takes room for something if there is enough. */
  take(cost: number): boolean {
    if (cost > this.#room) return false;
    this.charge(cost);
    return true;
  }

  /** Takes room for what is never left out: names of plugins that ran, and their times. */
  charge(cost: number): void {
    this.#room -= cost;
    this.#spent += cost;
  }

  /** Takes room for an error if there is enough; one that does not fit is counted. */
  takeError(record: ErrorRecord): boolean {
    if (this.errorsLeft <= 0) {
      this.errorOverCount(record.code);
      return false;
    }
    const cost = errorCost(record);
    if (cost > this.#errorRoom) {
      this.leaveOut("errors", record.code);
      return false;
    }
    this.#chargeError(cost);
    return true;
  }

  /**
   * Takes room for an error that is listed in any case: without it a file would count as kept that is not.
   *
   * @returns the error as it is listed, shortened where there is no room for it
   */
  takeLoss(record: ErrorRecord): ErrorRecord {
    const hasRoom = this.errorsLeft > 0 && errorCost(record) <= this.#errorRoom;
    const listed = hasRoom ? record : briefRecord(record);
    this.#chargeError(errorCost(listed));
    return listed;
  }

  #chargeError(cost: number): void {
    this.#errors++;
    this.#errorRoom -= cost;
    this.#spent += cost;
  }

  /** Counts an error that is left out because there are too many. */
  errorOverCount(code: string): void {
    (this.#errorsOverCount ??= new Tally()).add(code);
  }

  /** Counts what is left out because of its cost. @param word name of the plugin, or code of the error */
  leaveOut(kind: LeftOutKind, word: string | null, count = 1): void {
    let tally = this.#leftOut.get(kind);
    if (!tally) this.#leftOut.set(kind, tally = new Tally());
    tally.add(word ?? "the request", count);
  }

  /**
   * The records that end the errors of the response, one for each limit that was met.
   *
   * @param explanations how many payloads lack their explanations
   */
  closingErrors(explanations = 0): ErrorRecord[] {
    const { responseCost, errors } = this.#limits;
    const records: ErrorRecord[] = [];
    const parts = [...this.#leftOut].map(([kind, tally]) => `${PHRASE_OF[kind](tally.total)} (${tally})`);
    if (explanations > 0) parts.push(`explanations of ${explanations} payloads`);
    if (parts.length > 0) records.push(toErrorRecord(leftOutOfResponse(parts, responseCost)));
    const over = this.#errorsOverCount;
    if (over) records.push(toErrorRecord(errorsLeftOut(over.total, `${over}`, errors)));
    return records;
  }
}
