/**
 * A budget: the largest cost of one file, for any counts that the file declares.
 *
 * @module
 */

import { DamageError } from "./damage.ts";

/** What a budget allows. */
export interface BudgetLimits {
  /** Entries that are read: steps of every loop whose count comes from the file. */
  readonly items: number;
  /** Bytes that are copied out of the file: texts, joined streams, decoded tables. Views cost nothing. */
  readonly bytes: number;
}

/**
 * Counts what a parser spends. A budget is shared by all tables of one file, so that many tables cost no more than one.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { Budget, DamageLog } from "./mod.ts";
 *
 * const budget = new Budget({ items: 2, bytes: 100 });
 * const log = new DamageLog();
 * log.attempt(() => { for (;;) budget.takeItems(1, 0); });
 * assert.equal(budget.itemsSpent, 2);
 * assert.equal(log.damages[0]!.code, "limit-items");
 * assert.ok(log.isTruncated);
 * ```
 */
export class Budget {
  #itemsSpent = 0;
  #bytesSpent = 0;

  /** A budget of which nothing is spent. */
  constructor(readonly limits: BudgetLimits) {}

  /** Entries so far, never more than the limit. */
  get itemsSpent(): number {
    return this.#itemsSpent;
  }

  /** Bytes so far, never more than the limit. */
  get bytesSpent(): number {
    return this.#bytesSpent;
  }

  /**
   * Spends entries before they are read; `offset` is where they stand in the whole file.
   *
   * @throws {DamageError} `limit-items` if they are more than what is left
   */
  takeItems(count: number, offset: number): void {
    const { items } = this.limits;
    if (!(this.#itemsSpent + count <= items)) {
      throw new DamageError(
        { code: "limit-items", message: `The file has more than ${items} entries`, offset },
        true,
      );
    }
    this.#itemsSpent += count;
  }

  /**
   * Spends bytes before they are copied; `offset` is where they stand in the whole file.
   *
   * @throws {DamageError} `limit-bytes` if they are more than what is left
   */
  takeBytes(count: number, offset: number): void {
    const { bytes } = this.limits;
    if (!(this.#bytesSpent + count <= bytes)) {
      throw new DamageError(
        { code: "limit-bytes", message: `The file has more than ${bytes} bytes of texts and tables`, offset },
        true,
      );
    }
    this.#bytesSpent += count;
  }
}
