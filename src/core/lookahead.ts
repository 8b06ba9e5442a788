/**
 * The door of a request's rounds. Calls are made when their turn comes, and nothing is lost when one of them takes long: after a
 * while without progress payloads that are ready go ahead, and the rounds find the outcomes when they get there.
 *
 * The rounds decide as if nobody had gone ahead: a call that was made early counts only when its plugin saw what it would see now.
 *
 * @module
 */

import { mapConcurrently } from "./bounded.ts";
import { type CallOutcome, callPlugin } from "./calls.ts";
import type { MaybePromise } from "./contract.ts";
import { noteCurious } from "./curiosity.ts";
import type { Door, Forkable, PayloadCall } from "./door.ts";
import { EarlyCalls } from "./early_calls.ts";
import type { Engine } from "./engine.ts";
import { Forerunners } from "./forerunners.ts";
import { Phase } from "./phase.ts";
import type { RequestState } from "./scan_state.ts";
import { StallWatch } from "./stall_watch.ts";

/** Door of the rounds of one request; close it when they are over. */
export class Lookahead implements Door {
  readonly #engine: Engine;
  readonly #state: RequestState;
  readonly #signal: AbortSignal;
  readonly #early: EarlyCalls;
  readonly #watch: StallWatch;
  readonly #digests = new WeakMap<Uint8Array, MaybePromise<string>>();
  readonly #ids = new Map<string, string>();
  readonly #onAbort = () => this.#giveUp();
  #current: { readonly phase: Phase; readonly rounds: Forkable } | undefined;
  #forerunners: Forerunners | undefined;

  /** @param signal aborts what is under way; outcomes that have arrived can still be taken */
  constructor(engine: Engine, state: RequestState, signal: AbortSignal) {
    this.#engine = engine;
    this.#state = state;
    this.#signal = signal;
    this.#early = new EarlyCalls(engine, state);
    // Who goes ahead at once need not watch.
    const afterMs = engine.lookAheadAfterMs || Infinity;
    this.#watch = new StallWatch(engine.clock, afterMs, () => this.#goAhead());
    signal.addEventListener("abort", this.#onAbort);
  }

  get isOpen(): boolean {
    return !this.#signal.aborted || this.#early.hasAnswers;
  }

  async callAll(calls: readonly PayloadCall[], rounds: Forkable): Promise<CallOutcome[]> {
    const phase = new Phase(calls);
    this.#current = { phase, rounds };
    this.#watch.moved();
    try {
      const outcomes = mapConcurrently([...calls.entries()], ([index, call]) => {
        const outcome = this.#call(call, phase, index);
        phase.started(index, outcome);
        return outcome;
      });
      if (this.#engine.lookAheadAfterMs === 0) this.#goAhead();
      return await outcomes;
    } finally {
      this.#current = undefined;
      await this.#forerunners?.stopped();
      this.#forerunners = undefined;
    }
  }

  sha256(content: Uint8Array): MaybePromise<string> {
    return this.#digests.get(content) ?? this.#engine.sha256(content);
  }

  idFor(sha256: string): string {
    return this.#ids.get(sha256) ?? this.#engine.newId();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#watch.stop();
    this.#early.abort();
    await this.#forerunners?.stopped();
  }

  async #call(call: PayloadCall, phase: Phase, index: number): Promise<CallOutcome> {
    const early = this.#early.isEmpty ? undefined : await this.#early.take(call);
    const outcome = early ?? await this.#callNow(call);
    if (phase.arrived(index)) this.#watch.moved();
    // At once: whoever waits for the same outcome must not go ahead of rounds that go on.
    if (phase.isOver) this.#forerunners?.stop();
    return outcome;
  }

  #callNow({ plugin, role, payload, view }: PayloadCall): Promise<CallOutcome> {
    const request = this.#state.view(payload, () => noteCurious(this.#engine, plugin, role));
    return callPlugin(this.#engine, plugin, { role, payload: view, request }, this.#signal);
  }

  #goAhead(): void {
    if (!this.#current || this.#forerunners || this.#signal.aborted || this.#current.phase.isOver) return;
    const { phase, rounds } = this.#current;
    this.#forerunners = new Forerunners({
      early: this.#early,
      phase,
      sha256: (content) => this.#keepDigest(content),
      idFor: (sha256) => this.#keepId(sha256),
      isKnown: (sha256) => this.#state.twinsOf(sha256).length > 0,
    });
    this.#forerunners.send(rounds);
  }

  #giveUp(): void {
    this.#forerunners?.stop();
    this.#early.abort();
  }

  #keepDigest(content: Uint8Array): MaybePromise<string> {
    const digest = this.sha256(content);
    this.#digests.set(content, digest);
    return digest;
  }

  #keepId(sha256: string): string {
    const id = this.idFor(sha256);
    this.#ids.set(sha256, id);
    return id;
  }
}
