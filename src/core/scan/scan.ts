/**
 * The life of one request from its first payload to its response.
 *
 * @module
 */

import type { ErrorRecord, PayloadMeta, RequestInput, StoqResponse } from "../contract/contract.ts";
import { type StoqError } from "../contract/errors.ts";
import { payloadNotRead, payloadTooLarge, requestTimedOut, tooManyRoots } from "../contract/limit_errors.ts";
import { Explainer } from "./explainer.ts";
import type { ScanEnvironment, ScanOptions } from "./environment.ts";
import { finishRequest } from "./finish.ts";
import { toBytes } from "./value_reader.ts";
import type { MemoryHold } from "./memory_budget.ts";
import { NEVER } from "../ports/plugin_host.ts";
import { Rounds } from "./rounds.ts";
import { ScanLog } from "./scan_log.ts";
import { completeMeta, PayloadState } from "./payload_state.ts";
import { RequestState } from "./request_state.ts";

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
  environment: ScanEnvironment,
  input: ScanInput,
  options: RequestOptions = {},
): Promise<StoqResponse> {
  const { telemetry } = environment;
  if (!telemetry) return runRequest(environment, input, options);
  return telemetry.request(() => runRequest(environment, input, options));
}

async function runRequest(
  environment: ScanEnvironment,
  input: ScanInput,
  options: RequestOptions,
): Promise<StoqResponse> {
  const signal = options.signal ?? NEVER;
  signal.throwIfAborted();
  const explainer = environment.isExplaining
    ? new Explainer(environment.selection, environment.limits)
    : undefined;
  const log = new ScanLog(environment);
  const onError = (error: ErrorRecord) => log.addError(error);
  const state = new RequestState(input.requestMeta, environment.limits, {
    onError,
    hold: options.hold,
    passwords: options.passwords,
  });
  const request: OpenRequest = { environment, state, explainer };
  await addRoots(request, input);
  if (input.unread) addUnread(request, input.unread);
  log.begin(state.payloads.length, state.requestMeta.source);
  await runRounds(request, options, signal);
  signal.throwIfAborted();
  const response = await finishRequest(environment, state, { scanId: log.scanId, signal, explainer });
  log.end(response);
  return response;
}

/** A request between its first payload and its response. */
interface OpenRequest {
  readonly environment: ScanEnvironment;
  readonly state: RequestState;
  readonly explainer: Explainer | undefined;
}

async function addRoots(request: OpenRequest, input: RequestInput): Promise<void> {
  const { environment, state } = request;
  const { limits } = environment;
  // The first payload is always listed.
  const { payloads: most, isBoundByResponse } = state.budgetFor(undefined);
  const count = Math.min(input.payloads.length, Math.max(1, most));
  for (const { content, payloadMeta } of input.payloads.slice(0, count)) {
    const bytes = toBytes(content);
    const payload = new PayloadState({
      content: bytes,
      sha256: await environment.sha256(bytes),
      payloadId: environment.newId(),
      payloadMeta: state.listedRootMeta(completeMeta(payloadMeta)),
    });
    state.spend(0);
    state.addPayload(payload);
    if (bytes.length > limits.payloadBytes) {
      payload.refuseScan();
      leaveUnscanned(request, payload, payloadTooLarge("The payload", bytes.length, limits.payloadBytes));
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

function addUnread(request: OpenRequest, unread: UnreadPayload): void {
  const { environment, state } = request;
  const { sizeBytes, readLimitBytes, payloadMeta } = unread;
  const payload = new PayloadState({
    content: new Uint8Array(),
    sha256: "",
    payloadId: environment.newId(),
    payloadMeta: state.listedRootMeta(
      completeMeta({ ...payloadMeta, shouldScan: false, shouldArchive: false }),
    ),
    unreadBytes: sizeBytes ?? readLimitBytes + 1,
  });
  state.spend(0);
  state.addPayload(payload);
  leaveUnscanned(
    request,
    payload,
    payloadNotRead(sizeBytes, readLimitBytes, environment.limits.payloadBytes),
  );
}

function leaveUnscanned({ state, explainer }: OpenRequest, payload: PayloadState, error: StoqError): void {
  state.addError(error, { payloadId: payload.payloadId });
  explainer?.leftUnscanned(payload, error);
}

async function runRounds(
  { environment, state, explainer }: OpenRequest,
  options: ScanOptions,
  signal: AbortSignal,
): Promise<void> {
  const end = new AbortController();
  const { clock, limits: { requestTimeoutMs: timeoutMs } } = environment;
  // AbortSignal.any would cost as much as all the rest of a small request.
  const onAbort = () => end.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  const cancelTimeout = clock.after(timeoutMs, () => end.abort(requestTimedOut(timeoutMs)));
  try {
    await new Rounds({ environment, options, explainer, signal: end.signal }, state).run();
  } finally {
    cancelTimeout();
    signal.removeEventListener("abort", onAbort);
  }
}
