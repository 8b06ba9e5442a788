/**
 * Reads what plugins answer. An answer is whatever a stranger's code returned: good parts are kept, bad parts become problems.
 *
 * @module
 */

import type { PayloadInput, PayloadMeta, PayloadMetaChange } from "./contract.ts";
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

/** Reads a payload that a provider, an archiver or a caller hands in; problems are phrases. */
export function readPayload(value: unknown, limitBytes: number): ExtractedPayload | readonly string[] {
  const reader = new AnswerReader(limitBytes);
  const payload = reader.payload("the payload", value);
  return payload ?? reader.problems;
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
