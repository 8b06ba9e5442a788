/**
 * One call of a plugin in its thread: decodes the arguments, invokes the plugin and encodes the answer.
 *
 * @module
 */

import type { ExtractionBudget, Plugin, Role } from "../../core/contract/contract.ts";
import { badResponse, type StoqError } from "../../core/contract/errors.ts";
import { metadataTooLarge, resultTooLarge } from "../../core/contract/limit_errors.ts";
import { extractionErrors, limitExtraction } from "../../core/scan/extraction.ts";
import { readAnswer } from "../../core/scan/answer_reader.ts";
import { readPayload } from "../../core/scan/delivery_reader.ts";
import type { ExtractedPayload } from "../../core/scan/value_reader.ts";
import { type Limits, MAX_ERROR_CHARS } from "../../core/contract/limits.ts";
import type { AnyCall } from "../../core/ports/plugin_host.ts";
import { PlainCopier } from "../../core/contract/plain.ts";
import { boundsOf, SMALL_JSON_BYTES } from "../call_bounds.ts";
import { decodePlain, encodePlain } from "../plain_codec.ts";
import { isWithinCost } from "../plain_cost.ts";
import { invoke } from "../plugin_object.ts";
import { type CallMessage, type FailureRecord, MAX_ID_CHARS } from "../protocol.ts";
import { failureOf } from "./failure.ts";
import type { HostChannel } from "./host_channel.ts";
import type { SharedMailbox } from "./mailbox.ts";
import type { FromThread } from "./thread_protocol.ts";

/** A plugin that can be called. */
export interface CalledPlugin {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly plugin: Plugin;
  readonly limits: Limits;
  readonly mailbox: SharedMailbox;
}

/** Makes a call, and sends the answer or the failure. Never rejects. */
export async function invokePlugin(
  channel: HostChannel,
  called: CalledPlugin,
  message: CallMessage,
  content: Uint8Array,
): Promise<void> {
  const { id, role } = message;
  try {
    const call = callOf(channel, called, message, content);
    const value = await invoke(called.plugin, call, called.name, called.roles);
    const { contents, answer } = readValue(call, value, called.limits);
    const json = encodeAnswer(call, answer, called.limits.resultBytes);
    await channel.postContents(id, contents);
    channel.post({ type: "answer", id, json });
  } catch (thrown) {
    channel.post({ type: "thrown", id, failure: failureOf(role, thrown) });
  }
}

function callOf(
  channel: HostChannel,
  called: CalledPlugin,
  message: CallMessage,
  content: Uint8Array,
): AnyCall {
  const parameters = decodePlain(message.parametersJson) as Record<string, unknown>;
  const { role } = message;
  if (role === "check") return { role };
  if (role === "source-archiver" || role === "decorator" || role === "connector") {
    return { role, ...parameters } as AnyCall;
  }
  const { payload, request, hasFamily } = parameters as {
    payload: object;
    request: object;
    hasFamily: boolean;
  };
  const parts = new RequestParts(channel, called.mailbox, message.id);
  const getterOf = (what: "results" | "errors") => ({ enumerable: true, get: () => parts.list(what) });
  const view = Object.defineProperties({ ...request }, {
    results: getterOf("results"),
    errors: getterOf("errors"),
  });
  if (hasFamily) Object.assign(view, { content: (payloadId: unknown) => parts.content(payloadId) });
  return { role, payload: { ...payload, content }, request: view } as AnyCall;
}

/** Parts of a request that are fetched when the plugin reads them: most plugins read their payload alone. */
class RequestParts {
  readonly #channel: HostChannel;
  readonly #mailbox: SharedMailbox;
  readonly #id: number;
  /** What was fetched: the host gives each part once. */
  readonly #fetched = new Map<string, unknown>();

  constructor(channel: HostChannel, mailbox: SharedMailbox, id: number) {
    this.#channel = channel;
    this.#mailbox = mailbox;
    this.#id = id;
  }

  /** @throws {RangeError} for a list that is too large to be given */
  list(what: "results" | "errors"): unknown {
    return this.#once(what, () => {
      const data = this.#fetch({ type: "want", id: this.#id, what }, `request.${what}`);
      return decodePlain(new TextDecoder().decode(data));
    });
  }

  /** Returns the bytes of a parent or sibling; `undefined` for any other id. @throws {RangeError} for bytes that are too large to be given */
  content(payloadId: unknown): unknown {
    if (typeof payloadId !== "string" || payloadId.length > MAX_ID_CHARS) return undefined;
    return this.#once(
      `content of ${payloadId}`,
      () => this.#fetch({ type: "want-content", id: this.#id, payloadId }, `payload ${payloadId}`),
    );
  }

  #once(part: string, fetch: () => unknown): unknown {
    if (!this.#fetched.has(part)) this.#fetched.set(part, fetch());
    return this.#fetched.get(part);
  }

  #fetch(message: FromThread, what: string): Uint8Array | undefined {
    this.#channel.post(message);
    const { state, data } = this.#mailbox.take();
    if (state === "too-large") throw new RangeError(`${what} is too large to be read`);
    return state === "whole" ? data : undefined;
  }
}

interface ReadValue {
  readonly contents: readonly Uint8Array[];
  readonly answer: unknown;
}

function readValue(
  call: AnyCall,
  value: unknown,
  limits: Limits,
): ReadValue {
  const { role } = call;
  // A connector has no answer.
  if (role === "connector") return { contents: [], answer: null };
  if (role === "check") {
    return { contents: [], answer: new PlainCopier(limits.resultBytes).copy(value ?? null) };
  }
  if (role === "source-archiver") return readFetched(value, limits.resultBytes);
  const { extracted, failures, problems, problemCount, limitErrors, ...rest } = readAnswer(
    value,
    limits.resultBytes,
  );
  const { kept, errors } = role === "worker"
    ? admitted(extracted, call.request.budget, limits)
    : { kept: [], errors: [] };
  const own: StoqError[] = problemCount > 0 ? [badResponse(role, problems, problemCount)] : [];
  own.push(...limitErrors, ...errors);
  return {
    contents: kept.map(({ content }) => content),
    answer: { ...rest, extracted: kept.map(metaOf), errors: [...failures, ...own].map(recordOf) },
  };
}

function admitted(extracted: readonly ExtractedPayload[], budget: ExtractionBudget, limits: Limits) {
  const limited = limitExtraction(extracted, budget);
  return { kept: limited.kept, errors: extractionErrors(limited, budget, limits) };
}

const NO_ANNOTATIONS = { findings: [], indicators: [], passwords: [], blindSpots: [], resume: undefined };

/**
 * Returns an answer as JSON, reduced where it would take more memory in the host than it may.
 *
 * @throws {StoqError} where its metadata alone is too large
 */
function encodeAnswer(call: AnyCall, answer: unknown, resultBytes: number): string {
  const json = encodePlain(answer);
  if (json.length <= SMALL_JSON_BYTES) return json;
  const { costBytes } = boundsOf(call, resultBytes);
  if (isWithinCost(answer, costBytes)) return json;
  const whole = answer as { readonly errors?: readonly FailureRecord[] };
  const without = (left: object, ...reasons: readonly StoqError[]) => ({
    ...whole,
    ...left,
    errors: [...whole.errors ?? [], ...reasons.map(recordOf)],
  });
  const [results, metadata] = [resultTooLarge(resultBytes), metadataTooLarge(1, resultBytes)];
  const reduced = [
    without({ results: undefined }, results),
    without(NO_ANNOTATIONS, metadata),
    without({ results: undefined, ...NO_ANNOTATIONS }, results, metadata),
  ].find((each) => isWithinCost(each, costBytes));
  if (!reduced) throw results;
  return encodePlain(reduced);
}

function readFetched(value: unknown, resultBytes: number): ReadValue {
  if (value === undefined || value === null) return { contents: [], answer: null };
  const reading = readPayload(value, resultBytes);
  if ("problems" in reading) throw badResponse("source-archiver", reading.problems, reading.problemCount);
  return { contents: [reading.value.content], answer: metaOf(reading.value) };
}

function metaOf({ payloadMeta }: ExtractedPayload): unknown {
  return payloadMeta;
}

/** Returns a failure as a record. Longer texts would be cut by the host. */
function recordOf({ code, message }: FailureRecord): FailureRecord {
  return { code, message: message.slice(0, MAX_ERROR_CHARS + 1) };
}
