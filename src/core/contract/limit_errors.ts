/**
 * What is reported when a limit of a request is met: one constructor for each limit, which owns the wording.
 *
 * @module
 */

import { StoqError } from "./errors.ts";

/** Start of the code of every error that says what a limit left out. */
export const LIMIT_PREFIX = "limit-";

/** Reports payloads or workers that no round was left for. */
export function recursionReached(rounds: number, leftOut: readonly string[]): StoqError {
  const what = leftOut.length === 0 ? "unable to process payload" : `unable to run ${quotedList(leftOut)}`;
  return new StoqError("limit-recursion", `Final worker round (${rounds}) reached, ${what}`);
}

/** Reports a payload that is too large. */
export function payloadTooLarge(what: string, sizeBytes: number, limitBytes: number): StoqError {
  return new StoqError(
    "limit-payload-bytes",
    `${what} was not scanned: ${sizeBytes} bytes, the limit is ${limitBytes} ([limits] payload_bytes)`,
  );
}

/** Reports a file or stream that was not read to its end because it is too large. */
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

/** Reports extracted payloads that were left out. */
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

/** Reports the number of further extracted payloads that were too large. */
export function morePayloadsTooLarge(count: number, limitBytes: number): StoqError {
  return new StoqError(
    "limit-payload-bytes",
    `${count} more extracted payloads were not scanned: the limit is ${limitBytes} bytes ([limits] payload_bytes)`,
  );
}

/** Reports parts of one answer that the response has no room for. */
export function callLeftOut(parts: readonly string[], limit: number): StoqError {
  return new StoqError(
    "limit-response-cost",
    `Left out: ${parts.join(" and ")}; a response may cost ${limit} ([limits] response_cost)`,
  );
}

/** Reports everything that was left out of a response because of its cost. */
export function leftOutOfResponse(parts: readonly string[], limit: number): StoqError {
  return new StoqError(
    "limit-response-cost",
    `A response may cost ${limit} ([limits] response_cost); left out in all: ${parts.join("; ")}`,
  );
}

/** Reports the number of errors that a response does not list. @param byCode how many there were of each code */
export function errorsLeftOut(count: number, byCode: string, maximum: number): StoqError {
  return new StoqError(
    "limit-errors",
    `${count} more errors were left out: the limit is ${maximum} ([limits] errors); by code: ${byCode}`,
  );
}

/** Reports that a document holds a part of a response that is too large for the connector's store. */
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

/** Reports the pieces that were left out of a document for a connector's store. */
export function documentCut(pieces: number, bytes: number, maxBytes: number): StoqError {
  return new StoqError(
    "limit-response-bytes",
    `${pieces} pieces with ${bytes} bytes were left out, the largest first: a document may have ${maxBytes}`,
  );
}

/** Reports documents that a connector saved in part. */
export function savedInPart(name: string, cut: number, count: number, bytes: number): StoqError {
  return new StoqError(
    "limit-response-bytes",
    `"${name}" saved the response as ${count} documents, ${cut} of them without ${bytes} bytes in all`,
  );
}

/** Reports results of a plugin that were left out because they are too large. */
export function resultTooLarge(limitBytes: number): StoqError {
  return new StoqError(
    "limit-result-bytes",
    `Results were left out: more than ${limitBytes} bytes ([limits] result_bytes)`,
  );
}

/** Reports metadata of an answer that was left out because it is too large. */
export function metadataTooLarge(leftOut: number, limitBytes: number): StoqError {
  return new StoqError(
    "limit-result-bytes",
    `Metadata was left out ${
      leftOut === 1 ? "once" : `${leftOut} times`
    }: more than ${limitBytes} bytes in one answer ([limits] result_bytes)`,
  );
}

/** Reports failures that an answer has too many of. */
export function tooManyFailures(leftOut: number, maximum: number): StoqError {
  return new StoqError(
    "limit-answer-errors",
    `${leftOut} errors were left out: an answer may report ${maximum}`,
  );
}

/** Reports names of plugins that an answer has too many of. */
export function tooManyNames(leftOut: number, maximum: number): StoqError {
  return new StoqError(
    "limit-answer-names",
    `${leftOut} plugin names were left out: a list may hold ${maximum}`,
  );
}

/** Reports a request that took too long. Its results so far are kept. */
export function requestTimedOut(timeoutMs: number): StoqError {
  return new StoqError(
    "limit-request-time",
    `The request's time is up after ${timeoutMs / 1000} s ([limits] request_timeout)`,
  );
}

/** Reports workers that did not run before the time of the request was up. */
export function timedOutBefore(timeoutMs: number, leftOut: readonly string[]): StoqError {
  return new StoqError(
    "limit-request-time",
    `The request's time was up after ${timeoutMs / 1000} s, unable to run ${
      quotedList(leftOut)
    } ([limits] request_timeout)`,
  );
}

/** Reports payloads of a request that are too many for it, or for its response. */
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
