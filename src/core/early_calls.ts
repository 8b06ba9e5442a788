/**
 * Calls that were made before their turn, kept until it comes.
 *
 * @module
 */

import { MAX_CONCURRENT_CALLS } from "./bounded.ts";
import { type CallOutcome, callPlugin } from "./calls.ts";
import type { ExtractionBudget } from "./contract.ts";
import { isCurious, noteCurious } from "./curiosity.ts";
import type { PayloadCall } from "./door.ts";
import type { Engine } from "./engine.ts";
import { admitExtracted } from "./extraction.ts";
import { isSameCall, keyOf } from "./phase.ts";
import type { Held, RequestState } from "./scan_state.ts";
import { Slots } from "./slots.ts";

interface EarlyCall {
  readonly call: PayloadCall;
  readonly budget: ExtractionBudget;
  readonly abort: AbortController;
  /** `undefined` when it must not be used. */
  readonly outcome: Promise<CallOutcome | undefined>;
  /** What its answer takes of what the request may still extract; absent until it is there. */
  held?: Held;
}

/** Outcomes of calls ahead of their turn, with what they may hold of memory and of the plugins' time. */
export class EarlyCalls {
  readonly #engine: Engine;
  readonly #state: RequestState;
  readonly #calls = new Map<string, EarlyCall[]>();
  readonly #slots = new Slots(MAX_CONCURRENT_CALLS, () => this.#hasRoom());
  #held: Held = { bytes: 0, payloads: 0 };
  #answers = 0;

  /** @param state the request's own, of which early calls change nothing */
  constructor(engine: Engine, state: RequestState) {
    this.#engine = engine;
    this.#state = state;
  }

  /** Whether outcomes have arrived that nobody has taken. */
  get hasAnswers(): boolean {
    return this.#answers > 0;
  }

  /** Waits until one more call may be started. @throws the reason of `sendAway` */
  waitForSlot(): Promise<void> {
    return this.#slots.take();
  }

  releaseSlot(): void {
    this.#slots.release();
  }

  /** Sends away all who wait for a slot. */
  sendAway(reason: unknown): void {
    this.#slots.clear(reason);
  }

  /** Whether a call may be made early: not when its plugin looks at what has been taken in so far. */
  mayStart({ plugin, role }: PayloadCall): boolean {
    return !isCurious(this.#engine, plugin, role);
  }

  /** The outcome of an equal call that has been started, without taking it. */
  find(call: PayloadCall): Promise<CallOutcome | undefined> | undefined {
    return this.#find(call)?.outcome;
  }

  /** Starts a call in the slot that its caller has waited for. */
  start(call: PayloadCall): Promise<CallOutcome | undefined> {
    const { plugin, role, payload, view, round } = call;
    const abort = new AbortController();
    let hasLooked = false;
    const onLook = () => {
      hasLooked = true;
      noteCurious(this.#engine, plugin, role);
    };
    const request = this.#state.view(payload, onLook, this.#held);
    const pluginCall = { role, payload: view, request, round, isAhead: true };
    const outcome = callPlugin(this.#engine, plugin, pluginCall, abort.signal)
      .then((outcome) => {
        const held = heldBy(outcome);
        const isUsable = !abort.signal.aborted && !hasLooked && this.#fits(held);
        if (isUsable) this.#hold(early, held);
        else this.#remove(early);
        this.#slots.release();
        return isUsable ? outcome : undefined;
      });
    const early: EarlyCall = { call, budget: request.budget, abort, outcome };
    const key = keyOf(call);
    const others = this.#calls.get(key);
    if (others) others.push(early);
    else this.#calls.set(key, [early]);
    return outcome;
  }

  /** Takes the outcome of a call whose turn has come, if it is what the plugin would answer now. */
  async take(call: PayloadCall): Promise<CallOutcome | undefined> {
    const early = this.#find(call);
    const outcome = await early?.outcome;
    if (early && outcome) this.#remove(early);
    // A worker is called once for each payload: what was made under other assumptions is of no use any more.
    if (call.role === "worker") {
      for (const other of [...this.#calls.get(keyOf(call)) ?? []]) this.#discard(other);
    }
    this.#slots.wake();
    return early && outcome && this.#wouldBeSame(early, outcome) ? outcome : undefined;
  }

  /** Gives up the calls that have no answer yet. */
  abort(): void {
    for (const early of [...this.#calls.values()].flat()) if (!early.held) this.#discard(early);
  }

  #find(call: PayloadCall): EarlyCall | undefined {
    return this.#calls.get(keyOf(call))?.find((early) => isSameCall(early.call, call));
  }

  /** Another budget changes nothing for an answer that fits and does not speak of limits. */
  #wouldBeSame({ budget, call }: EarlyCall, { answer, failure }: CallOutcome): boolean {
    const now = this.#state.budgetFor(call.payload);
    if (
      now.payloadBytes === budget.payloadBytes && now.extractedBytes === budget.extractedBytes &&
      now.payloads === budget.payloads
    ) return true;
    const codes = [...failure ? [failure.code] : [], ...answer.failures.map(({ code }) => code)];
    if (codes.some((code) => code.startsWith("limit-"))) return false;
    const { limits } = this.#engine;
    return admitExtracted(answer.extracted, now, limits).errors.length === 0;
  }

  #hasRoom(): boolean {
    const left = this.#state.budgetFor(undefined, this.#held);
    return left.extractedBytes > 0 && left.payloads > 0;
  }

  #fits({ bytes, payloads }: Held): boolean {
    const left = this.#state.budgetFor(undefined, this.#held);
    return bytes <= left.extractedBytes && payloads <= left.payloads;
  }

  #hold(early: EarlyCall, held: Held): void {
    early.held = held;
    this.#answers++;
    this.#held = { bytes: this.#held.bytes + held.bytes, payloads: this.#held.payloads + held.payloads };
  }

  #remove(early: EarlyCall): void {
    const key = keyOf(early.call);
    const others = this.#calls.get(key)?.filter((other) => other !== early) ?? [];
    if (others.length > 0) this.#calls.set(key, others);
    else this.#calls.delete(key);
    const { held } = early;
    if (held === undefined) return;
    early.held = undefined;
    this.#answers--;
    this.#held = { bytes: this.#held.bytes - held.bytes, payloads: this.#held.payloads - held.payloads };
  }

  #discard(early: EarlyCall): void {
    early.abort.abort();
    this.#remove(early);
  }
}

function heldBy({ answer }: CallOutcome): Held {
  return {
    bytes: answer.extracted.reduce((sum, { content }) => sum + content.length, 0),
    payloads: answer.extracted.length,
  };
}
