/**
 * A response as documents for a connector whose store takes no more than so many bytes at once.
 *
 * @module
 */

import type { ErrorRecord, PayloadResults, StoqResponse } from "../contract/contract.ts";
import { toErrorRecord } from "../contract/errors.ts";
import { documentCut, documentOfMany } from "../contract/limit_errors.ts";
import { summarizePart } from "../contract/summary.ts";
import type { Plain } from "../contract/plain.ts";
import { createResponseWriter, plainBytes } from "../contract/serialize.ts";

/** One document, and what had to be left out of it. */
export interface ResponseDocument {
  readonly response: StoqResponse;
  /** How many bytes of JSON were left out so that it fits; 0 where nothing was. */
  readonly cutBytes: number;
}

/**
 * The documents of a response: the response itself where it fits, else one for each payload, by first appearance. Each holds that payload
 * and the errors about it; the first one also holds what belongs to no payload. `scanId` stays, and an error with the code
 * `limit-response-bytes` says in each which one of how many it is, and what was left out where it was too large alone.
 *
 * @param maxBytes of a document's compact JSON, inclusive
 */
export function* documentsOf(response: StoqResponse, maxBytes: number): Generator<ResponseDocument> {
  const { sizeBytes } = createResponseWriter(response);
  if (sizeBytes <= maxBytes) return yield { response, cutBytes: 0 };
  const errorsOf = Map.groupBy(response.errors, ({ payloadId }) => payloadId);
  const count = response.results.length;
  if (count < 2) return yield cutToFit(response, maxBytes, []);
  for (const [index, results] of response.results.entries()) {
    const isFirst = index === 0;
    const part: StoqResponse = {
      ...response,
      results: [results],
      summary: summarizePart([results], response.summary),
      errors: [...isFirst ? errorsOf.get(null) ?? [] : [], ...errorsOf.get(results.payloadId) ?? []],
      decorators: isFirst ? response.decorators : {},
    };
    const note = toErrorRecord(documentOfMany(index + 1, count, sizeBytes, maxBytes));
    yield cutToFit(part, maxBytes, [note]);
  }
}

/** Something that can be left out of a document of one payload. */
interface Piece {
  readonly bytes: number;
  leaveOut(): void;
}

/** A document that is built up again without its largest pieces. */
class Draft {
  readonly pieces: Piece[] = [];
  readonly #response: StoqResponse;
  readonly #results: Mutable<PayloadResults> | undefined;
  readonly #decorators: Record<string, Plain>;
  readonly #errors: (ErrorRecord | undefined)[];
  #requestMeta: StoqResponse["requestMeta"];

  constructor(response: StoqResponse) {
    this.#response = response;
    const [results] = response.results;
    this.#results = results && { ...results };
    this.#decorators = { ...response.decorators };
    this.#errors = [...response.errors];
    this.#requestMeta = response.requestMeta;
    this.#offerResults();
    this.#offerEach(this.#decorators, () => {});
    for (const [index, error] of this.#errors.entries()) {
      this.#offer(plainBytes(error as unknown as Plain), () => this.#errors[index] = undefined);
    }
    this.#offer(plainBytes(this.#requestMeta.extraData), () => {
      this.#requestMeta = { ...this.#requestMeta, extraData: {} };
    });
  }

  build(notes: readonly ErrorRecord[]): StoqResponse {
    return {
      ...this.#response,
      results: this.#results ? [this.#results] : [],
      requestMeta: this.#requestMeta,
      errors: [...this.#errors.filter((error) => error !== undefined), ...notes],
      decorators: this.#decorators,
    };
  }

  #offerResults(): void {
    const results = this.#results;
    if (!results) return;
    const workers = { ...results.workers };
    this.#offerEach(workers, () => results.workers = workers);
    const archivers = { ...results.archivers };
    this.#offerEach(archivers, () => results.archivers = archivers);
    this.#offer(plainBytes(results.payloadMeta.extraData), () => {
      results.payloadMeta = { ...results.payloadMeta, extraData: {} };
    });
    for (const key of ["findings", "indicators", "alsoSeenAs", "explain"] as const) {
      const list = results[key];
      if (list) this.#offer(plainBytes(list as unknown as Plain), () => results[key] = undefined);
    }
    this.#offer(plainBytes(results.extractedFrom) + plainBytes(results.extractedBy), () => {
      results.extractedFrom = results.extractedFrom.slice(0, 1);
      results.extractedBy = results.extractedBy.slice(0, 1);
    });
  }

  #offerEach(record: Record<string, Plain>, onChange: () => void): void {
    for (const [key, value] of Object.entries(record)) {
      this.#offer(plainBytes(value), () => {
        delete record[key];
        onChange();
      });
    }
  }

  #offer(bytes: number, leaveOut: () => void): void {
    // The note about smaller pieces would be as long as they are.
    if (bytes > 100) this.pieces.push({ bytes, leaveOut });
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Leaves out the largest pieces until the document fits, or until nothing is left to leave out. */
function cutToFit(response: StoqResponse, maxBytes: number, notes: readonly ErrorRecord[]): ResponseDocument {
  const whole = notes.length > 0 ? { ...response, errors: [...response.errors, ...notes] } : response;
  const { sizeBytes } = createResponseWriter(whole);
  if (sizeBytes <= maxBytes) return { response: whole, cutBytes: 0 };
  const draft = new Draft(response);
  const pieces = draft.pieces.sort((a, b) => b.bytes - a.bytes);
  let cutBytes = 0;
  let count = 0;
  let document = whole;
  let left = sizeBytes;
  while (left > maxBytes && count < pieces.length) {
    // Many at once, as far as their sizes are known to be needed.
    for (let over = left - maxBytes; over > 0 && count < pieces.length;) {
      const piece = pieces[count++]!;
      piece.leaveOut();
      cutBytes += piece.bytes;
      over -= piece.bytes;
    }
    const note = toErrorRecord(documentCut(count, cutBytes, maxBytes));
    document = draft.build([...notes, note]);
    left = createResponseWriter(document).sizeBytes;
  }
  return { response: document, cutBytes };
}
