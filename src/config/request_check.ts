/**
 * Checks the arguments of a caller of the library before anything is scanned, so that a mistake is reported with its argument and not
 * when the response is written.
 *
 * @module
 */

import type { PayloadInput, RequestInput } from "../core/contract/contract.ts";
import { MAX_PLAIN_DEPTH } from "../core/contract/plain.ts";

/** Most values in one `extraData`; a shared part counts each time, because it is written each time. */
const MAX_VALUES = 1_000_000;

/** Checks a request. @throws {TypeError} that names the invalid argument */
export function checkRequest(where: string, request: unknown): asserts request is RequestInput {
  const { payloads, requestMeta } = checkRecord(where, request);
  if (!Array.isArray(payloads)) refuse(`${where}.payloads`, payloads, "a list of payloads");
  for (const [index, payload] of payloads.entries()) {
    const { content, payloadMeta } = checkRecord(`${where}.payloads[${index}]`, payload);
    checkContent(`${where}.payloads[${index}].content`, content);
    checkPayloadMeta(`${where}.payloads[${index}].payloadMeta`, payloadMeta);
  }
  checkRequestMeta(`${where}.requestMeta`, requestMeta);
}

/** Checks the content of a payload. @throws {TypeError} unless it is bytes or text */
export function checkContent(where: string, content: unknown): asserts content is PayloadInput["content"] {
  if (typeof content !== "string" && !(content instanceof Uint8Array)) {
    refuse(where, content, "a Uint8Array or text");
  }
}

/** Checks metadata of a payload, which may be `undefined`. @throws {TypeError} that names the invalid value */
export function checkPayloadMeta(where: string, meta: unknown): void {
  if (meta === undefined) return;
  const { shouldArchive, shouldScan, dispatchTo, extraData } = checkRecord(where, meta);
  checkBoolean(`${where}.shouldArchive`, shouldArchive);
  checkBoolean(`${where}.shouldScan`, shouldScan);
  checkTexts(`${where}.dispatchTo`, dispatchTo);
  checkExtraData(`${where}.extraData`, extraData);
}

/** Checks metadata of a request, which may be `undefined`. @throws {TypeError} that names the invalid value */
export function checkRequestMeta(where: string, meta: unknown): void {
  if (meta === undefined) return;
  const { archivePayloads, source, extraData } = checkRecord(where, meta);
  checkBoolean(`${where}.archivePayloads`, archivePayloads);
  if (source !== undefined && source !== null) checkText(`${where}.source`, source);
  checkExtraData(`${where}.extraData`, extraData);
}

/** Checks a list of texts that may be absent. @throws {TypeError} that names what is wrong */
export function checkTexts(where: string, names: unknown): void {
  if (names === undefined) return;
  if (!Array.isArray(names)) refuse(where, names, "a list of texts");
  for (const [index, name] of names.entries()) {
    if (typeof name !== "string") refuse(`${where}[${index}]`, name, "text");
  }
}

function checkRecord(where: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(where, value, "an object");
  return value as Record<string, unknown>;
}

function checkBoolean(where: string, value: unknown): void {
  if (value !== undefined && typeof value !== "boolean") refuse(where, value, "true or false");
}

function checkText(where: string, value: unknown): void {
  if (typeof value !== "string") refuse(where, value, "text");
  if (!value.isWellFormed()) throw new TypeError(`${where} has a lone surrogate, must be text`);
}

function checkExtraData(where: string, value: unknown): void {
  if (value === undefined) return;
  checkRecord(where, value);
  new PlainCheck(where).check(value);
}

class PlainCheck {
  readonly #where: string;
  /** Keys from the argument to the value. */
  readonly #path: (string | number)[] = [];
  /** The objects that contain the value. */
  readonly #ancestors: object[] = [];
  #count = 0;

  constructor(where: string) {
    this.#where = where;
  }

  check(value: unknown): void {
    if (++this.#count > MAX_VALUES) {
      throw new TypeError(`${this.#where} has more than ${MAX_VALUES} values, counted as they are written`);
    }
    if (value === null || typeof value === "number" || typeof value === "boolean") return;
    if (typeof value === "string") {
      if (!value.isWellFormed()) checkText(this.#place(), value);
    } else if (Array.isArray(value)) {
      this.#checkInside(value, value.entries());
    } else if (isJsonRecord(value)) {
      this.#checkInside(value, Object.entries(value));
    } else if (!(value instanceof Uint8Array)) {
      refuse(this.#place(), value, "null, true, false, a number, text, a Uint8Array, a list or an object");
    }
  }

  #checkInside(container: object, entries: Iterable<[string | number, unknown]>): void {
    if (this.#ancestors.includes(container)) {
      throw new TypeError(`${this.#place()} contains itself, must be data`);
    }
    if (this.#ancestors.length === MAX_PLAIN_DEPTH) {
      throw new TypeError(`${this.#where} is nested deeper than ${MAX_PLAIN_DEPTH}`);
    }
    this.#ancestors.push(container);
    for (const [key, item] of entries) {
      // In an object `undefined` is the same as an absent key; a list can't have it.
      if (item === undefined && typeof key === "string") continue;
      this.#path.push(key);
      if (typeof key === "string" && !key.isWellFormed()) checkText(`a key of ${this.#where}`, key);
      this.check(item);
      this.#path.pop();
    }
    this.#ancestors.pop();
  }

  #place(): string {
    return this.#path.reduce<string>(
      (place, key) => typeof key === "number" ? `${place}[${key}]` : `${place}.${key}`,
      this.#where,
    );
  }
}

/** Whether JSON keeps a value as an object: it is no `Date` or `Map`, and has no `toJSON`. */
function isJsonRecord(value: unknown): value is Record<string, unknown> {
  return tagOf(value) === "Object" && typeof (value as Record<string, unknown>).toJSON !== "function";
}

function refuse(where: string, value: unknown, expected: string): never {
  throw new TypeError(`${where} must be ${expected}, got ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return `a value of type ${typeof value === "object" ? tagOf(value) : typeof value}`;
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
