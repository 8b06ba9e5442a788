/**
 * The engine's door: what a scan needs, and the life of one request from its first payload to its response.
 *
 * @module
 */

import type { ErrorRecord, MaybePromise, PayloadMeta, RequestInput, StoqResponse } from "./contract.ts";
import { type StoqError } from "./errors.ts";
import { payloadNotRead, payloadTooLarge, requestTimedOut, tooManyRoots } from "./limit_errors.ts";
import { Explainer } from "./explainer.ts";
import { finishRequest } from "./finish.ts";
import { toBytes } from "./intake.ts";
import type { Limits } from "./limits.ts";
import type { EngineLog } from "./log.ts";
import type { MemoryHold } from "./memory_budget.ts";
import { type Clock, NEVER, type PluginHost } from "./plugin_host.ts";
import { Rounds } from "./rounds.ts";
import { ScanLog } from "./scan_log.ts";
import { completeMeta, PayloadState, RequestState } from "./scan_state.ts";
import type { Telemetry } from "./telemetry.ts";

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
  readonly log: EngineLog;
  readonly newId: () => string;
  /** Lower-case hexadecimal. */
  readonly sha256: (content: Uint8Array) => MaybePromise<string>;
  readonly limits: Limits;
  readonly selection: PluginSelection;
  readonly stoqVersion: string;
  readonly isExplaining: boolean;
  /** Is told what happens; absent where nobody listens. */
  readonly telemetry?: Telemetry;
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

/** What concerns one request alone, for a caller that has many in flight. */
export interface RequestOptions extends ScanOptions {
  /**
   * Grows with what the request takes of memory beside its root payloads: extracted payloads and the response. The caller has counted
   * the root payloads, and releases it.
   */
  readonly hold?: MemoryHold;
}

/** A payload of which nothing was kept, because it is larger than it may be. */
export interface UnreadPayload {
  /** Where it is known. */
  readonly sizeBytes: number | undefined;
  /** It is larger than that. */
  readonly readLimitBytes: number;
  readonly payloadMeta: Partial<PayloadMeta>;
}

/** A request of which a payload may be missing. */
export interface ScanInput extends RequestInput {
  /** Listed in the response behind the others, neither scanned nor archived. */
  readonly unread?: UnreadPayload;
}

/** Scans a request and lets archivers, decorators and connectors finish it. */
export function scanRequest(
  engine: Engine,
  input: ScanInput,
  options: RequestOptions = {},
): Promise<StoqResponse> {
  const { telemetry } = engine;
  if (!telemetry) return runRequest(engine, input, options);
  return telemetry.request(() => runRequest(engine, input, options));
}

async function runRequest(engine: Engine, input: ScanInput, options: RequestOptions): Promise<StoqResponse> {
  const signal = options.signal ?? NEVER;
  signal.throwIfAborted();
  const explainer = engine.isExplaining ? new Explainer(engine.selection, engine.limits) : undefined;
  const log = new ScanLog(engine);
  const onError = (error: ErrorRecord) => log.addError(error);
  const state = new RequestState(input.requestMeta, engine.limits, {
    explainer,
    onError,
    hold: options.hold,
  });
  await admitRoots(engine, state, input);
  if (input.unread) admitUnread(engine, state, input.unread);
  log.begin(state.payloads.length, state.requestMeta.source);
  await runRounds(engine, state, options, signal);
  signal.throwIfAborted();
  const response = await finishRequest(engine, state, { scanId: log.scanId, signal });
  log.end(response);
  return response;
}

async function admitRoots(engine: Engine, state: RequestState, input: RequestInput): Promise<void> {
  const { limits } = engine;
  // The first payload is always listed.
  const { payloads: most, isBoundByResponse } = state.budgetFor(undefined);
  const count = Math.min(input.payloads.length, Math.max(1, most));
  for (const { content, payloadMeta } of input.payloads.slice(0, count)) {
    const bytes = toBytes(content);
    const payload = new PayloadState({
      content: bytes,
      sha256: await engine.sha256(bytes),
      payloadId: engine.newId(),
      payloadMeta: state.listedRootMeta(completeMeta(payloadMeta)),
    });
    state.spend(0);
    state.addPayload(payload);
    if (bytes.length > limits.payloadBytes) {
      payload.refuseScan();
      leaveUnscanned(state, payload, payloadTooLarge("The payload", bytes.length, limits.payloadBytes));
    }
  }
  const leftOut = input.payloads.length - count;
  if (leftOut === 0) return;
  state.addError(
    isBoundByResponse
      ? tooManyRoots(leftOut, "response_cost", limits.responseCost)
      : tooManyRoots(leftOut, "payloads", limits.payloads),
  );
}

function admitUnread(engine: Engine, state: RequestState, unread: UnreadPayload): void {
  const { sizeBytes, readLimitBytes, payloadMeta } = unread;
  const payload = new PayloadState({
    content: new Uint8Array(),
    sha256: "",
    payloadId: engine.newId(),
    payloadMeta: state.listedRootMeta(
      completeMeta({ ...payloadMeta, shouldScan: false, shouldArchive: false }),
    ),
    unreadBytes: sizeBytes ?? readLimitBytes + 1,
  });
  state.spend(0);
  state.addPayload(payload);
  leaveUnscanned(state, payload, payloadNotRead(sizeBytes, readLimitBytes, engine.limits.payloadBytes));
}

function leaveUnscanned(state: RequestState, payload: PayloadState, error: StoqError): void {
  state.addError(error, { payloadId: payload.payloadId });
  state.explainer?.leftUnscanned(payload, error);
}

async function runRounds(
  engine: Engine,
  state: RequestState,
  options: ScanOptions,
  signal: AbortSignal,
): Promise<void> {
  const end = new AbortController();
  const { clock, limits: { requestTimeoutMs: timeoutMs } } = engine;
  // AbortSignal.any would cost as much as all the rest of a small request.
  const onAbort = () => end.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  const cancelTimeout = clock.after(timeoutMs, () => end.abort(requestTimedOut(timeoutMs)));
  try {
    await new Rounds({ engine, options, signal: end.signal }, state).run();
  } finally {
    cancelTimeout();
    signal.removeEventListener("abort", onAbort);
  }
}
