/**
 * Takes deliveries from a provider, as a run does, for a limited time.
 *
 * @module
 */

import type { Delivery } from "../../core/contract/contract.ts";
import type { ScanEnvironment } from "../../core/scan/environment.ts";
import {
  badDelivery,
  pluginTimedOut,
  settleFailed,
  StoqError,
  toFailure,
} from "../../core/contract/errors.ts";
import { readDeliveryItem } from "../../core/scan/delivery_reader.ts";
import type { PlainRecord } from "../../core/contract/plain.ts";
import { MAX_DELIVERIES } from "../../plugin/case_schema.ts";
import { type CallResult, observePayload, SCAN_ID } from "./observation.ts";

/**
 * Takes and settles deliveries until the provider ends or has delivered the wanted number; then it is stopped. All of this has the
 * deadline of one call.
 */
export async function takeDeliveries(
  environment: ScanEnvironment,
  plugin: string,
  wanted: number = MAX_DELIVERIES,
): Promise<CallResult> {
  const { pluginTimeoutMs } = environment.limits;
  const stop = new AbortController();
  const deliveries: PlainRecord[] = [];
  const errors: CallResult["errors"][number][] = [];
  const expired = Promise.withResolvers<never>();
  const cancel = environment.clock.after(
    pluginTimeoutMs,
    () => expired.reject(pluginTimedOut("provider", pluginTimeoutMs)),
  );
  try {
    const stream = environment.host.ingest(plugin, stop.signal)[Symbol.asyncIterator]();
    while (deliveries.length + errors.length < wanted) {
      const { done, value } = await Promise.race([stream.next(), expired.promise]);
      if (done) break;
      const item = await Promise.race([take(environment, value), expired.promise]);
      if (item instanceof StoqError) errors.push({ code: item.code, error: item.message });
      else deliveries.push(...item);
    }
    stop.abort();
    await Promise.race([stream.return?.(), expired.promise]);
  } catch (reason) {
    const { code, message } = toFailure("provider", reason);
    errors.push({ code, error: message });
  } finally {
    cancel();
    stop.abort();
  }
  return { observed: { deliveries }, errors };
}

/** Describes a delivery after it was settled as kept. */
async function take(environment: ScanEnvironment, delivery: Delivery): Promise<PlainRecord[] | StoqError> {
  const reading = readDeliveryItem(delivery?.item, environment.limits.resultBytes);
  if ("problems" in reading) return badDelivery(reading.problems);
  try {
    await delivery.settle({ status: "done", scanIds: [SCAN_ID] });
  } catch (reason) {
    return settleFailed(reason);
  }
  const { value } = reading;
  if (value.kind === "task") return [{ task: value.task }];
  if (value.kind === "skipped") return [{ skipped: { ...value.skipped } }];
  const payloads = value.kind === "payload" ? [value.payload] : value.request.payloads;
  return await Promise.all(
    payloads.map(({ content, payloadMeta }) => observePayload(environment, content, payloadMeta)),
  );
}
