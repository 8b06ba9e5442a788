/**
 * Reads what plugins answer. An answer is whatever a stranger's code returned: good parts are kept, bad parts become problems.
 *
 * @module
 */

import type { DeliveryItem, PayloadInput, PayloadMeta, PayloadMetaChange, RequestInput } from "./contract.ts";
import { isCode } from "./errors.ts";
import { NotPlainError, type Plain, type PlainRecord, toPlain } from "./plain.ts";

/** A failure that a plugin reported, in full. */
export interface ReportedFailure {
  readonly message: string;
  readonly code: string;
}

/** An extracted payload with its bytes. */
export interface ExtractedPayload {
  readonly content: Uint8Array;
  readonly payloadMeta: Partial<PayloadMeta>;
}

/** An answer of any role, checked; what the role does not have stays empty. */
export interface Answer {
  readonly results: Plain | undefined;
  readonly extracted: readonly ExtractedPayload[];
  readonly failures: readonly ReportedFailure[];
  /** A worker's `dispatchTo` or a dispatcher's `pluginNames`. */
  readonly dispatchTo: readonly string[];
  readonly meta: PlainRecord | undefined;
  readonly isFinal: boolean;
  readonly payloadMeta: PayloadMetaChange;
  /** What was wrong with the answer, each a phrase. */
  readonly problems: readonly string[];
  /** Whether results were dropped for their size. */
  readonly isTooLarge: boolean;
}

const encoder = new TextEncoder();

/** Longest list in an answer: a sparse array of length 2^32 costs its plugin nothing, but whoever walks it two minutes. */
const MAX_LIST_LENGTH = 1_000_000;

/** Reads an answer; `undefined` and `null` mean that the plugin had nothing to say. */
export function readAnswer(value: unknown, limitBytes: number): Answer {
  const reader = new AnswerReader(limitBytes);
  const fields = value === undefined || value === null ? {} : reader.record("the answer", value);
  return {
    results: reader.plain("results", fields.results),
    extracted: reader.list("extracted", fields.extracted, (where, item) => reader.payload(where, item)),
    failures: reader.list("errors", fields.errors, (where, item) => reader.failure(where, item)),
    dispatchTo: reader.list(
      "plugin names",
      fields.dispatchTo ?? fields.pluginNames,
      (where, item) => reader.text(where, item),
    ),
    meta: reader.plainRecord("meta", fields.meta),
    isFinal: reader.boolean("isFinal", fields.isFinal) ?? false,
    payloadMeta: reader.metaChange(fields.payloadMeta),
    problems: reader.problems,
    isTooLarge: reader.isTooLarge,
  };
}

/** What a plugin says of its configuration, checked. */
export type CheckAnswer = Pick<Answer, "failures" | "problems"> & { readonly facts: readonly string[] };

/** Reads the answer to a check. */
export function readCheck(value: unknown, limitBytes: number): CheckAnswer {
  const reader = new AnswerReader(limitBytes);
  const fields = value === undefined || value === null ? {} : reader.record("the answer", value);
  return {
    facts: reader.list("facts", fields.facts, (where, item) => reader.text(where, item)),
    failures: reader.list("errors", fields.errors, (where, item) => reader.failure(where, item)),
    problems: reader.problems,
  };
}

/** What a reader made of a stranger's value: the value, or what is wrong with it. */
export type Reading<T> = { readonly value: T } | { readonly problems: readonly string[] };

/** Reads a payload that a source archiver hands in. */
export function readPayload(value: unknown, limitBytes: number): Reading<ExtractedPayload> {
  const reader = new AnswerReader(limitBytes);
  const payload = reader.payload("the payload", value);
  return payload ? { value: payload } : reader;
}

/** Reads an item that a provider delivers. A bad part makes the whole item bad: nothing of it has been scanned yet. */
export function readDeliveryItem(value: unknown, limitBytes: number): Reading<DeliveryItem> {
  const reader = new AnswerReader(limitBytes);
  const item = reader.deliveryItem(value);
  return item && reader.problems.length === 0 ? { value: item } : reader;
}

/** Encodes text as UTF-8 and leaves bytes as they are. */
export function toBytes(content: PayloadInput["content"]): Uint8Array {
  return typeof content === "string" ? encoder.encode(content) : content;
}

class AnswerReader {
  readonly problems: string[] = [];
  isTooLarge = false;
  readonly #limitBytes: number;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  record(where: string, value: unknown): Record<string, unknown> {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    this.#refuse(where, value, "an object");
    return {};
  }

  list<T>(where: string, value: unknown, read: (where: string, item: unknown) => T | undefined): T[] {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.#refuse(where, value, "a list");
      return [];
    }
    if (value.length > MAX_LIST_LENGTH) {
      this.problems.push(`${where} has ${value.length} items, must have at most ${MAX_LIST_LENGTH}`);
      return [];
    }
    return value.flatMap((item, index) => read(`${where}[${index}]`, item) ?? []);
  }

  text(where: string, value: unknown): string | undefined {
    if (typeof value === "string") return value;
    return this.#refuse(where, value, "text");
  }

  boolean(where: string, value: unknown): boolean | undefined {
    if (value === undefined || typeof value === "boolean") return value;
    return this.#refuse(where, value, "true or false");
  }

  plain(where: string, value: unknown): Plain | undefined {
    if (value === undefined || value === null) return undefined;
    try {
      return toPlain(value, this.#limitBytes);
    } catch (error) {
      if (!(error instanceof NotPlainError)) throw error;
      if (error.kind === "size") this.isTooLarge = true;
      else this.problems.push(`${where}: ${error.message}`);
      return undefined;
    }
  }

  plainRecord(where: string, value: unknown): PlainRecord | undefined {
    if (value === undefined || value === null) return undefined;
    return this.plain(where, this.record(where, value)) as PlainRecord | undefined;
  }

  failure(where: string, value: unknown): ReportedFailure | undefined {
    if (typeof value === "string") return { message: value, code: "plugin-error" };
    const { message, code } = this.record(where, value);
    const text = this.text(`${where}.message`, message);
    return text === undefined
      ? undefined
      : { message: text, code: typeof code === "string" && isCode(code) ? code : "plugin-error" };
  }

  payload(where: string, value: unknown): ExtractedPayload | undefined {
    const { content, payloadMeta } = this.record(where, value);
    if (typeof content !== "string" && !(content instanceof Uint8Array)) {
      return this.#refuse(`${where}.content`, content, "bytes or text");
    }
    return { content: toBytes(content), payloadMeta: this.#payloadMeta(`${where}.payloadMeta`, payloadMeta) };
  }

  deliveryItem(value: unknown): DeliveryItem | undefined {
    const { kind, payload, request, task } = this.record("the item", value);
    switch (kind) {
      case "payload": {
        const read = this.payload("payload", payload);
        return read && { kind, payload: read };
      }
      case "request":
        return { kind, request: this.#request(request) };
      case "task":
        return { kind, task: this.#task(task) };
      default:
        return this.#refuse("the item's kind", kind, "payload, request or task");
    }
  }

  #request(value: unknown): RequestInput {
    const { payloads, requestMeta } = this.record("request", value);
    const meta = requestMeta === undefined ? undefined : this.record("request.requestMeta", requestMeta);
    return {
      payloads: this.list("request.payloads", payloads, (where, item) => this.payload(where, item)),
      requestMeta: meta && {
        archivePayloads: this.boolean("request.requestMeta.archivePayloads", meta.archivePayloads),
        source: typeof meta.source === "string" ? meta.source : null,
        extraData: this.plainRecord("request.requestMeta.extraData", meta.extraData),
      },
    };
  }

  #task(value: unknown): Record<string, PlainRecord> {
    const task = this.record("task", value);
    return Object.fromEntries(
      Object.entries(task).map((
        [archiver, meta],
      ) => [archiver, this.plainRecord(`task.${archiver}`, meta) ?? {}]),
    );
  }

  metaChange(value: unknown): PayloadMetaChange {
    if (value === undefined || value === null) return {};
    const fields = this.record("payloadMeta", value);
    return {
      shouldArchive: this.boolean("payloadMeta.shouldArchive", fields.shouldArchive),
      extraData: this.plainRecord("payloadMeta.extraData", fields.extraData),
    };
  }

  #payloadMeta(where: string, value: unknown): Partial<PayloadMeta> {
    if (value === undefined || value === null) return {};
    const fields = this.record(where, value);
    return {
      shouldArchive: this.boolean(`${where}.shouldArchive`, fields.shouldArchive),
      shouldScan: this.boolean(`${where}.shouldScan`, fields.shouldScan),
      extraData: this.plainRecord(`${where}.extraData`, fields.extraData),
      dispatchTo: this.list(`${where}.dispatchTo`, fields.dispatchTo, (at, item) => this.text(at, item)),
    };
  }

  #refuse(where: string, value: unknown, expected: string): undefined {
    const actual = value === null ? "null" : Array.isArray(value) ? "a list" : `of type ${typeof value}`;
    this.problems.push(`${where} is ${actual}, must be ${expected}`);
  }
}
