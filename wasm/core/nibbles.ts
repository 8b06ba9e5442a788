/**
 * Groups of windows by the nibbles of their bytes, for lanes of few windows.
 *
 * @module
 */

import { NIBBLES_BYTES } from "./layout.ts";

const GROUPS = 8;

/** The tables of `NIBBLES_BYTES` for each of the windows' `width` bytes. */
export function nibbleGroups(windows: readonly Uint8Array[], width: number): Uint32Array {
  const tables = new Uint8Array(width * NIBBLES_BYTES);
  // Windows that begin alike go together: their group then has few nibbles.
  const sorted = [...windows].sort(compareBytes);
  sorted.forEach((window, index) => {
    const group = 1 << Math.floor(index * GROUPS / sorted.length);
    window.forEach((byte, at) => {
      tables[at * NIBBLES_BYTES + (byte & 15)]! |= group;
      tables[at * NIBBLES_BYTES + 16 + (byte >> 4)]! |= group;
    });
  });
  return new Uint32Array(tables.buffer);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length; at++) {
    if (a[at] !== b[at]) return a[at]! - b[at]!;
  }
  return 0;
}
