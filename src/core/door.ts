/**
 * What rounds reach through: to plugins, digests and ids; and what the other side may ask of them while they wait.
 *
 * @module
 */

import type { CallOutcome } from "./calls.ts";
import type { MaybePromise, PayloadView } from "./contract.ts";
import type { ExtractedPayload } from "./intake.ts";
import type { PayloadState } from "./scan_state.ts";

/** A call about a payload that is to be made. */
export interface PayloadCall {
  readonly plugin: string;
  readonly role: "worker" | "dispatcher" | "deep-dispatcher";
  readonly payload: PayloadState;
  readonly view: PayloadView;
  /** From 1. */
  readonly round: number;
}

/** The door of rounds. */
export interface Door {
  /** Makes all calls; outcomes come in the order of the calls. @param rounds those that wait for them */
  callAll(calls: readonly PayloadCall[], rounds: Forkable): Promise<CallOutcome[]>;
  /** Lower-case hexadecimal. */
  sha256(content: Uint8Array): MaybePromise<string>;
  /** Id of the extracted payload with this digest: of equal bytes only the first come in. */
  idFor(sha256: string): string;
  /** Whether a call can still be answered by its plugin. */
  readonly isOpen: boolean;
}

/** Rounds of one payload, apart from those of the request. Nothing that they find out counts. */
export interface Fork {
  readonly payload: PayloadState;
  run(): Promise<void>;
}

/** Rounds whose payloads can go on, each by itself. */
export interface Forkable {
  /** A fork for each payload that may have something to do beside what is waited for. */
  forks(door: Door): Iterable<Fork>;
  /** Forks for the payloads that a worker extracted, as if nobody else had found them. */
  forksOfExtracted(call: PayloadCall, extracted: readonly ExtractedPayload[], door: Door): Promise<Fork[]>;
}
