/**
 * Workers that are to be called again on a payload: when time has passed, or when new password candidates are known.
 *
 * @module
 */

import { ENCRYPTED, type ReportedBlindSpot } from "../contract/blind_spots.ts";
import type { ResumeRequest } from "../contract/contract.ts";
import type { PasswordCandidate } from "../contract/passwords.ts";
import type { Plain } from "../contract/plain.ts";
import type { Clock } from "../ports/plugin_host.ts";
import type { Job } from "./agenda.ts";
import type { PayloadState } from "./payload_state.ts";

/** Calls of one worker on one payload because of new candidates, beside the first. */
const MAX_PASSWORD_CALLS = 3;

/** A call that was put off. */
interface Pending {
  readonly job: Job;
  readonly dueMs: number;
  readonly state: Plain;
}

/** Calls that workers put off. */
export class ResumedCalls {
  readonly #clock: Clock;
  readonly #maxResumes: number;
  #pending: Pending[] = [];
  /** Payload → worker → how often it was put off. */
  readonly #counts = new Map<PayloadState, Map<string, number>>();

  constructor(clock: Clock, maxResumes: number) {
    this.#clock = clock;
    this.#maxResumes = maxResumes;
  }

  /** The calls that are still to be made. */
  get jobs(): readonly Job[] {
    return this.#pending.map(({ job }) => job);
  }

  /** Puts a call off. @returns `false` when the worker may not be called later once more */
  add(job: Job, { afterMs, state }: ResumeRequest): boolean {
    const { payload, worker } = job;
    let counts = this.#counts.get(payload);
    if (!counts) this.#counts.set(payload, counts = new Map());
    const count = (counts.get(worker) ?? 0) + 1;
    if (count > this.#maxResumes) return false;
    counts.set(worker, count);
    this.#pending.push({ job, dueMs: this.#clock.now() + afterMs, state });
    return true;
  }

  /** Takes the calls whose time has come. */
  takeDue(): { readonly job: Job; readonly resume: Plain }[] {
    if (this.#pending.length === 0) return [];
    const now = this.#clock.now();
    const due = this.#pending.filter(({ dueMs }) => dueMs <= now);
    this.#pending = this.#pending.filter(({ dueMs }) => dueMs > now);
    return due.map(({ job, state }) => ({ job, resume: state }));
  }

  /** Waits until a call is due. @returns `false` when there is none, or when the signal is aborted before */
  async wait(signal: AbortSignal): Promise<boolean> {
    if (this.#pending.length === 0 || signal.aborted) return false;
    const dueMs = Math.min(...this.#pending.map(({ dueMs }) => dueMs));
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const cancel = this.#clock.after(Math.max(0, dueMs - this.#clock.now()), () => resolve(true));
    const onAbort = () => resolve(false);
    signal.addEventListener("abort", onAbort);
    try {
      return await promise;
    } finally {
      cancel();
      signal.removeEventListener("abort", onAbort);
    }
  }
}

/** What is known of a worker that met encrypted content. */
interface Encrypted {
  readonly job: Job;
  calls: number;
  /** Candidates that it was shown. */
  readonly shown: Set<string>;
}

/** Workers that met encrypted content. */
export class PasswordCalls {
  readonly #byPayload = new Map<PayloadState, Map<string, Encrypted>>();

  /** Notes what a worker answered that was shown these candidates. */
  note(job: Job, shown: readonly PasswordCandidate[], blindSpots: readonly ReportedBlindSpot[]): void {
    const { payload, worker } = job;
    let workers = this.#byPayload.get(payload);
    if (!blindSpots.some(({ code }) => code === ENCRYPTED)) workers?.delete(worker);
    else if (!workers?.has(worker)) {
      if (!workers) this.#byPayload.set(payload, workers = new Map());
      workers.set(worker, { job, calls: 0, shown: new Set(shown.map(({ value }) => value)) });
    }
  }

  /** Takes the workers to call again, because there are candidates for their payloads that they were not shown. */
  takeDue(candidatesFor: (payload: PayloadState) => readonly PasswordCandidate[]): Job[] {
    const due: Job[] = [];
    for (const [payload, workers] of this.#byPayload) {
      if (workers.size === 0) continue;
      const candidates = candidatesFor(payload);
      for (const entry of workers.values()) {
        if (entry.calls === MAX_PASSWORD_CALLS) continue;
        if (candidates.every(({ value }) => entry.shown.has(value))) continue;
        entry.calls++;
        for (const { value } of candidates) entry.shown.add(value);
        due.push(entry.job);
      }
    }
    return due;
  }
}
