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

/** Door of the rounds of one request; close it when they are over. */
export class Lookahead implements Door {
  readonly #engine: Engine;
  readonly #state: RequestState;
  readonly #signal: AbortSignal;
  #moves = 0;
  readonly #onAbort = () => this.#giveUp();
  #current: { readonly phase: Phase; readonly rounds: Forkable } | undefined;
  #forerunners: Forerunners | undefined;
  /** What forerunners leave behind; absent until there are any, as in most scans. */
  #stock: Stock | undefined;

  /** @param signal aborts what is under way; outcomes that have arrived can still be taken */
  constructor(engine: Engine, state: RequestState, signal: AbortSignal) {
    this.#engine = engine;
    this.#state = state;
    this.#signal = signal;
  }

  /** Grows whenever the rounds come nearer to their next step. */
  get moves(): number {
    return this.#moves;
  }

  get isOpen(): boolean {
    return !this.#signal.aborted || this.#stock?.early.hasAnswers === true;
  }

  async callAll(calls: readonly PayloadCall[], rounds: Forkable): Promise<CallOutcome[]> {
    const phase = new Phase(calls);
    this.#current = { phase, rounds };
    this.#moves++;
    const outcomes = mapConcurrently(
      [...calls.keys()],
      (index) => phase.started(index, this.#call(calls[index]!, phase, index)),
    );
    if (this.#engine.lookAheadAfterMs === 0) this.goAhead();
    try {
      return await outcomes;
    } finally {
      this.#current = undefined;
      if (this.#forerunners) {
        await this.#forerunners.stopped();
        this.#forerunners = undefined;
      }
    }
  }

  /** Lets payloads that are ready go ahead of the calls that are waited for, if there are any. */
  goAhead(): void {
    if (!this.#current || this.#forerunners || this.#signal.aborted || this.#current.phase.isOver) return;
    const { phase, rounds } = this.#current;
    const { early, digests, ids } = this.#stock ??= this.#openStock();
    this.#forerunners = new Forerunners({
      early,
      phase,
      sha256: (content) => {
        const digest = this.sha256(content);
        digests.set(content, digest);
        return digest;
      },
      idFor: (sha256) => {
        const id = this.idFor(sha256);
        ids.set(sha256, id);
        return id;
      },
      isKnown: (sha256) => this.#state.twinsOf(sha256).length > 0,
    });
    this.#forerunners.send(rounds);
  }

  sha256(content: Uint8Array): MaybePromise<string> {
    return this.#stock?.digests.get(content) ?? this.#engine.sha256(content);
  }

  idFor(sha256: string): string {
    return this.#stock?.ids.get(sha256) ?? this.#engine.newId();
  }

  [Symbol.dispose](): void {
    if (!this.#stock) return;
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#giveUp();
  }

  async #call(call: PayloadCall, phase: Phase, index: number): Promise<CallOutcome> {
    const early = this.#stock && await this.#stock.early.take(call);
    const outcome = early ?? await this.#callNow(call);
    if (phase.arrived(index)) this.#moves++;
    // At once: whoever waits for the same outcome must not go ahead of rounds that go on.
    if (phase.isOver) this.#forerunners?.stop();
    return outcome;
  }

  #callNow({ plugin, role, payload, view, round }: PayloadCall): Promise<CallOutcome> {
    const request = this.#state.view(payload, () => noteCurious(this.#engine, plugin, role));
    return callPlugin(this.#engine, plugin, { role, payload: view, request, round }, this.#signal);
  }

  #openStock(): Stock {
    this.#signal.addEventListener("abort", this.#onAbort);
    return { early: new EarlyCalls(this.#engine, this.#state), digests: new WeakMap(), ids: new Map() };
  }

  #giveUp(): void {
    this.#forerunners?.stop();
    this.#stock?.early.abort();
  }
}

interface Stock {
  readonly early: EarlyCalls;
  readonly digests: WeakMap<Uint8Array, MaybePromise<string>>;
  /** Digest → id of the payload that has it, or will have it. */
  readonly ids: Map<string, string>;
}
