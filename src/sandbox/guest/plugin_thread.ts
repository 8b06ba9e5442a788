/**
 * A plugin's thread as the runner's main thread sees it: each message is checked before it is used.
 *
 * @module
 */

import {
  isCount,
  isFailure,
  isListOf,
  isText,
  PASSED_ON_SHAPES,
  readShaped,
  type Shapes,
} from "../message_shape.ts";
import { FloodBound } from "../../core/ports/line_rate.ts";
import type { GivenState, OpenMessage } from "../protocol.ts";
import { makeSharedMemory, SharedMailbox } from "./mailbox.ts";
import type { FromThread, ToThread } from "./thread_protocol.ts";

/** Receives the messages of threads, and the reason when a thread is broken. */
export interface ThreadListener {
  onMessage(thread: PluginThread, message: FromThread): void;
  onBroken(thread: PluginThread, reason: string): void;
}

/** The thread of one plugin. */
export class PluginThread {
  readonly plugin: string;
  readonly logBound = new FloodBound();
  readonly #worker: Worker;
  readonly #mailbox: SharedMailbox;
  #isClosed = false;

  /** Lets the thread that was started for a plugin load it. */
  constructor(worker: Worker, open: OpenMessage, listener: ThreadListener) {
    this.plugin = open.plugin;
    this.#worker = worker;
    const shared = makeSharedMemory();
    this.#mailbox = new SharedMailbox(shared);
    this.#worker.addEventListener("message", ({ data }) => {
      // Its last messages may arrive after it was closed.
      if (this.#isClosed) return;
      const message = readShaped(SHAPES, data);
      if (message) listener.onMessage(this, message);
      else listener.onBroken(this, "it sent a message that is not in the protocol");
    });
    this.#worker.addEventListener("messageerror", () => {
      if (!this.#isClosed) listener.onBroken(this, "it sent a message that is not in the protocol");
    });
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (!this.#isClosed) listener.onBroken(this, event.message);
    });
    this.send({ type: "open", open, shared });
  }

  send(message: ToThread, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  /** Ends the thread; a busy one ends when its event loop runs again. */
  close(): void {
    this.#isClosed = true;
    this.#worker.terminate();
  }

  /** Gives a blocked thread the data that it waits for. */
  give(state: GivenState, data: Uint8Array): void {
    this.#mailbox.put(state, data);
  }
}

/** Returns whether a value is bytes that no other thread can change while they are written. */
function isOwnBytes(item: unknown): boolean {
  return item instanceof Uint8Array && item.buffer instanceof ArrayBuffer;
}

const SHAPES: Shapes<FromThread> = {
  ...PASSED_ON_SHAPES,
  "opened": {},
  "open-failed": { failure: isFailure },
  "contents": { id: isCount, contents: isListOf(isOwnBytes) },
  "answer": { id: isCount, json: isText },
  "thrown": { id: isCount, failure: isFailure },
  "log": { level: isText, message: isText },
  "delivery": { id: isCount, delivery: isCount, json: isText },
  "exit": { reason: isText },
};
