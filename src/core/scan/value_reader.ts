/**
 * Reads values that a plugin's code made: the good parts are copied, the bad parts become problems.
 *
 * @module
 */

import type { PayloadInput, PayloadMeta, PayloadMetaChange } from "../contract/contract.ts";
import { isCode, startOf, type StoqError } from "../contract/errors.ts";
import {
  metadataTooLarge,
  resultTooLarge,
  tooManyFailures,
  tooManyItems,
  tooManyNames,
} from "../contract/limit_errors.ts";
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

const encoder = new TextEncoder();

/** Longest list in an answer. A sparse array of length 2^32 takes no memory, but iterating over it takes two minutes. */
const MAX_LIST_LENGTH = 1_000_000;

/** Failures that one answer may report. */
export const MAX_FAILURES = 100;

/** Plugins that one list of an answer may name. */
export const MAX_NAMES = 1_000;

/** Longest name of a plugin, in characters. */
export const MAX_NAME_CHARS = 200;

/** Problems of one answer whose words are kept; the others are counted. */
const MAX_PROBLEMS = 10;

/** What a reader made of a stranger's value: the value, or what is wrong with it. */
export type Reading<T> =
  | { readonly value: T }
  /** The words of the first ones. */
  | { readonly problems: readonly string[]; readonly problemCount: number };

/** Encodes text as UTF-8 and leaves bytes as they are. */
export function toBytes(content: PayloadInput["content"]): Uint8Array {
  return typeof content === "string" ? encoder.encode(content) : content;
}

const NOTHING: readonly never[] = [];

/** Reads the parts of a value that a plugin's code made. Bad parts become problems, what is too much becomes limit errors. */
export class ValueReader {
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
  readonly #listErrors: StoqError[] = [];

  constructor(limitBytes: number, mostFailures = MAX_FAILURES) {
    this.#limitBytes = limitBytes;
    this.#mostFailures = mostFailures;
  }

  /** What was read, if all of it was good. */
  whole<T>(value: T | undefined): Reading<T> {
    for (const { message } of this.limitErrors()) this.note(message);
    if (value !== undefined && this.problemCount === 0) return { value };
    return { problems: this.problems, problemCount: this.problemCount };
  }

  limitErrors(): readonly StoqError[] {
    const errors: StoqError[] = [];
    if (this.#areResultsTooLarge) errors.push(resultTooLarge(this.#limitBytes));
    if (this.#metadataLeftOut > 0) errors.push(metadataTooLarge(this.#metadataLeftOut, this.#limitBytes));
    if (this.#failuresLeftOut > 0) errors.push(tooManyFailures(this.#failuresLeftOut, this.#mostFailures));
    if (this.#namesLeftOut > 0) errors.push(tooManyNames(this.#namesLeftOut, MAX_NAMES));
    return [...errors, ...this.#listErrors];
  }

  record(where: string, value: unknown): Record<string, unknown> {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    this.refuse(where, value, "an object");
    return {};
  }

  list<T>(where: string, value: unknown, read: (where: string, item: unknown) => T | undefined): T[] {
    return this.items(where, value).flatMap((item, index) => read(`${where}[${index}]`, item) ?? []);
  }

  /** Reads the first `most` records of a list; further ones are counted. */
  listOfRecords<T>(
    where: string,
    value: unknown,
    most: number,
    read: (reader: ValueReader, where: string, fields: Readonly<Record<string, unknown>>) => T | undefined,
  ): readonly T[] {
    const items = this.items(where, value);
    if (items.length === 0) return NOTHING;
    if (items.length > most) this.#listErrors.push(tooManyItems(where, items.length - most, most));
    return items.slice(0, most).flatMap((item, index) => {
      const place = `${where}[${index}]`;
      return read(this, place, this.record(place, item)) ?? [];
    });
  }

  code(where: string, value: unknown): string | undefined {
    if (typeof value === "string" && isCode(value)) return value;
    this.note(`${where} must be kebab-case of at most 64 characters`);
  }

  /** Reads text for people; what is behind `most` characters is cut. */
  phrase(where: string, value: unknown, most: number): string | undefined {
    if (value === undefined || value === null) return undefined;
    const text = this.text(where, value);
    return text !== undefined && text.length > most ? `${startOf(text, most - 2)} …` : text;
  }

  /** Reads a number of bytes from the start of the payload. */
  offset(where: string, value: unknown): number | undefined {
    if (value === undefined || value === null) return undefined;
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    this.note(`${where} must be a whole number, at least 0`);
  }

  plain(where: string, value: unknown): Plain | undefined {
    if (value === undefined || value === null) return undefined;
    return this.#copy(where, value, this.#copier, () => this.#metadataLeftOut++);
  }

  text(where: string, value: unknown): string | undefined {
    return typeof value === "string" ? value : this.refuse(where, value, "text");
  }

  failures(value: unknown): ReportedFailure[] {
    const items = this.items("errors", value);
    const most = this.#mostFailures;
    this.#failuresLeftOut = Math.max(0, items.length - most);
    const read = items.length > most ? items.slice(0, most) : items;
    return read.flatMap((item, index) => this.#failure(`errors[${index}]`, item) ?? []);
  }

  /** Names of plugins, each once. */
  names(where: string, value: unknown): readonly string[] {
    const items = this.items(where, value);
    if (items.length === 0) return NOTHING;
    const names = new Set<string>();
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      if (names.size === MAX_NAMES) {
        this.#namesLeftOut += items.length - index;
        break;
      }
      if (typeof item !== "string") this.refuse(`${where}[${index}]`, item, "text");
      else if (item.length > MAX_NAME_CHARS) {
        this.note(`${where}[${index}] must have at most ${MAX_NAME_CHARS} characters, got ${item.length}`);
      } else names.add(item);
    }
    return [...names];
  }

  items(where: string, value: unknown): readonly unknown[] {
    if (value === undefined || value === null) return NOTHING;
    if (!Array.isArray(value)) {
      this.refuse(where, value, "a list");
      return NOTHING;
    }
    if (value.length <= MAX_LIST_LENGTH) return value;
    this.note(`${where} must have at most ${MAX_LIST_LENGTH} items, got ${value.length}`);
    return NOTHING;
  }

  boolean(where: string, value: unknown): boolean | undefined {
    if (value === undefined || typeof value === "boolean") return value;
    return this.refuse(where, value, "true or false");
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
      else this.note(`${where}: ${error.message}`);
      return undefined;
    }
  }

  #failure(where: string, value: unknown): ReportedFailure | undefined {
    if (typeof value === "string") return { message: value, code: "plugin-error" };
    const { message, code } = this.record(where, value);
    if (typeof message !== "string") return this.refuse(`${where}.message`, message, "text");
    return { message, code: typeof code === "string" && isCode(code) ? code : "plugin-error" };
  }

  payload(where: string, value: unknown): ExtractedPayload | undefined {
    const { content, payloadMeta } = this.record(where, value);
    if (typeof content !== "string" && !(content instanceof Uint8Array)) {
      return this.refuse(`${where}.content`, content, "bytes or text");
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

  refuse(where: string, value: unknown, expected: string): undefined {
    const actual = value === null
      ? "null"
      : Array.isArray(value)
      ? "a list"
      : `a value of type ${typeof value}`;
    this.note(`${where} must be ${expected}, got ${actual}`);
  }

  note(problem: string): void {
    this.problemCount++;
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }
}
