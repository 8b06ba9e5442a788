/**
 * Which workers are still to run on which payload.
 *
 * @module
 */

import type { PayloadState } from "./payload_state.ts";

/** A worker that is to run on a payload. */
export interface Job {
  readonly payload: PayloadState;
  readonly worker: string;
  /** The deep pass that asked, 0 for the ordinary stage. */
  readonly deepPass: number;
}

/** The work of a request that has not been done yet. A worker is on it at most once for each payload. */
export class Agenda {
  readonly #jobs = new Map<PayloadState, Map<string, Job>>();

  /** Adds a worker unless it has been started, can't run, or the payload is not to be scanned. */
  add(payload: PayloadState, worker: string, deepPass = 0): void {
    if (!payload.meta.shouldScan) return;
    if (payload.startedWorkers.has(worker) || payload.refusedWorkers.has(worker)) return;
    let jobs = this.#jobs.get(payload);
    if (!jobs) this.#jobs.set(payload, jobs = new Map());
    if (!jobs.has(worker)) jobs.set(worker, { payload, worker, deepPass });
  }

  remove(payload: PayloadState, worker: string): void {
    const jobs = this.#jobs.get(payload);
    jobs?.delete(worker);
    if (jobs?.size === 0) this.#jobs.delete(payload);
  }

  hasWorkFor(payload: PayloadState): boolean {
    return this.#jobs.has(payload);
  }

  get(payload: PayloadState, worker: string): Job | undefined {
    return this.#jobs.get(payload)?.get(worker);
  }

  /** Workers for a payload, by name. */
  workersFor(payload: PayloadState): string[] {
    return [...(this.#jobs.get(payload)?.keys() ?? [])].sort();
  }

  /** Payloads with work, in the order in which they got it. */
  payloads(): PayloadState[] {
    return [...this.#jobs.keys()];
  }
}
