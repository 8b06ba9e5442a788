/**
 * A run: providers deliver, consumers scan, and a delivery is settled once archivers and connectors are done with it.
 *
 * @module
 */

import { BoundedQueue } from "./bounded_queue.ts";
import { fetchPayload } from "./calls.ts";
import type {
  Delivery,
  DeliveryItem,
  DeliveryOutcome,
  ErrorRecord,
  RequestInput,
  RequestMeta,
  StoqResponse,
} from "./contract.ts";
import { type Engine, scanRequest } from "./engine.ts";
import {
  archiverNotActive,
  badDelivery,
  type ErrorPlace,
  scanBroke,
  settleFailed,
  StoqError,
  toErrorRecord,
  toFailure,
} from "./errors.ts";
import { readDeliveryItem } from "./intake.ts";
import type { PlainRecord } from "./plain.ts";
import { logError } from "./scan_log.ts";

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
  /** For payloads, and for requests that have none of their own. */
  readonly requestMeta?: Partial<RequestMeta>;
  /** Workers for the payloads of each delivery. */
  readonly startDispatch?: readonly string[];
  /** Workers for their first deep pass. */
  readonly startDeepDispatch?: readonly string[];
  /** Ends the run: providers stop, what is in flight is finished and settled, what waits is abandoned. */
  readonly stop?: AbortSignal;
  /** Gives the run up: what is in flight is abandoned as well. */
  readonly abort?: AbortSignal;
  /** Is told of everything that happens. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** What happens in a run, for whoever shows or counts it. */
export type RunEvent =
  | { readonly kind: "delivered"; readonly provider: string }
  | { readonly kind: "scanned"; readonly response: StoqResponse }
  | { readonly kind: "settled"; readonly outcome: DeliveryOutcome }
  /** A failure that no response tells: of a provider, a source archiver or a settlement. */
  | { readonly kind: "error"; readonly error: ErrorRecord };

/** How a run went. */
export interface RunSummary {
  /** Deliveries that were scanned, archived and saved. */
  readonly done: number;
  /** Deliveries of which something was lost. */
  readonly failed: number;
  /** Deliveries that stay where they came from. */
  readonly abandoned: number;
  /** Failures that no response tells. */
  readonly errors: number;
}

/** Runs until every provider has ended and everything that they delivered is settled. */
export async function runProviders(engine: Engine, setup: RunSetup): Promise<RunSummary> {
  return await new Run(engine, setup).toEnd();
}

class Run {
  readonly #engine: Engine;
  readonly #setup: RunSetup;
  readonly #queue: BoundedQueue<Delivery>;
  readonly #abort: AbortSignal;
  readonly #stop: AbortSignal;
  readonly #count = { done: 0, failed: 0, abandoned: 0, errors: 0 };

  constructor(engine: Engine, setup: RunSetup) {
    this.#engine = engine;
    this.#setup = setup;
    this.#queue = new BoundedQueue(setup.maxQueue);
    this.#abort = setup.abort ?? new AbortController().signal;
    this.#stop = setup.stop ? AbortSignal.any([this.#abort, setup.stop]) : this.#abort;
  }

  async toEnd(): Promise<RunSummary> {
    const { log } = this.#engine;
    log("info", "Run begins", { providers: this.#setup.providers.join(", ") });
    const consumers = Array.from({ length: this.#setup.consumers }, () => this.#consume());
    const onStop = () => this.#queue.close();
    this.#stop.addEventListener("abort", onStop);
    await Promise.all(this.#setup.providers.map((provider) => this.#feed(provider)));
    this.#stop.removeEventListener("abort", onStop);
    this.#queue.close();
    await Promise.all(consumers);
    log("info", this.#stop.aborted ? "Run was stopped" : "Run is done", this.#count);
    return this.#count;
  }

  /** Takes a provider's deliveries into the queue; its failure ends it and no other. */
  async #feed(provider: string): Promise<void> {
    const iterator = this.#engine.host.ingest(provider, this.#stop)[Symbol.asyncIterator]();
    let endWait = () => {};
    const onStop = () => endWait();
    this.#stop.addEventListener("abort", onStop);
    try {
      for (;;) {
        const pending = iterator.next();
        // A provider that does not listen to the signal is not waited for. (A race against one promise for the whole run would
        // hang each delivery on that promise, contents included, until the run is over.)
        const next = await new Promise<IteratorResult<Delivery>>((resolve, reject) => {
          endWait = () => resolve({ done: true, value: undefined });
          if (this.#stop.aborted) endWait();
          pending.then(resolve, reject);
        });
        if (next.done) {
          if (this.#stop.aborted) this.#abandonLate(pending);
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
    this.#tell({ kind: "delivered", provider });
    if (!await this.#queue.put(delivery)) await this.#settle(delivery, { status: "abandoned" });
  }

  /** What arrives when nobody waits for it any more must not be taken for done. */
  #abandonLate(pending: Promise<IteratorResult<Delivery>>): void {
    pending.then(async ({ done, value }) => {
      if (!done && isDelivery(value)) await this.#settle(value, { status: "abandoned" });
    }).catch(() => {});
  }

  async #consume(): Promise<void> {
    for (let delivery = await this.#queue.take(); delivery; delivery = await this.#queue.take()) {
      // What still waits when the run is stopped has not been begun: it stays where it came from.
      const outcome = this.#stop.aborted ? { status: "abandoned" } as const : await this.#scan(delivery);
      await this.#settle(delivery, outcome);
    }
  }

  async #scan(delivery: Delivery): Promise<DeliveryOutcome> {
    const errors: ErrorRecord[] = [];
    const scanIds: string[] = [];
    try {
      for (const request of await this.#requestsOf(delivery.item, errors)) {
        const { startDispatch, startDeepDispatch } = this.#setup;
        const options = { startDispatch, startDeepDispatch, signal: this.#abort };
        const response = await scanRequest(this.#engine, request, options);
        scanIds.push(response.scanId);
        errors.push(
          ...response.errors.filter(({ role }) => role === "dest-archiver" || role === "connector"),
        );
        this.#tell({ kind: "scanned", response });
      }
    } catch (reason) {
      if (this.#abort.aborted) return { status: "abandoned" };
      errors.push(this.#report(scanBroke(reason)));
    }
    return errors.length > 0 ? { status: "failed", errors } : { status: "done", scanIds };
  }

  /** The requests that an item stands for; what can't be read or fetched becomes an error. */
  async #requestsOf(item: DeliveryItem, errors: ErrorRecord[]): Promise<RequestInput[]> {
    const reading = readDeliveryItem(item, this.#engine.limits.resultBytes);
    if ("problems" in reading) {
      errors.push(this.#report(badDelivery(reading.problems, reading.problemCount)));
      return [];
    }
    const { requestMeta } = this.#setup;
    const { value } = reading;
    if (value.kind === "payload") return [{ payloads: [value.payload], requestMeta }];
    if (value.kind === "request") return [{ requestMeta, ...withoutAbsent(value.request) }];
    const requests: RequestInput[] = [];
    for (const [archiver, meta] of Object.entries(value.task)) {
      const fetched = await this.#fetch(archiver, meta);
      if (fetched instanceof StoqError) {
        errors.push(this.#report(fetched, { pluginName: archiver, role: "source-archiver" }));
      } else requests.push({ payloads: [fetched], requestMeta });
    }
    return requests;
  }

  async #fetch(archiver: string, task: PlainRecord): Promise<RequestInput["payloads"][number] | StoqError> {
    if (!this.#setup.sourceArchivers.includes(archiver)) return archiverNotActive(archiver);
    return await fetchPayload(this.#engine, archiver, task, this.#abort);
  }

  async #settle(delivery: Delivery, outcome: DeliveryOutcome): Promise<void> {
    this.#count[outcome.status]++;
    try {
      await delivery.settle(outcome);
    } catch (reason) {
      this.#report(settleFailed(reason));
    }
    this.#tell({ kind: "settled", outcome });
  }

  #report(error: StoqError, place: ErrorPlace = {}): ErrorRecord {
    const record = toErrorRecord(error, place);
    this.#count.errors++;
    logError(this.#engine, record, {}, "error");
    this.#tell({ kind: "error", error: record });
    return record;
  }

  #tell(event: RunEvent): void {
    this.#engine.telemetry?.countEvent(event);
    this.#setup.onEvent?.(event);
  }
}

function isDelivery(value: unknown): value is Delivery {
  return typeof value === "object" && value !== null && "settle" in value &&
    typeof value.settle === "function";
}

/** A request without metadata of its own takes those of the run. */
function withoutAbsent(request: RequestInput): RequestInput {
  return request.requestMeta === undefined ? { payloads: request.payloads } : request;
}
