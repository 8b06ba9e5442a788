/**
 * Reads what plugins answer. An answer is whatever a stranger's code returned: good parts are kept, bad parts become problems.
 *
 * @module
 */

import type {
  Delivery,
  DeliveryItem,
  PayloadInput,
  PayloadMeta,
  PayloadMetaChange,
  RequestInput,
  SkippedItem,
} from "../contract/contract.ts";
import { isCode, type StoqError } from "../contract/errors.ts";
import { metadataTooLarge, resultTooLarge, tooManyFailures, tooManyNames } from "../contract/limit_errors.ts";
import { NotPlainError, type Plain, PlainCopier, type PlainRecord } from "../contract/plain.ts";

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
  /** What was wrong with the answer, each a phrase; the first ones of `problemCount`. */
  readonly problems: readonly string[];
  readonly problemCount: number;
  /** One for each kind of what was left out because there was too much of it. */
  readonly limitErrors: readonly StoqError[];
}

const encoder = new TextEncoder();

/** Longest list in an answer: a sparse array of length 2^32 costs its plugin nothing, but whoever walks it two minutes. */
const MAX_LIST_LENGTH = 1_000_000;

/** Failures that one answer may report. */
export const MAX_FAILURES = 100;

/** Plugins that one list of an answer may name. */
export const MAX_NAMES = 1_000;

/** Longest name of a plugin, in characters. */
export const MAX_NAME_CHARS = 200;

/** Problems of one answer whose words are kept; the others are counted. */
const MAX_PROBLEMS = 10;

/**
 * Reads an answer; `undefined` and `null` mean that the plugin had nothing to say.
 *
 * @param mostFailures failures that it may report
 */
export function readAnswer(value: unknown, limitBytes: number, mostFailures: number = MAX_FAILURES): Answer {
  const reader = new AnswerReader(limitBytes, mostFailures);
  const fields = value === undefined || value === null ? {} : reader.record("the answer", value);
  return {
    results: reader.results(fields.results),
    extracted: reader.list("extracted", fields.extracted, (where, item) => reader.payload(where, item)),
    failures: reader.failures(fields.errors),
    dispatchTo: reader.names("plugin names", fields.dispatchTo ?? fields.pluginNames),
    meta: reader.plainRecord("meta", fields.meta),
    isFinal: reader.boolean("isFinal", fields.isFinal) ?? false,
    payloadMeta: reader.metaChange(fields.payloadMeta),
    problems: reader.problems,
    problemCount: reader.problemCount,
    limitErrors: reader.limitErrors(),
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
    failures: [...reader.failures(fields.errors), ...reader.limitErrors()],
    problems: reader.problems,
  };
}

/** What a reader made of a stranger's value: the value, or what is wrong with it. */
export type Reading<T> =
  | { readonly value: T }
  /** The words of the first ones. */
  | { readonly problems: readonly string[]; readonly problemCount: number };

/** Reads a payload that a source archiver hands in. A bad part makes the whole payload bad: nothing of it has been scanned yet. */
export function readPayload(value: unknown, limitBytes: number): Reading<ExtractedPayload> {
  const reader = new AnswerReader(limitBytes);
  return reader.whole(reader.payload("the payload", value));
}

/** Reads an item that a provider delivers; a bad part makes the whole item bad. */
export function readDeliveryItem(value: unknown, limitBytes: number): Reading<DeliveryItem> {
  const reader = new AnswerReader(limitBytes);
  return reader.whole(reader.deliveryItem(value));
}

/** Whether a value that a provider yields can be settled; its item is not looked at. */
export function isDelivery(value: unknown): value is Delivery {
  return typeof value === "object" && value !== null && "settle" in value &&
    typeof value.settle === "function";
}

/** Encodes text as UTF-8 and leaves bytes as they are. */
export function toBytes(content: PayloadInput["content"]): Uint8Array {
  return typeof content === "string" ? encoder.encode(content) : content;
}

const NOTHING: readonly never[] = [];

class AnswerReader {
  readonly problems: string[] = [];
  problemCount = 0;
  readonly #limitBytes: number;
  readonly #mostFailures: number;
  #areResultsTooLarge = false;
  /** For everything beside the results, made when there is something. */
  #metadataCopier: PlainCopier | undefined;
  #metadataLeftOut = 0;
  #failuresLeftOut = 0;
  #namesLeftOut = 0;

  constructor(limitBytes: number, mostFailures = MAX_FAILURES) {
    this.#limitBytes = limitBytes;
    this.#mostFailures = mostFailures;
  }

  /** What was read, if all of it was good. */
  whole<T>(value: T | undefined): Reading<T> {
    for (const { message } of this.limitErrors()) this.#note(message);
    if (value !== undefined && this.problemCount === 0) return { value };
    return { problems: this.problems, problemCount: this.problemCount };
  }

  limitErrors(): readonly StoqError[] {
    const errors: StoqError[] = [];
    if (this.#areResultsTooLarge) errors.push(resultTooLarge(this.#limitBytes));
    if (this.#metadataLeftOut > 0) errors.push(metadataTooLarge(this.#metadataLeftOut, this.#limitBytes));
    if (this.#failuresLeftOut > 0) errors.push(tooManyFailures(this.#failuresLeftOut, this.#mostFailures));
    if (this.#namesLeftOut > 0) errors.push(tooManyNames(this.#namesLeftOut, MAX_NAMES));
    return errors;
  }

  record(where: string, value: unknown): Record<string, unknown> {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    this.#refuse(where, value, "an object");
    return {};
  }

  list<T>(where: string, value: unknown, read: (where: string, item: unknown) => T | undefined): T[] {
    return this.#items(where, value).flatMap((item, index) => read(`${where}[${index}]`, item) ?? []);
  }

  text(where: string, value: unknown): string | undefined {
    return typeof value === "string" ? value : this.#refuse(where, value, "text");
  }

  failures(value: unknown): ReportedFailure[] {
    const items = this.#items("errors", value);
    const most = this.#mostFailures;
    this.#failuresLeftOut = Math.max(0, items.length - most);
    const read = items.length > most ? items.slice(0, most) : items;
    return read.flatMap((item, index) => this.#failure(`errors[${index}]`, item) ?? []);
  }

  /** Names of plugins, each once. */
  names(where: string, value: unknown): readonly string[] {
    const items = this.#items(where, value);
    if (items.length === 0) return NOTHING;
    const names = new Set<string>();
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      if (names.size === MAX_NAMES) {
        this.#namesLeftOut += items.length - index;
        break;
      }
      if (typeof item !== "string") this.#refuse(`${where}[${index}]`, item, "text");
      else if (item.length > MAX_NAME_CHARS) {
        this.#note(`${where}[${index}] has ${item.length} characters, must have at most ${MAX_NAME_CHARS}`);
      } else names.add(item);
    }
    return [...names];
  }

  #items(where: string, value: unknown): readonly unknown[] {
    if (value === undefined || value === null) return NOTHING;
    if (!Array.isArray(value)) {
      this.#refuse(where, value, "a list");
      return NOTHING;
    }
    if (value.length <= MAX_LIST_LENGTH) return value;
    this.#note(`${where} has ${value.length} items, must have at most ${MAX_LIST_LENGTH}`);
    return NOTHING;
  }

  boolean(where: string, value: unknown): boolean | undefined {
    if (value === undefined || typeof value === "boolean") return value;
    return this.#refuse(where, value, "true or false");
  }

  results(value: unknown): Plain | undefined {
    if (value === undefined || value === null) return undefined;
    return this.#copy("results", value, new PlainCopier(this.#limitBytes), () => {
      this.#areResultsTooLarge = true;
    });
  }

  plainRecord(where: string, value: unknown): PlainRecord | undefined {
    if (value === undefined || value === null) return undefined;
    const copy = this.#copy(where, this.record(where, value), this.#copier, () => this.#metadataLeftOut++);
    return copy as PlainRecord | undefined;
  }

  get #copier(): PlainCopier {
    return this.#metadataCopier ??= new PlainCopier(this.#limitBytes);
  }

  #copy(where: string, value: unknown, copier: PlainCopier, onTooLarge: () => void): Plain | undefined {
    try {
      return copier.copy(value);
    } catch (error) {
      if (!(error instanceof NotPlainError)) throw error;
      if (error.kind === "size") onTooLarge();
      else this.#note(`${where}: ${error.message}`);
      return undefined;
    }
  }

  #failure(where: string, value: unknown): ReportedFailure | undefined {
    if (typeof value === "string") return { message: value, code: "plugin-error" };
    const { message, code } = this.record(where, value);
    if (typeof message !== "string") return this.#refuse(`${where}.message`, message, "text");
    return { message, code: typeof code === "string" && isCode(code) ? code : "plugin-error" };
  }

  payload(where: string, value: unknown): ExtractedPayload | undefined {
    const { content, payloadMeta } = this.record(where, value);
    if (typeof content !== "string" && !(content instanceof Uint8Array)) {
      return this.#refuse(`${where}.content`, content, "bytes or text");
    }
    return { content: toBytes(content), payloadMeta: this.#payloadMeta(`${where}.payloadMeta`, payloadMeta) };
  }

  deliveryItem(value: unknown): DeliveryItem | undefined {
    const { kind, payload, request, task, skipped } = this.record("the item", value);
    switch (kind) {
      case "payload": {
        const read = this.payload("payload", payload);
        return read && { kind, payload: read };
      }
      case "request":
        return { kind, request: this.#request(request) };
      case "task":
        return { kind, task: this.#task(task) };
      case "skipped":
        return { kind, skipped: this.#skipped(skipped) };
      default:
        return this.#refuse("the item's kind", kind, "payload, request, task or skipped");
    }
  }

  #skipped(value: unknown): SkippedItem {
    const { name, code, reason, isLoss } = this.record("skipped", value);
    return {
      name: this.text("skipped.name", name) ?? "",
      code: typeof code === "string" && isCode(code) ? code : "skipped",
      reason: this.text("skipped.reason", reason) ?? "",
      isLoss: this.boolean("skipped.isLoss", isLoss) ?? true,
    };
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
      dispatchTo: this.#payloadNames(`${where}.dispatchTo`, fields.dispatchTo),
    };
  }

  /** There may be many payloads, so what they name counts as metadata. */
  #payloadNames(where: string, value: unknown): readonly string[] {
    const names = this.names(where, value);
    if (names.length === 0) return names;
    const kept = this.#copy(where, names, this.#copier, () => this.#metadataLeftOut++);
    return kept as readonly string[] | undefined ?? NOTHING;
  }

  #refuse(where: string, value: unknown, expected: string): undefined {
    const actual = value === null ? "null" : Array.isArray(value) ? "a list" : `of type ${typeof value}`;
    this.#note(`${where} is ${actual}, must be ${expected}`);
  }

  #note(problem: string): void {
    this.problemCount++;
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }
}
