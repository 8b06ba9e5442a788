/**
 * Records without undefined values.
 *
 * @module
 */

import type { PlainRecord } from "../../src/plugin/define.ts";

/** Returns a record without the keys whose value is `undefined`. */
export function definedFields(record: PlainRecord): PlainRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
