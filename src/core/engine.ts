/**
 * The engine's door: what a scan needs, and the life of one request from its first payload to its response.
 *
 * @module
 */

import type { MaybePromise, RequestInput, StoqResponse } from "./contract.ts";
import { payloadTooLarge, requestTimedOut, tooManyRoots } from "./errors.ts";
import { finishRequest } from "./finish.ts";
import { toBytes } from "./intake.ts";
import type { Limits } from "./limits.ts";
import { Lookahead } from "./lookahead.ts";
import type { Clock, PluginHost } from "./plugin_host.ts";
import { RequestWatch } from "./request_watch.ts";
import { Rounds } from "./rounds.ts";
import { completeMeta, PayloadState, RequestState } from "./scan_state.ts";

/** Names of plugins by what they are used for. */
export interface PluginSelection {
  readonly alwaysDispatch: readonly string[];
  readonly dispatchers: readonly string[];
  readonly deepDispatchers: readonly string[];
  readonly destArchivers: readonly string[];
  readonly decorators: readonly string[];
  readonly connectors: readonly string[];
}

/** Everything that the engine is given; it reaches for nothing by itself. */
export interface Engine {
  readonly host: PluginHost;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Lower-case hexadecimal. */
  readonly sha256: (content: Uint8Array) => MaybePromise<string>;
  readonly limits: Limits;
  readonly selection: PluginSelection;
  readonly stoqVersion: string;
  readonly isExplaining: boolean;
  /** Time without progress after which payloads that are ready go ahead of their turn; `Infinity`: never. */
  readonly lookAheadAfterMs: number;
}

/** What concerns one scan alone. */
export interface ScanOptions {
  /** Workers for the payloads of the initial request. */
  readonly startDispatch?: readonly string[];
  /** Workers for the first deep pass of the payloads of the initial request. */
  readonly startDeepDispatch?: readonly string[];
  /** Gives the scan up: the promise rejects with the signal's reason, until the connectors have begun to save. */
  readonly signal?: AbortSignal;
}

/** Scans a request and lets archivers, decorators and connectors finish it. @throws {TypeError} for content that is no content */
export async function scanRequest(
  engine: Engine,
  input: RequestInput,
  options: ScanOptions = {},
): Promise<StoqResponse> {
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  checkContents(input);
  const state = new RequestState(input.requestMeta, engine.limits);
  await admitRoots(engine, state, input);
  await runRounds(engine, state, options, signal);
  signal.throwIfAborted();
  return await finishRequest(engine, state, signal);
}

/** Anything else has no size, and would be lost without a word: an `ArrayBuffer` is easily passed by mistake. */
function checkContents(input: RequestInput): void {
  for (const [index, { content }] of input.payloads.entries()) {
    if (typeof content === "string" || content instanceof Uint8Array) continue;
    const actual = Object.prototype.toString.call(content).slice(8, -1);
    throw new TypeError(`Content of payload ${index} is of type ${actual}, must be a Uint8Array or text`);
  }
}

async function admitRoots(engine: Engine, state: RequestState, input: RequestInput): Promise<void> {
  const { limits } = engine;
  for (const { content, payloadMeta } of input.payloads.slice(0, limits.payloads)) {
    const bytes = toBytes(content);
    const payload = new PayloadState({
      content: bytes,
      sha256: await engine.sha256(bytes),
      payloadId: engine.newId(),
      payloadMeta: completeMeta(payloadMeta),
    });
    state.spend(0);
    state.addPayload(payload);
    if (bytes.length > limits.payloadBytes) {
      payload.refuseScan();
      state.addError(payloadTooLarge("The payload", bytes.length, limits.payloadBytes), {
        payloadId: payload.payloadId,
      });
    }
  }
  const leftOut = input.payloads.length - limits.payloads;
  if (leftOut > 0) state.addError(tooManyRoots(leftOut, limits.payloads));
}

async function runRounds(
  engine: Engine,
  state: RequestState,
  options: ScanOptions,
  signal: AbortSignal,
): Promise<void> {
  const deadline = new AbortController();
  const { clock, limits: { requestTimeoutMs: timeoutMs }, lookAheadAfterMs } = engine;
  const anySignal = AbortSignal.any([signal, deadline.signal]);
  using door = new Lookahead(engine, state, anySignal);
  // Who goes ahead at once need not be watched for stalls.
  using _watch = new RequestWatch(clock, { timeoutMs, stallMs: lookAheadAfterMs || Infinity }, {
    get moves() {
      return door.moves;
    },
    onStall: () => door.goAhead(),
    onTimeout: () => deadline.abort(requestTimedOut(timeoutMs)),
  });
  await new Rounds({ engine, options, door, signal: anySignal }, state).run();
}
