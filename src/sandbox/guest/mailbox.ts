/**
 * Memory that two threads share: one thread blocks until the other one has put data into it.
 *
 * A plugin reads `request.results` like any property, so its thread must block until the data has arrived.
 *
 * @module
 */

import type { GivenState } from "../protocol.ts";
import { SHARED } from "./thread_protocol.ts";

/** Makes the shared memory, which grows as it is filled. */
export function makeSharedMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(SHARED.dataOffset, { maxByteLength: SHARED.dataOffset + SHARED.maxBytes });
}

/** One end of the shared memory; each thread has an object of its own. */
export class SharedMailbox {
  readonly #memory: SharedArrayBuffer;
  readonly #control: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#memory = memory;
    this.#control = new Int32Array(memory, 0, 2);
  }

  /** Blocks until the other thread has put something in, and takes it out. */
  take(): { readonly state: GivenState; readonly data: Uint8Array } {
    Atomics.wait(this.#control, SHARED.state, 0);
    const state = SHARED.states[Atomics.load(this.#control, SHARED.state)] as GivenState;
    const length = Atomics.load(this.#control, SHARED.length);
    const data = new Uint8Array(length);
    data.set(new Uint8Array(this.#memory, SHARED.dataOffset, length));
    Atomics.store(this.#control, SHARED.state, 0);
    return { state, data };
  }

  /** Puts data in and wakes the other thread. @throws {RangeError} for more data than fits */
  put(state: GivenState, data: Uint8Array): void {
    const needed = SHARED.dataOffset + data.length;
    if (this.#memory.byteLength < needed) this.#memory.grow(needed);
    new Uint8Array(this.#memory, SHARED.dataOffset, data.length).set(data);
    Atomics.store(this.#control, SHARED.length, data.length);
    Atomics.store(this.#control, SHARED.state, SHARED.states.indexOf(state));
    Atomics.notify(this.#control, SHARED.state);
  }
}
