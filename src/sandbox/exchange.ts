/**
 * The messages of one call, or of one provider's stream, as the host receives them.
 *
 * @module
 */

import type { DeliveryItem, PayloadInput, PayloadMeta, RequestView } from "../core/contract/contract.ts";
import { isCode, StoqError } from "../core/contract/errors.ts";
import type { AnyCall } from "../core/ports/plugin_host.ts";
import { boundsOf, type CallBounds, SMALL_JSON_BYTES } from "./call_bounds.ts";
import { FrameError, splitBody } from "./frames.ts";
import { isFailure } from "./message_shape.ts";
import { decodePlain, encodePlain } from "./plain_codec.ts";
import { CostError } from "./plain_cost.ts";
import { decodeBounded } from "./plain_decoder.ts";
import {
  type FailureRecord,
  type GivenState,
  MAX_ID_CHARS,
  MAX_WANTED,
  type RunnerMessage,
} from "./protocol.ts";
import { SHARED } from "./guest/thread_protocol.ts";

/** How a call ended. */
export interface ExchangeEnd {
  /** The plugin's answer; `undefined` when it threw. */
  readonly value?: unknown;
  readonly failure?: StoqError;
  /** Measured in the runner. */
  readonly durationMs: number;
}

/** A provider's delivery with the number by which it is settled. */
export interface NumberedItem {
  readonly number: number;
  /** The item, or the reason why the delivery has none. */
  readonly item: DeliveryItem | StoqError;
  /** The provider's value, unchecked. */
  readonly attempt: number | undefined;
}

/** The answer to a plugin that asked for a part of the request. */
export interface Given {
  readonly state: GivenState;
  readonly body: Uint8Array;
}

/** Messages that belong to a call or stream. */
export type ExchangeMessage = Extract<RunnerMessage, { readonly id: number }>;

/** The body of a delivery; in a forged one every field may be any value. */
interface DeliveredRecord {
  readonly item?: DeliveryItem;
  readonly failure?: unknown;
  readonly attempt?: number;
}

const TOO_LARGE = "its answer is larger than results may be";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Returns the arguments of a call as JSON, without the content and without the parts that are sent on request. */
export function parametersJsonOf(call: AnyCall): string {
  if (!("payload" in call)) {
    const { role: _, ...parameters } = call;
    return encodePlain(parameters);
  }
  const { content: _, ...payload } = call.payload;
  const { requestMeta, budget, passwords, resume, content: hasFamily } = call.request;
  return encodePlain({
    payload,
    request: { requestMeta, budget, passwords, resume },
    hasFamily: hasFamily !== undefined,
  });
}

/** Collects the messages of one call. */
export class Exchange {
  readonly id: number;
  readonly plugin: string;
  readonly #call: AnyCall | undefined;
  readonly #end = Promise.withResolvers<ExchangeEnd>();
  readonly #bounds: CallBounds;
  readonly #wanted = new Set<string>();
  readonly #settling = new Map<number, PromiseWithResolvers<void>>();
  #delivery: PromiseWithResolvers<NumberedItem | undefined> | undefined;
  #contents: Uint8Array[] = [];
  #contentBytes = 0;
  readonly #isWanted: () => boolean;

  /**
   * @param isWanted returns whether the host still waits for the call
   * @param call absent for a provider's stream
   */
  constructor(id: number, plugin: string, resultBytes: number, isWanted: () => boolean, call?: AnyCall) {
    this.#isWanted = isWanted;
    this.#bounds = boundsOf(call, resultBytes);
    this.id = id;
    this.plugin = plugin;
    this.#call = call;
  }

  /** Size limit of the next message's body. */
  get mostBytes(): number {
    return Math.max(this.#bounds.jsonBytes, this.#bounds.contentBytes - this.#contentBytes);
  }

  get end(): Promise<ExchangeEnd> {
    return this.#end.promise;
  }

  /** Waits for the next delivery; `undefined` at the stream's end. @throws {StoqError} what the provider threw */
  nextDelivery(): Promise<NumberedItem | undefined> {
    this.#delivery = Promise.withResolvers();
    return this.#delivery.promise;
  }

  /** Waits until the provider has settled a delivery. @throws {StoqError} when it failed to */
  settled(number: number): Promise<void> {
    const settling = Promise.withResolvers<void>();
    this.#settling.set(number, settling);
    return settling.promise;
  }

  /**
   * Reads a message. Returns the answer where the plugin asked for a part of the request.
   *
   * @throws {FrameError} for a message that breaks the protocol
   */
  async take(message: ExchangeMessage, body: Uint8Array<ArrayBuffer>): Promise<Given | undefined> {
    switch (message.type) {
      case "contents":
        return this.#takeContents(body, message.sizes);
      case "answer":
        this.#end.resolve({ value: await this.#answer(body), durationMs: message.durationMs });
        return undefined;
      case "thrown":
        this.#end.resolve({ failure: toError(message.failure), durationMs: message.durationMs });
        return undefined;
      case "want":
        return this.#give(message.what);
      case "want-content":
        return await this.#giveContent(message.payloadId);
      case "delivery":
        if (!this.#delivery) throw new FrameError("it sent a delivery that the host did not ask for");
        this.#delivery.resolve({ number: message.delivery, ...await this.#delivered(body) });
        this.#delivery = undefined;
        return undefined;
      case "settled":
        settle(this.#settling.get(message.delivery), message.failure);
        this.#settling.delete(message.delivery);
        return undefined;
      case "ended":
        if (message.failure) this.#delivery?.reject(toError(message.failure));
        else this.#delivery?.resolve(undefined);
        return undefined;
    }
  }

  /** An honest runner sends no more than the call may extract. A forged list of sizes is rejected before it is used. */
  #takeContents(body: Uint8Array<ArrayBuffer>, sizes: readonly number[]): undefined {
    const { contents, contentBytes } = this.#bounds;
    this.#contentBytes += body.length;
    if (this.#contents.length + sizes.length > contents || this.#contentBytes > contentBytes) {
      throw new FrameError("it sent more contents than the call may extract");
    }
    // One `push` with all of them as arguments could overflow the stack.
    for (const content of splitBody(body, sizes)) this.#contents.push(content);
  }

  async #answer(body: Uint8Array): Promise<unknown> {
    const answer = await this.#parse(body);
    if (this.#call?.role === "source-archiver") {
      const [content] = this.#contents;
      return content && { content, payloadMeta: answer };
    }
    if (this.#call?.role === "check") return answer ?? undefined;
    if (typeof answer !== "object" || answer === null) return undefined;
    const { extracted, ...rest } = answer as { extracted?: unknown };
    return { ...rest, extracted: this.#withContents(extracted, (meta) => meta) };
  }

  /** Joins the metadata of payloads with their contents, which were sent before. @throws {FrameError} when the numbers differ */
  #withContents(records: unknown, metaOf: (record: unknown) => unknown): PayloadInput[] {
    const list: readonly unknown[] = Array.isArray(records) ? records : [];
    const contents = this.#contents;
    this.#contents = [];
    this.#contentBytes = 0;
    if (list.length !== contents.length) {
      throw new FrameError(`it sent ${contents.length} contents for ${list.length} payloads`);
    }
    return list.map((record, index) => ({
      content: contents[index]!,
      payloadMeta: metaOf(record) as Partial<PayloadMeta> | undefined,
    }));
  }

  async #delivered(body: Uint8Array): Promise<Pick<NumberedItem, "item" | "attempt">> {
    const delivered = await this.#parse(body) as DeliveredRecord | null;
    const { item, attempt, failure } = delivered ?? {};
    if (isFailure(failure)) {
      this.#withContents([], metaOf);
      return { item: toError(failure as FailureRecord), attempt };
    }
    if (typeof item !== "object" || item === null) throw new FrameError("a delivery has no item");
    return { item: this.#item(item), attempt };
  }

  #item(item: DeliveryItem): DeliveryItem {
    // A forged item may lack any field; the scan reads it like any other delivery.
    switch (item.kind) {
      case "payload":
        return { ...item, payload: this.#withContents([item.payload], metaOf)[0]! };
      case "request": {
        const { payloads } = item.request ?? {};
        return { ...item, request: { ...item.request, payloads: this.#withContents(payloads, metaOf) } };
      }
      default:
        this.#withContents([], metaOf);
        return item;
    }
  }

  async #parse(body: Uint8Array): Promise<unknown> {
    const { jsonBytes, costBytes } = this.#bounds;
    if (body.length > jsonBytes) throw new FrameError(TOO_LARGE);
    try {
      if (body.length <= SMALL_JSON_BYTES) return decodePlain(decoder.decode(body));
      return await decodeBounded(body, costBytes, () => this.#pause());
    } catch (error) {
      if (error instanceof FrameError) throw error;
      throw new FrameError(error instanceof CostError ? TOO_LARGE : "an answer's JSON can't be parsed", {
        cause: error,
      });
    }
  }

  /** Lets timers fire: a deadline may end the wait for the answer that is being decoded. */
  async #pause(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!this.#isWanted()) throw new FrameError("the host no longer waits for its answer");
  }

  #give(what: "results" | "errors"): Given {
    return given(encodeIfPossible(this.#noteWanted(what)[what]) ?? "too-large");
  }

  async #giveContent(payloadId: string): Promise<Given> {
    if (payloadId.length > MAX_ID_CHARS) throw new FrameError("it asked for a payload whose id is too long");
    const request = this.#noteWanted(`content of ${payloadId}`);
    if (!request.content) {
      throw new FrameError("it asked for the bytes of relatives, which its manifest does not need");
    }
    return given(await request.content(payloadId) ?? "absent");
  }

  /** Returns the request of which the plugin wants a part. Each part is given once, which bounds what is sent. */
  #noteWanted(part: string): RequestView {
    if (!this.#call || !("request" in this.#call)) {
      throw new FrameError("it asked for a request, which its call does not have");
    }
    if (this.#wanted.has(part)) throw new FrameError(`it asked for the request's ${part} twice`);
    if (this.#wanted.size === MAX_WANTED) {
      throw new FrameError(`it asked for more than ${MAX_WANTED} parts of the request`);
    }
    this.#wanted.add(part);
    return this.#call.request;
  }
}

function given(data: Uint8Array | Exclude<GivenState, "whole">): Given {
  if (typeof data === "string") return { state: data, body: new Uint8Array() };
  if (data.length > SHARED.maxBytes) return { state: "too-large", body: new Uint8Array() };
  return { state: "whole", body: data };
}

/** Returns plain data as JSON in UTF-8; `undefined` where the JSON would be longer than the longest string. */
function encodeIfPossible(value: unknown): Uint8Array | undefined {
  try {
    return encoder.encode(encodePlain(value));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Returns the metadata of a delivered payload; of a forged one it may be any value. */
function metaOf(payload: unknown): unknown {
  return (payload as PayloadInput | null | undefined)?.payloadMeta;
}

function settle(settling: PromiseWithResolvers<void> | undefined, failure: FailureRecord | null): void {
  if (failure) settling?.reject(toError(failure));
  else settling?.resolve();
}

/** Returns the error that a record describes. */
export function toError({ code, message }: FailureRecord): StoqError {
  return new StoqError(isCode(code) ? code : "plugin-failed", message);
}
