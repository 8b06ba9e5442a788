/**
 * Reads what providers deliver and source archivers fetch.
 *
 * @module
 */

import type { Delivery, DeliveryItem, RequestInput, SkippedItem } from "../contract/contract.ts";
import { isCode } from "../contract/errors.ts";
import type { PlainRecord } from "../contract/plain.ts";
import { type ExtractedPayload, type Reading, ValueReader } from "./value_reader.ts";

/** Reads a payload that a source archiver hands in. A bad part makes the whole payload bad: nothing of it has been scanned yet. */
export function readPayload(value: unknown, limitBytes: number): Reading<ExtractedPayload> {
  const reader = new ValueReader(limitBytes);
  return reader.whole(reader.payload("the payload", value));
}

/** Reads an item that a provider delivers; a bad part makes the whole item bad. */
export function readDeliveryItem(value: unknown, limitBytes: number): Reading<DeliveryItem> {
  const reader = new ValueReader(limitBytes);
  return reader.whole(readItem(reader, value));
}

/** Whether a value that a provider yields can be settled; its item is not looked at. */
export function isDelivery(value: unknown): value is Delivery {
  return typeof value === "object" && value !== null && "settle" in value &&
    typeof value.settle === "function";
}

function readItem(reader: ValueReader, value: unknown): DeliveryItem | undefined {
  const { kind, payload, request, task, skipped } = reader.record("the item", value);
  switch (kind) {
    case "payload": {
      const read = reader.payload("payload", payload);
      return read && { kind, payload: read };
    }
    case "request":
      return { kind, request: readRequest(reader, request) };
    case "task":
      return { kind, task: readTask(reader, task) };
    case "skipped":
      return { kind, skipped: readSkipped(reader, skipped) };
    default:
      return reader.refuse("the item's kind", kind, "payload, request, task or skipped");
  }
}

function readSkipped(reader: ValueReader, value: unknown): SkippedItem {
  const { name, code, reason, isLoss } = reader.record("skipped", value);
  return {
    name: reader.text("skipped.name", name) ?? "",
    code: typeof code === "string" && isCode(code) ? code : "skipped",
    reason: reader.text("skipped.reason", reason) ?? "",
    isLoss: reader.boolean("skipped.isLoss", isLoss) ?? true,
  };
}

function readRequest(reader: ValueReader, value: unknown): RequestInput {
  const { payloads, requestMeta } = reader.record("request", value);
  const meta = requestMeta === undefined ? undefined : reader.record("request.requestMeta", requestMeta);
  return {
    payloads: reader.list("request.payloads", payloads, (where, item) => reader.payload(where, item)),
    requestMeta: meta && {
      archivePayloads: reader.boolean("request.requestMeta.archivePayloads", meta.archivePayloads),
      source: typeof meta.source === "string" ? meta.source : null,
      extraData: reader.plainRecord("request.requestMeta.extraData", meta.extraData),
    },
  };
}

function readTask(reader: ValueReader, value: unknown): Record<string, PlainRecord> {
  const task = reader.record("task", value);
  return Object.fromEntries(
    Object.entries(task).map((
      [archiver, meta],
    ) => [archiver, reader.plainRecord(`task.${archiver}`, meta) ?? {}]),
  );
}
