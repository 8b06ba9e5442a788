/**
 * Messages between a runner's main thread and the thread of one plugin.
 *
 * The plugin shares its thread with our code and can send any message that our code could send. The main thread rejects each
 * message that it did not ask for.
 *
 * @module
 */

import type { CallMessage, FailureRecord, OpenMessage, PassedOnMessage } from "../protocol.ts";

/** From the main thread to a plugin's. */
export type ToThread =
  | { readonly type: "open"; readonly open: OpenMessage; readonly shared: SharedArrayBuffer }
  | { readonly type: "call"; readonly call: CallMessage; readonly content: Uint8Array }
  /** Asks for the next group of contents: the last one was forwarded. */
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
  /** Index of the state among the 32-bit integers at the start; its value is an index of `states`. */
  state: 0,
  /** Names of the states. */
  states: ["empty", "whole", "absent", "too-large"],
  /** Index of the length of the data in bytes. */
  length: 1,
  /** Offset of the data, in bytes. */
  dataOffset: 8,
  /** Size limit of the data: JSON of a part of the request, or the bytes of a payload. */
  maxBytes: 256_000_000,
} as const;
