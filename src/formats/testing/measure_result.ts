/**
 * The size of a parser's result.
 *
 * @module
 */

import type { Damage } from "../bytes/mod.ts";

/** What a result holds. */
export interface ResultSize {
  /** Elements of all arrays, maps and sets but lists of damage. */
  readonly items: number;
  /** Characters of all texts, and bytes of buffers other than the input's; names of codes and messages are free. */
  readonly bytes: number;
  /** All records of damage. */
  readonly damages: readonly Damage[];
}

/** Measures a result, each object once. `input` is the buffer that a result may view for free. */
export function measureResult(result: unknown, input: ArrayBufferLike): ResultSize {
  let [items, bytes] = [0, 0];
  const damages: Damage[] = [];
  const seen = new Set<unknown>([input]);
  const queue: unknown[] = [result];
  for (let value = queue.pop(); value !== undefined || queue.length > 0; value = queue.pop()) {
    if (typeof value === "string") bytes += value.length;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      if (!seen.has(value.buffer)) bytes += value.buffer.byteLength;
      seen.add(value.buffer);
    } else if (Array.isArray(value) || value instanceof Map || value instanceof Set) {
      const elements = [...value];
      items += elements.length;
      queue.push(...elements);
    } else {
      for (const [name, member] of Object.entries(value)) {
        if (name === "damages") damages.push(...member as Damage[]);
        else queue.push(member);
      }
    }
  }
  return { items, bytes, damages };
}
