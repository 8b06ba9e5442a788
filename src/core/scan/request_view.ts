/**
 * What plugins see of a request: a snapshot that is made when a plugin reads it.
 *
 * @module
 */

import type {
  ErrorRecord,
  ExtractionBudget,
  PayloadResults,
  RequestMeta,
  RequestView,
} from "../contract/contract.ts";
import type { PasswordCandidate } from "../contract/passwords.ts";
import type { Plain } from "../contract/plain.ts";

/** What a request has listed so far; both lists only grow. */
interface ListedSoFar {
  readonly payloads: readonly { results(): PayloadResults }[];
  readonly errors: readonly ErrorRecord[];
}

/** The request as it stood when a step of the rounds began, for all calls of the step. */
export class RequestSnapshot {
  readonly #state: ListedSoFar;
  readonly #payloadCount: number;
  readonly #errors: readonly ErrorRecord[];
  readonly #errorCount: number;
  #results: readonly PayloadResults[] | undefined;

  constructor(state: ListedSoFar) {
    this.#state = state;
    this.#payloadCount = state.payloads.length;
    this.#errors = state.errors;
    this.#errorCount = state.errors.length;
  }

  /** Snapshots of all payloads, made when they are first asked for: before anything else is taken in. */
  results(): readonly PayloadResults[] {
    return this.#results ??= this.#state.payloads.slice(0, this.#payloadCount).map((state) =>
      state.results()
    );
  }

  errors(): readonly ErrorRecord[] {
    return this.#errors.slice(0, this.#errorCount);
  }
}

/** What a view of a request shows beside the snapshot. */
export interface ViewFacts {
  readonly requestMeta: RequestMeta;
  readonly budget: ExtractionBudget;
  readonly passwords: readonly PasswordCandidate[];
  readonly resume?: Plain;
  readonly content?: (payloadId: string) => Uint8Array | undefined;
}

/**
 * What a plugin sees of a request. The getters are the same for all views: each object literal with getters has a hidden class of
 * its own, which keeps what they refer to, here the whole request, until the next full collection of garbage.
 */
export class LiveRequestView implements RequestView {
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
  readonly passwords: readonly PasswordCandidate[];
  // Absent where they are not set: a copy has the same keys.
  declare readonly resume?: Plain;
  declare readonly content?: (payloadId: string) => Uint8Array | undefined;
  readonly #snapshot: RequestSnapshot;

  constructor(snapshot: RequestSnapshot, facts: ViewFacts) {
    this.requestMeta = facts.requestMeta;
    this.budget = facts.budget;
    this.passwords = facts.passwords;
    if (facts.resume !== undefined) this.resume = facts.resume;
    if (facts.content !== undefined) this.content = facts.content;
    this.#snapshot = snapshot;
    Object.defineProperties(this, LiveRequestView.#getters);
  }
}
