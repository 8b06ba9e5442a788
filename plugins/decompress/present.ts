/**
 * Records without gaps.
 *
 * @module
 */

import type { PlainRecord } from "../../src/plugin/define.ts";

/** The record without the keys whose value is `undefined`. */
export function present(record: PlainRecord): PlainRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
