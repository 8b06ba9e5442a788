/**
 * A stream of chunks as something that fills buffers.
 *
 * @module
 */

import type { ReadInto } from "./frames.ts";

/** Reads a stream piece by piece into whatever has room. */
export function readInto(reader: ReadableStreamDefaultReader<Uint8Array>): ReadInto {
  let rest = new Uint8Array() as Uint8Array;
  return async (target) => {
    while (rest.length === 0) {
      const { done, value } = await reader.read();
      if (done) return null;
      rest = value;
    }
    const taken = rest.subarray(0, target.length);
    target.set(taken);
    rest = rest.subarray(taken.length);
    return taken.length;
  };
}
