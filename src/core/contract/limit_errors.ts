/**
 * What is reported when a limit of a request is met: one constructor for each limit, which owns the wording.
 *
 * @module
 */

import { StoqError } from "./errors.ts";

/** Start of the code of every error that says what a limit left out. */
export const LIMIT_PREFIX = "limit-";

/** The last round produced a payload, or left work for another one. */
export function recursionReached(rounds: number, leftOut: readonly string[]): StoqError {
  const what = leftOut.length === 0 ? "unable to process payload" : `unable to run ${quotedList(leftOut)}`;
  return new StoqError("limit-recursion", `Final worker round (${rounds}) reached, ${what}`);
}

/** A payload is larger than a single payload may be. */
export function payloadTooLarge(what: string, sizeBytes: number, limitBytes: number): StoqError {
  return new StoqError(
    "limit-payload-bytes",
    `${what} was not scanned: ${sizeBytes} bytes, the limit is ${limitBytes} ([limits] payload_bytes)`,
  );
}

/** A file or stream is larger than a payload may be, so it was not read to its end; its size where it is known. */
export function payloadNotRead(
  sizeBytes: number | undefined,
  readLimitBytes: number,
  payloadLimitBytes: number,
): StoqError {
  const which = readLimitBytes < payloadLimitBytes
    ? `more than ${readLimitBytes} are never read`
    : `the limit is ${payloadLimitBytes} ([limits] payload_bytes)`;
  return new StoqError(
    "limit-payload-bytes",
    `The payload was not scanned: ${sizeBytes ?? `more than ${readLimitBytes}`} bytes, ${which}`,
  );
}

/** How much was left out. */
export interface LeftOut {
  readonly payloads: number;
  readonly bytes: number;
  /** Whether it may be more: not all that there is was counted. */
  readonly isAtLeast?: boolean;
}

/** What one call extracted was more than it may; the rest is left out. */
export function extractionLimited(
  limit: "extracted_bytes" | "payloads" | "expansion_ratio" | "response_cost",
  leftOut: LeftOut,
  maximum: number,
): StoqError {
  return new StoqError(
    `limit-${limit.replaceAll("_", "-")}`,
    `${
      leftOut.isAtLeast ? "At least " : ""
    }${leftOut.payloads} extracted payloads with ${leftOut.bytes} bytes were left out: ` +
      `the limit is ${maximum} ([limits] ${limit})`,
  );
}

/** So many extracted payloads were too large, beyond those that have an error each. */
export function morePayloadsTooLarge(count: number, limitBytes: number): StoqError {
  return new StoqError(
    "limit-payload-bytes",
    `${count} more extracted payloads were not scanned: the limit is ${limitBytes} bytes ([limits] payload_bytes)`,
  );
}

/** What one call reported does not fit into the response, each part a phrase. */
export function callLeftOut(parts: readonly string[], limit: number): StoqError {
  return new StoqError(
    "limit-response-cost",
    `Left out: ${parts.join(" and ")}; a response may cost ${limit} ([limits] response_cost)`,
  );
}

/** All that was left out of a response because of its cost, each part a phrase with its number. */
export function leftOutOfResponse(parts: readonly string[], limit: number): StoqError {
  return new StoqError(
    "limit-response-cost",
    `A response may cost ${limit} ([limits] response_cost); left out in all: ${parts.join("; ")}`,
  );
}

/** A request had more errors than a response lists. @param byCode how many there were of each code */
export function errorsLeftOut(count: number, byCode: string, maximum: number): StoqError {
  return new StoqError(
    "limit-errors",
    `${count} more errors were left out: the limit is ${maximum} ([limits] errors); by code: ${byCode}`,
  );
}

/** A document that a connector saves in place of the whole response, which its store does not take. */
export function documentOfMany(
  number: number,
  count: number,
  sizeBytes: number,
  maxBytes: number,
): StoqError {
  return new StoqError(
    "limit-response-bytes",
    `Document ${number} of ${count}, one for each payload: the response has ${sizeBytes} bytes, a document may have ${maxBytes}`,
  );
}

/** A document that was too large for a connector's store; so many pieces of it were left out. */
export function documentCut(pieces: number, bytes: number, maxBytes: number): StoqError {
  return new StoqError(
    "limit-response-bytes",
    `${pieces} pieces with ${bytes} bytes were left out, the largest first: a document may have ${maxBytes}`,
  );
}

/** What a connector did not save, in documents of which some had to be cut. */
export function savedInPart(name: string, cut: number, count: number, bytes: number): StoqError {
  return new StoqError(
    "limit-response-bytes",
    `"${name}" saved the response as ${count} documents, ${cut} of them without ${bytes} bytes in all`,
  );
}

/** A plugin's results are larger than they may be and were left out. */
export function resultTooLarge(limitBytes: number): StoqError {
  return new StoqError(
    "limit-result-bytes",
    `results were left out: more than ${limitBytes} bytes ([limits] result_bytes)`,
  );
}

/** What an answer says beside its results is larger than it may be; metadata was left out so many times. */
export function metadataTooLarge(leftOut: number, limitBytes: number): StoqError {
  return new StoqError(
    "limit-result-bytes",
    `metadata was left out ${
      leftOut === 1 ? "once" : `${leftOut} times`
    }: more than ${limitBytes} bytes in one answer ([limits] result_bytes)`,
  );
}

/** An answer reported more failures than it may. */
export function tooManyFailures(leftOut: number, maximum: number): StoqError {
  return new StoqError(
    "limit-answer-errors",
    `${leftOut} errors were left out: an answer may report ${maximum}`,
  );
}

/** An answer named more workers than it may. */
export function tooManyNames(leftOut: number, maximum: number): StoqError {
  return new StoqError(
    "limit-answer-names",
    `${leftOut} plugin names were left out: a list may hold ${maximum}`,
  );
}

/** The whole request took too long; what was found stays. */
export function requestTimedOut(timeoutMs: number): StoqError {
  return new StoqError(
    "limit-request-time",
    `The request's time is up after ${timeoutMs / 1000} s ([limits] request_timeout)`,
  );
}

/** The request's time was up before these workers ran. */
export function timedOutBefore(timeoutMs: number, leftOut: readonly string[]): StoqError {
  return new StoqError(
    "limit-request-time",
    `The request's time was up after ${timeoutMs / 1000} s, unable to run ${
      quotedList(leftOut)
    } ([limits] request_timeout)`,
  );
}

/** A request came with more payloads than a request may have, or a response may list. */
export function tooManyRoots(
  leftOut: number,
  limit: "payloads" | "response_cost",
  maximum: number,
): StoqError {
  return new StoqError(
    `limit-${limit.replace("_", "-")}`,
    `${leftOut} payloads of the request were left out: the limit is ${maximum} ([limits] ${limit})`,
  );
}

function quotedList(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

/** Reports that a list of an answer, such as `findings` or `blindSpots`, was too long. */
export function tooManyItems(list: string, leftOut: number, maximum: number): StoqError {
  const words = list.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return new StoqError(
    `limit-${words.replaceAll(" ", "-")}`,
    `${leftOut} ${words} were left out: one answer may have ${maximum}`,
  );
}

/** Reports indicators that a payload or the response has no room for. */
export function indicatorsLeftOut(count: number): StoqError {
  return new StoqError(
    "limit-indicators",
    `${count} indicators were left out: a payload may have 1000, a response 10000`,
  );
}

/** Reports password candidates that the request has no room for. */
export function passwordsLeftOut(count: number, maximum: number): StoqError {
  return new StoqError("limit-passwords", `${count} passwords were left out: a request may have ${maximum}`);
}

/** Reports a worker that asked once more to be called later than it may. */
export function tooManyResumes(maximum: number): StoqError {
  return new StoqError(
    "limit-resumes",
    `No answer after ${maximum} later calls ([limits] max_resumes)`,
  );
}
