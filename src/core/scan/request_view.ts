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

/** What a request has listed so far; both lists only grow. */
interface ListedSoFar {
  readonly payloads: readonly { results(): PayloadResults }[];
  readonly errors: readonly ErrorRecord[];
}

/** The request as it stood when a step of the rounds began, for all calls of the step. */
export class RequestSnapshot {
  readonly #state: ListedSoFar;
  readonly #payloadCount: number;
  readonly #errorCount: number;
  #results: readonly PayloadResults[] | undefined;

  constructor(state: ListedSoFar) {
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
  readonly #snapshot: RequestSnapshot;

  constructor(requestMeta: RequestMeta, snapshot: RequestSnapshot, budget: ExtractionBudget) {
    this.requestMeta = requestMeta;
    this.budget = budget;
    this.#snapshot = snapshot;
    Object.defineProperties(this, LiveRequestView.#getters);
  }
}
