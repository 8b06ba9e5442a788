/**
 * A provider's stream in its thread: sends one delivery for each request, and settles deliveries as the host decides.
 *
 * @module
 */

import type { Delivery, DeliveryItem, DeliveryOutcome, PayloadInput } from "../../core/contract/contract.ts";
import { badDelivery } from "../../core/contract/errors.ts";
import { isDelivery, readDeliveryItem } from "../../core/scan/delivery_reader.ts";
import { toBytes } from "../../core/scan/value_reader.ts";
import { boundsOf, SMALL_JSON_BYTES } from "../call_bounds.ts";
import { encodePlain } from "../plain_codec.ts";
import { isWithinCost } from "../plain_cost.ts";
import { invokeProvider } from "../plugin_object.ts";
import type { CalledPlugin } from "./call.ts";
import { failureOf } from "./failure.ts";
import type { HostChannel } from "./host_channel.ts";

/** One provider's stream. */
export class Ingestion {
  readonly #channel: HostChannel;
  readonly #called: CalledPlugin;
  readonly #id: number;
  readonly #stopping = new AbortController();
  readonly #unsettled = new Map<number, Delivery>();
  #iterator: AsyncIterator<Delivery> | undefined;
  #count = 0;

  constructor(channel: HostChannel, called: CalledPlugin, id: number) {
    this.#channel = channel;
    this.#called = called;
    this.#id = id;
  }

  /** Fetches the next delivery and sends it, or the stream's end. */
  async more(): Promise<void> {
    const id = this.#id;
    try {
      const { plugin, name, roles } = this.#called;
      this.#iterator ??= invokeProvider(plugin, name, roles, this.#stopping.signal);
      const next = await this.#iterator.next();
      if (next.done) return this.#channel.post({ type: "ended", id, failure: null });
      await this.#deliver(next.value);
    } catch (thrown) {
      this.#channel.post({ type: "ended", id, failure: failureOf("provider", thrown) });
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    try {
      await this.#iterator?.return?.();
    } catch {
      // The host no longer waits for this provider.
    }
  }

  async settle(delivery: number, outcome: unknown): Promise<void> {
    const unsettled = this.#unsettled.get(delivery);
    this.#unsettled.delete(delivery);
    const end = { type: "settled", id: this.#id, delivery } as const;
    try {
      await unsettled?.settle(outcome as DeliveryOutcome);
      this.#channel.post({ ...end, failure: null });
    } catch (thrown) {
      this.#channel.post({ ...end, failure: failureOf("provider", thrown) });
    }
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { contents, json } = this.#encode(delivery);
    const number = this.#count++;
    if (isDelivery(delivery)) this.#unsettled.set(number, delivery);
    await this.#channel.postContents(this.#id, contents);
    this.#channel.post({ type: "delivery", id: this.#id, delivery: number, json });
  }

  /** Encodes a delivery. In place of an invalid one it encodes the reason; the stream continues. */
  #encode(delivery: Delivery): { contents: readonly Uint8Array[]; json: string } {
    let attempt: number | undefined;
    try {
      if (!isDelivery(delivery)) throw badDelivery(["it has no settle method"]);
      const given: unknown = delivery.attempt;
      if (typeof given === "number") attempt = given;
      const { resultBytes } = this.#called.limits;
      const reading = readDeliveryItem(delivery.item, resultBytes);
      if ("problems" in reading) throw badDelivery(reading.problems, reading.problemCount);
      const { contents, record } = withoutContents(reading.value);
      const delivered = { item: record, attempt };
      const json = encodePlain(delivered);
      const { costBytes } = boundsOf(undefined, resultBytes);
      if (json.length > SMALL_JSON_BYTES && !isWithinCost(delivered, costBytes)) {
        throw badDelivery(["its metadata is too large"]);
      }
      return { contents, json };
    } catch (thrown) {
      return { contents: [], json: encodePlain({ failure: failureOf("provider", thrown), attempt }) };
    }
  }
}

/** Separates an item from its contents; the host joins them again in the same order. */
function withoutContents(item: DeliveryItem): { contents: Uint8Array[]; record: unknown } {
  const contents: Uint8Array[] = [];
  const strip = ({ content, payloadMeta }: PayloadInput) => {
    contents.push(toBytes(content));
    return { payloadMeta };
  };
  switch (item.kind) {
    case "payload":
      return { record: { ...item, payload: strip(item.payload) }, contents };
    case "request":
      return {
        record: { ...item, request: { ...item.request, payloads: item.request.payloads.map(strip) } },
        contents,
      };
    case "task":
    case "skipped":
      return { record: item, contents };
  }
}
