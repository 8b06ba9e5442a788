/**
 * The base of every parser: a reader of hostile bytes, records of damage, and a budget.
 *
 * A parser of this folder is a function from bytes to a typed result that keeps what could be read. Reads check every
 * access and throw `DamageError`; `DamageLog.attempt` turns it into a record and is the only catch. Loops whose counts
 * come from the file pay each step from a `Budget`, and copies pay their bytes.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { ByteReader, DamageLog } from "./mod.ts";
 *
 * function parseList(bytes: Uint8Array) {
 *   const reader = new ByteReader(bytes);
 *   const log = new DamageLog();
 *   const values: number[] = [];
 *   log.attempt(() => {
 *     for (let i = 0, count = reader.u8(0); i < count; i++) {
 *       reader.budget.takeItems(1, i);
 *       values.push(reader.u16(1 + 2 * i));
 *     }
 *   });
 *   return { values, damages: log.damages, isTruncated: log.isTruncated };
 * }
 *
 * const { values, damages } = parseList(Uint8Array.of(200, 1, 0, 2, 0));
 * assert.deepEqual(values, [1, 2]);
 * assert.deepEqual(damages, [{
 *   code: "truncated",
 *   message: "The bytes must hold 2 more at offset 5, got 0",
 *   offset: 5,
 * }]);
 * ```
 *
 * @module
 */

export { Budget, type BudgetLimits } from "./budget.ts";
export { ByteReader, type CString, DEFAULT_BUDGET } from "./byte_reader.ts";
export { type Damage, DamageError, DamageLog, MAX_DAMAGE_RECORDS, type PartialTable } from "./damage.ts";
export { latin1 } from "./latin1.ts";
