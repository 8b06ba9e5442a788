/**
 * Numbers of 64 bits as numbers of JavaScript.
 *
 * @module
 */

import type { DamageLog } from "../bytes/mod.ts";

/** Returns a number. A value above 2^53 - 1 is damage, and is replaced by that limit. `offset` is where it is stored. */
export function safeNumber(value: bigint, offset: number, log: DamageLog): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  log.add("bad-size", `A size or offset must be below 2^53, got ${value}`, offset);
  return Number.MAX_SAFE_INTEGER;
}
