/**
 * A run: providers deliver, consumers scan, and a delivery is settled once archivers and connectors are done with it.
 *
 * @module
 */

import { BoundedQueue } from "./bounded_queue.ts";
import { fetchPayload } from "../scan/plugin_call.ts";
import type {
  Delivery,
  DeliveryItem,
  DeliveryOutcome,
  ErrorRecord,
  RequestInput,
  RequestMeta,
  StoqResponse,
} from "../contract/contract.ts";
import { scanRequest } from "../scan/scan.ts";
import type { ScanEnvironment } from "../scan/environment.ts";
import {
  archiverNotActive,
  badDelivery,
  type ErrorPlace,
  scanBroke,
  settleFailed,
  skippedByProvider,
  StoqError,
  toErrorRecord,
  toFailure,
} from "../contract/errors.ts";
import { isDelivery, readDeliveryItem } from "../scan/delivery_reader.ts";
import type { Reading } from "../scan/value_reader.ts";
import { type Keepers, keepsAnything, lossesOf, unkeptReason } from "../contract/keeping.ts";
import { MemoryBudget, type MemoryHold } from "../scan/memory_budget.ts";
import type { RunEvent } from "../ports/run_event.ts";
import type { PlainRecord } from "../contract/plain.ts";
import { logError } from "../scan/scan_log.ts";

/** What a run needs beside the engine. */
export interface RunSetup {
  /** Plugins that deliver. */
  readonly providers: readonly string[];
  /** Plugins that fetch what a task names. */
  readonly sourceArchivers: readonly string[];
  /** Deliveries that wait; providers wait when there are as many. */
  readonly maxQueue: number;
  /** Deliveries that are scanned at the same time. */
  readonly consumers: number;
  /** Times that an item is delivered before its failure is final. */
  readonly maxDeliveries: number;
  /** Whether a response that connectors and `save` took without a failure is kept; absent: where there is one of them. */
  readonly keepsResponses?: boolean;
  /** Saves each response beside the connectors; a rejection is a failure like theirs. */
  readonly save?: (response: StoqResponse) => Promise<void>;
  /** For payloads, and for requests that have none of their own. */
  readonly requestMeta?: Partial<RequestMeta>;
  /** Workers for the payloads of each delivery. */
  readonly startDispatch?: readonly string[];
  /** Workers for their first deep pass. */
  readonly startDeepDispatch?: readonly string[];
  /** Candidates for encrypted payloads of each delivery, tried before all others. */
  readonly passwords?: readonly string[];
  /** Ends the run: providers stop, what is in flight is finished and settled, what waits is abandoned. */
  readonly stop?: AbortSignal;
  /** Gives the run up: what is in flight is abandoned as well. */
  readonly abort?: AbortSignal;
  /** Receives each event of the run. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** How a run went. */
export interface RunSummary {
  /** Deliveries that were scanned, and kept if the run keeps anything. */
  readonly done: number;
  /** Deliveries of which something was lost. */
  readonly failed: number;
  /** Failures after which the provider delivered once more. */
  readonly retried: number;
  /** Deliveries that stay where they came from, because the run was stopped. */
  readonly abandoned: number;
  /** What providers found and did not deliver. */
  readonly skipped: number;
  /** Failures that are in no response. */
  readonly errors: number;
}

/** A delivery that was read, with the provider that it came from. */
interface Queued {
  readonly provider: string;
  readonly delivery: Delivery;
  /** The item, or why there is none. */
  readonly reading: Reading<DeliveryItem> | StoqError;
  readonly attempt: number;
  /** Counts what the item takes of the memory, from its reading until it is settled. */
  readonly hold: MemoryHold;
}

/** Runs until every provider has ended and everything that they delivered is settled. */
export async function runProviders(environment: ScanEnvironment, setup: RunSetup): Promise<RunSummary> {
  return await new Run(environment, setup).toEnd();
}

class Run {
  readonly #environment: ScanEnvironment;
  readonly #setup: RunSetup;
  readonly #queue: BoundedQueue<Queued>;
  readonly #abort: AbortSignal;
  readonly #stop: AbortSignal;
  readonly #keepers: Keepers;
  readonly #memory: MemoryBudget;
  readonly #count = { done: 0, failed: 0, retried: 0, abandoned: 0, skipped: 0, errors: 0 };
  /** Provider → failed deliveries that it is to deliver once more. */
  readonly #retries = new Map<string, number>();

  constructor(environment: ScanEnvironment, setup: RunSetup) {
    this.#environment = environment;
    this.#setup = setup;
    this.#queue = new BoundedQueue(setup.maxQueue);
    this.#abort = setup.abort ?? new AbortController().signal;
    this.#stop = setup.stop ? AbortSignal.any([this.#abort, setup.stop]) : this.#abort;
    const { connectors, destArchivers: archivers } = environment.selection;
    const { keepsResponses = connectors.length > 0 || setup.save !== undefined } = setup;
    this.#keepers = { keepsResponses, archivers };
    this.#memory = new MemoryBudget(environment.limits.memoryBudgetBytes);
  }

  async toEnd(): Promise<RunSummary> {
    const { log } = this.#environment;
    log("info", "Run begins", { providers: this.#setup.providers.join(", ") });
    const consumers = Array.from({ length: this.#setup.consumers }, () => this.#consume());
    const onStop = () => this.#queue.close();
    this.#stop.addEventListener("abort", onStop);
    await Promise.all(this.#setup.providers.map((provider) => this.#feed(provider)));
    this.#stop.removeEventListener("abort", onStop);
    this.#queue.close();
    await Promise.all(consumers);
    this.#closeRetries();
    log("info", this.#stop.aborted ? "Run was stopped" : "Run is done", this.#count);
    return this.#count;
  }

  /** Takes a provider's deliveries into the queue; its failure ends it and no other. */
  async #feed(provider: string): Promise<void> {
    const iterator = this.#environment.host.ingest(provider, this.#stop)[Symbol.asyncIterator]();
    let endWait = () => {};
    const onStop = () => endWait();
    this.#stop.addEventListener("abort", onStop);
    try {
      for (;;) {
        // A delivery is read only when there is memory for it.
        await this.#memory.whenRoom(this.#stop);
        const pending = iterator.next();
        // A provider that does not listen to the signal is not waited for. (A race against one promise for the whole run would
        // hang each delivery on that promise, contents included, until the run is over.)
        const next = await new Promise<IteratorResult<Delivery>>((resolve, reject) => {
          endWait = () => resolve({ done: true, value: undefined });
          if (this.#stop.aborted) endWait();
          pending.then(resolve, reject);
        });
        if (next.done) {
          if (this.#stop.aborted) this.#abandonLate(provider, pending);
          break;
        }
        await this.#takeIn(provider, next.value);
      }
    } catch (reason) {
      if (!this.#stop.aborted) {
        this.#report(toFailure("provider", reason), { pluginName: provider, role: "provider" });
      }
    } finally {
      this.#stop.removeEventListener("abort", onStop);
      if (this.#stop.aborted) iterator.return?.().catch(() => {});
    }
  }

  async #takeIn(provider: string, delivery: unknown): Promise<void> {
    if (!isDelivery(delivery)) {
      const place = { pluginName: provider, role: "provider" } as const;
      this.#report(badDelivery(["it has no settle method"]), place);
      return;
    }
    this.#emit({ kind: "delivered", provider });
    const queued = this.#read(provider, delivery);
    if (this.#takeSkipped(queued) || await this.#queue.put(queued)) return;
    await this.#settle(queued, { status: "abandoned" });
  }

  /** An item that arrives after the provider was stopped must not count as done. */
  #abandonLate(provider: string, pending: Promise<IteratorResult<Delivery>>): void {
    pending.then(async ({ done, value }) => {
      if (done || !isDelivery(value)) return;
      const queued = this.#read(provider, value);
      if (!this.#takeSkipped(queued)) await this.#settle(queued, { status: "abandoned" });
    }).catch(() => {});
  }

  async #consume(): Promise<void> {
    for (let queued = await this.#queue.take(); queued; queued = await this.#queue.take()) {
      // What still waits when the run is stopped has not been begun: it stays where it came from.
      const outcome = this.#stop.aborted ? { status: "abandoned" } as const : await this.#deliver(queued);
      await this.#settle(queued, outcome);
    }
  }

  /** Reads a delivery. Never throws, although `item` may be a getter of a third-party plugin that does. */
  #read(provider: string, delivery: Delivery): Queued {
    const hold = this.#memory.hold();
    let attempt = 1;
    let reading: Queued["reading"];
    try {
      if (isAttempt(delivery.attempt)) attempt = delivery.attempt;
      reading = readDeliveryItem(delivery.item, this.#environment.limits.resultBytes);
    } catch (reason) {
      reading = reason instanceof StoqError ? reason : scanBroke(reason);
    }
    if ("value" in reading) hold.grow(contentBytes(reading.value));
    return { provider, delivery, reading, attempt, hold };
  }

  async #deliver(queued: Queued): Promise<DeliveryOutcome> {
    const { reading } = queued;
    if ("value" in reading) return await this.#scan(queued, reading.value);
    const error = reading instanceof StoqError
      ? reading
      : badDelivery(reading.problems, reading.problemCount);
    return { status: "failed", errors: [this.#report(error)], shouldRetry: false };
  }

  /** Reports an item that a provider skipped; returns whether the delivery is one. It is not queued, and never settled. */
  #takeSkipped({ provider, reading, hold }: Queued): boolean {
    if (!("value" in reading) || reading.value.kind !== "skipped") return false;
    hold.release();
    const { skipped } = reading.value;
    this.#count.skipped++;
    this.#emit({ kind: "skipped", provider, item: skipped });
    if (skipped.isLoss) this.#report(skippedByProvider(skipped), { pluginName: provider, role: "provider" });
    return true;
  }

  async #scan(
    { provider, attempt, hold }: Queued,
    item: DeliveryItem,
  ): Promise<DeliveryOutcome> {
    if (attempt > 1) this.#takeRetry(provider);
    const errors: ErrorRecord[] = [];
    const scanIds: string[] = [];
    let isFinal = attempt >= this.#setup.maxDeliveries;
    try {
      for (const request of await this.#requestsOf(item, hold, errors)) {
        const response = await this.#scanRequest(request, hold, errors);
        scanIds.push(response.scanId);
        const reason = unkeptReason(response, this.#keepers);
        if (!reason) continue;
        // Another delivery would end in the same way.
        isFinal = true;
        errors.push(this.#report(reason));
      }
    } catch (reason) {
      if (this.#abort.aborted) return { status: "abandoned" };
      errors.push(this.#report(scanBroke(reason)));
    }
    if (errors.length > 0) return { status: "failed", errors, shouldRetry: !isFinal };
    return { status: keepsAnything(this.#keepers) ? "done" : "unkept", scanIds };
  }

  async #scanRequest(
    request: RequestInput,
    hold: MemoryHold,
    errors: ErrorRecord[],
  ): Promise<StoqResponse> {
    const { startDispatch, startDeepDispatch, passwords, save } = this.#setup;
    const options = { startDispatch, startDeepDispatch, passwords, hold, signal: this.#abort };
    const response = await scanRequest(this.#environment, request, options);
    // As arguments of one `push` they could overflow the stack.
    for (const loss of lossesOf(response)) errors.push(loss);
    try {
      await save?.(response);
    } catch (reason) {
      errors.push(this.#report(toFailure("connector", reason), { role: "connector" }));
    }
    this.#emit({ kind: "scanned", response });
    return response;
  }

  /** The requests that an item stands for; what can't be fetched becomes an error. */
  async #requestsOf(
    value: DeliveryItem,
    hold: MemoryHold,
    errors: ErrorRecord[],
  ): Promise<RequestInput[]> {
    const { requestMeta } = this.#setup;
    if (value.kind === "skipped") return [];
    if (value.kind === "payload") return [{ payloads: [value.payload], requestMeta }];
    if (value.kind === "request") return [{ requestMeta, ...withoutAbsent(value.request) }];
    const requests: RequestInput[] = [];
    for (const [archiver, meta] of Object.entries(value.task)) {
      const fetched = await this.#fetch(archiver, meta);
      if (fetched instanceof StoqError) {
        errors.push(this.#report(fetched, { pluginName: archiver, role: "source-archiver" }));
      } else {
        hold.grow(fetched.content.length);
        requests.push({ payloads: [fetched], requestMeta });
      }
    }
    return requests;
  }

  async #fetch(archiver: string, task: PlainRecord): Promise<RequestInput["payloads"][number] | StoqError> {
    if (!this.#setup.sourceArchivers.includes(archiver)) return archiverNotActive(archiver);
    return await fetchPayload(this.#environment, archiver, task, this.#abort);
  }

  #takeRetry(provider: string): void {
    const waiting = this.#retries.get(provider) ?? 0;
    if (waiting === 0) return;
    this.#retries.set(provider, waiting - 1);
    this.#count.retried++;
  }

  /** Counts failures that were not delivered again: as failed, or as abandoned if the run was stopped. */
  #closeRetries(): void {
    for (const waiting of this.#retries.values()) {
      this.#count[this.#stop.aborted ? "abandoned" : "failed"] += waiting;
    }
  }

  async #settle({ provider, delivery, hold }: Queued, outcome: DeliveryOutcome): Promise<void> {
    hold.release();
    if (outcome.status === "failed" && outcome.shouldRetry) {
      this.#retries.set(provider, (this.#retries.get(provider) ?? 0) + 1);
    } else this.#count[outcome.status === "unkept" ? "done" : outcome.status]++;
    try {
      await delivery.settle(outcome);
    } catch (reason) {
      this.#report(settleFailed(reason));
    }
    this.#emit({ kind: "settled", provider, outcome });
  }

  #report(error: StoqError, place: ErrorPlace = {}): ErrorRecord {
    const record = toErrorRecord(error, place);
    this.#count.errors++;
    logError(this.#environment, record, {}, "error");
    this.#emit({ kind: "error", error: record });
    return record;
  }

  #emit(event: RunEvent): void {
    this.#environment.telemetry?.countEvent(event);
    this.#setup.onEvent?.(event);
  }
}

/** Bytes of the contents that an item brings along. */
function contentBytes(item: DeliveryItem): number {
  const payloads = item.kind === "payload"
    ? [item.payload]
    : item.kind === "request"
    ? item.request.payloads
    : [];
  return payloads.reduce((sum, { content }) => sum + content.length, 0);
}

function isAttempt(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** A request without metadata of its own takes those of the run. */
function withoutAbsent(request: RequestInput): RequestInput {
  return request.requestMeta === undefined ? { payloads: request.payloads } : request;
}
