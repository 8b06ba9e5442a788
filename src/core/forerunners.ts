/**
 * Goes ahead of rounds that are stalled: payloads that are ready go on, each by itself, and so does what comes out of them.
 *
 * @module
 */

import type { CallOutcome } from "./calls.ts";
import type { Door, Fork, Forkable, PayloadCall } from "./door.ts";
import type { EarlyCalls } from "./early_calls.ts";
import type { Phase } from "./phase.ts";

/** What the rounds of the request share with their forerunners. */
export interface Shared {
  readonly early: EarlyCalls;
  /** The calls that the rounds wait for. */
  readonly phase: Phase;
  readonly sha256: Door["sha256"];
  readonly idFor: Door["idFor"];
  /** Whether these bytes are a payload of the request already. */
  readonly isKnown: (sha256: string) => boolean;
}

/** Ends a forerunner that can't go on; no failure. */
const GIVE_UP = Symbol("give up");

/** All forerunners of one stall. Only the outcomes of their calls outlive it, in `EarlyCalls`. */
export class Forerunners implements Door {
  readonly #shared: Shared;
  readonly #end = Promise.withResolvers<never>();
  readonly #running = new Set<Promise<void>>();
  /** Digests of extracted payloads that have a forerunner. */
  readonly #met = new Set<string>();
  readonly #failures: unknown[] = [];
  #hasEnded = false;

  constructor(shared: Shared) {
    this.#shared = shared;
    this.#end.promise.catch(() => {});
  }

  get isOpen(): boolean {
    return !this.#hasEnded;
  }

  sha256(content: Uint8Array): ReturnType<Door["sha256"]> {
    return this.#shared.sha256(content);
  }

  idFor(sha256: string): string {
    return this.#shared.idFor(sha256);
  }

  /** Lets the payloads of rounds go ahead, in their order and as fast as calls may be started. */
  send(rounds: Forkable): void {
    this.#track(async () => {
      for (const fork of rounds.forks(this)) {
        await this.#shared.early.waitForSlot();
        this.#shared.early.releaseSlot();
        if (this.#hasEnded) return;
        this.#track(() => fork.run());
      }
    });
  }

  async callAll(calls: readonly PayloadCall[], rounds: Forkable): Promise<CallOutcome[]> {
    const answers = await Promise.allSettled(calls.map(async (call) => {
      const outcome = await this.#call(call);
      const { extracted } = outcome.answer;
      if (call.role === "worker" && extracted.length > 0) {
        this.#track(async () => this.#follow(await rounds.forksOfExtracted(call, extracted, this)));
      }
      return outcome;
    }));
    return answers.map((answer) => {
      if (answer.status === "rejected") throw answer.reason;
      return answer.value;
    });
  }

  /** Stops starting calls from this moment on. */
  stop(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#end.reject(GIVE_UP);
    this.#shared.early.sendAway(GIVE_UP);
  }

  /** Waits until nothing is left running but plugins. @throws what went wrong in a forerunner */
  async stopped(): Promise<void> {
    this.stop();
    while (this.#running.size > 0) await Promise.all(this.#running);
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  #follow(forks: readonly Fork[]): void {
    for (const fork of forks) {
      const { sha256 } = fork.payload;
      // Bytes that are met again are not scanned again.
      if (this.#hasEnded || this.#met.has(sha256) || this.#shared.isKnown(sha256)) continue;
      this.#met.add(sha256);
      this.#track(() => fork.run());
    }
  }

  /** The outcome of a call: one that was made already, or made now. */
  async #call(call: PayloadCall): Promise<CallOutcome> {
    const { early } = this.#shared;
    let known = this.#find(call);
    if (!known) {
      if (this.#hasEnded) throw GIVE_UP;
      await early.waitForSlot();
      // Meanwhile somebody else may have made it, or the stall may be over.
      known = this.#find(call);
      const cannotStart = this.#hasEnded || !early.mayStart(call);
      if (known || cannotStart) early.releaseSlot();
      if (!known && cannotStart) throw GIVE_UP;
    }
    const outcome = await Promise.race([known ?? early.start(call), this.#end.promise]);
    if (outcome === undefined) throw GIVE_UP;
    return outcome;
  }

  #find(call: PayloadCall): Promise<CallOutcome | undefined> | undefined {
    return this.#shared.phase.find(call) ?? this.#shared.early.find(call);
  }

  #track(run: () => Promise<void>): void {
    const running = run().catch((reason) => {
      if (reason !== GIVE_UP) this.#failures.push(reason);
    }).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}
