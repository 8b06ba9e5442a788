/**
 * Memory that two threads share: one waits in it for data that the other fetches.
 *
 * A plugin reads `request.results` like any property, so its thread has to stand still until they are there.
 *
 * @module
 */

import type { GivenState } from "../protocol.ts";
import { SHARED } from "./thread_protocol.ts";

/** Makes the memory; it takes room only as it is filled. */
export function makeSharedMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(SHARED.dataOffset, { maxByteLength: SHARED.dataOffset + SHARED.maxBytes });
}

/** Both ends of the memory; each thread uses its own. */
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

  /** @throws {RangeError} for more than fits */
  put(state: GivenState, data: Uint8Array): void {
    const needed = SHARED.dataOffset + data.length;
    if (this.#memory.byteLength < needed) this.#memory.grow(needed);
    new Uint8Array(this.#memory, SHARED.dataOffset, data.length).set(data);
    Atomics.store(this.#control, SHARED.length, data.length);
    Atomics.store(this.#control, SHARED.state, SHARED.states.indexOf(state));
    Atomics.notify(this.#control, SHARED.state);
  }
}
