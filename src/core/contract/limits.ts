/**
 * What a request may use at most.
 *
 * @module
 */

/** Limits of one request, and of all together; each is inclusive, and `Infinity` means that there is none. */
export interface Limits {
  /** Largest payload that is scanned, in bytes. */
  readonly payloadBytes: number;
  /** All extracted payloads of a request together, in bytes. */
  readonly extractedBytes: number;
  /** Payloads of a request, duplicates counted. */
  readonly payloads: number;
  /** What one call may extract, as a multiple of the payload's size … */
  readonly expansionRatio: number;
  /** … once it has extracted more than this many bytes. */
  readonly expansionFloorBytes: number;
  /** Time for one plugin call, in milliseconds. */
  readonly pluginTimeoutMs: number;
  /** Time for a whole request, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Resident memory of a runner, in bytes. */
  readonly runnerMemoryBytes: number;
  /** Results of one plugin for one payload, in bytes of JSON, roughly; all metadata of such an answer together as well. */
  readonly resultBytes: number;
  /** All that one response holds: bytes of its JSON, and 64 for each object, array and entry. */
  readonly responseCost: number;
  /** Errors of one request. */
  readonly errors: number;
  /** Root payloads, extracted payloads and responses of all requests in flight, in bytes: a further delivery waits before it is read. */
  readonly memoryBudgetBytes: number;
  /** Rounds of workers. */
  readonly recursionRounds: number;
  /** Nesting of required workers. */
  readonly requiredWorkerDepth: number;
  /** Times that a worker may ask to be called later about one payload. */
  readonly maxResumes: number;
  /** Passes of deep dispatchers for each payload. */
  readonly dispatchPasses: number;
}

/**
 * Largest payload that is read from a file or stream, even if the limits allow more. A `Uint8Array` may be larger, but engines in
 * WebAssembly address 4 GiB, in which a copy has to fit with all that is made of it.
 */
export const MAX_CONTENT_BYTES = 2 ** 31 - 1;

const MEGABYTE = 1_000_000;

/** The limits that apply unless options set others. */
export const DEFAULT_LIMITS: Limits = {
  payloadBytes: 100 * MEGABYTE,
  extractedBytes: 400 * MEGABYTE,
  payloads: 10_000,
  expansionRatio: 100,
  expansionFloorBytes: 10 * MEGABYTE,
  pluginTimeoutMs: 60_000,
  requestTimeoutMs: 600_000,
  runnerMemoryBytes: 2 ** 30,
  resultBytes: 16 * MEGABYTE,
  responseCost: 64 * MEGABYTE,
  errors: 10_000,
  memoryBudgetBytes: 2_000 * MEGABYTE,
  recursionRounds: 10,
  requiredWorkerDepth: 10,
  maxResumes: 60,
  dispatchPasses: 1,
};

/** Longest text of an error: what a plugin threw may be as long as its whole input. */
export const MAX_ERROR_CHARS = 10_000;
