/**
 * What a runner's main thread and the thread of one plugin say to each other.
 *
 * The plugin shares its thread with our code and can say whatever our code could: the main thread believes nothing
 * that it has not asked for.
 *
 * @module
 */

import type { CallMessage, FailureRecord, OpenMessage, PassedOnMessage } from "../protocol.ts";

/** From the main thread to a plugin's. */
export type ToThread =
  | { readonly type: "open"; readonly open: OpenMessage; readonly shared: SharedArrayBuffer }
  | { readonly type: "call"; readonly call: CallMessage; readonly content: Uint8Array }
  /** The last group of contents has left; the next may come. */
  | { readonly type: "continue" }
  | { readonly type: "ingest"; readonly id: number }
  | { readonly type: "more" }
  | { readonly type: "stop" }
  | { readonly type: "settle"; readonly delivery: number; readonly outcomeJson: string };

/** From a plugin's thread to the main thread. */
export type FromThread =
  | PassedOnMessage
  | { readonly type: "opened" }
  | { readonly type: "open-failed"; readonly failure: FailureRecord }
  | { readonly type: "contents"; readonly id: number; readonly contents: readonly Uint8Array[] }
  | { readonly type: "answer"; readonly id: number; readonly json: string }
  | { readonly type: "thrown"; readonly id: number; readonly failure: FailureRecord }
  | { readonly type: "log"; readonly level: string; readonly message: string }
  | { readonly type: "delivery"; readonly id: number; readonly delivery: number; readonly json: string }
  /** The plugin ended its thread, or tried to. */
  | { readonly type: "exit"; readonly reason: string };

/** State of the shared memory through which a blocked thread is given data. */
export const SHARED = {
  /** Index of the state among the 32-bit integers at the start: 0 while there is none, else that of `states`. */
  state: 0,
  /** States of what was given, in the order of their numbers. */
  states: ["empty", "whole", "absent", "too-large"],
  /** Index of the length of the data in bytes. */
  length: 1,
  /** Where the data begin, in bytes. */
  dataOffset: 8,
  /** Most that is ever given: the largest request that a plugin may look at, as JSON. */
  maxBytes: 256_000_000,
} as const;
