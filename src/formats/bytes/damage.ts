/**
 * What is wrong with a file: records for results, and the one error by which a reader stops.
 *
 * @module
 */

/** Records that one list keeps; more are counted. */
export const MAX_DAMAGE_RECORDS = 100;

/** A fault of a file. */
export interface Damage {
  /** Stable, kebab-case; `truncated`, `limit-items` and `limit-bytes` are the same in every format. */
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
  /** Where the fault is, in bytes from the start of the whole file; at most the file's size. */
  readonly offset: number;
}

/** A table that was read as far as the file and the budget go. */
export interface PartialTable {
  /** Faults of the file, in the order in which they were found; at most {@link MAX_DAMAGE_RECORDS}. */
  readonly damages: readonly Damage[];
  /** Whether entries, or parts of them, were left out because a limit was met. */
  readonly isTruncated: boolean;
}

/** Stops a reader at damage. {@link DamageLog.attempt} is the only place that catches it. */
export class DamageError extends Error {
  /**
   * An error that carries a record.
   *
   * @param isLimit whether a limit was met, rather than the file being damaged
   */
  constructor(readonly damage: Damage, readonly isLimit = false) {
    super(damage.message);
    this.name = "DamageError";
  }
}

/** Collects the damage of one table. */
export class DamageLog implements PartialTable {
  readonly #damages: Damage[] = [];
  #isTruncated = false;

  /** The records, a list that still grows. */
  get damages(): readonly Damage[] {
    return this.#damages;
  }

  /** Whether a limit was met. */
  get isTruncated(): boolean {
    return this.#isTruncated;
  }

  /** Records a fault; `offset` counts from the start of the whole file. */
  add(code: string, message: string, offset: number): void {
    if (this.#damages.length < MAX_DAMAGE_RECORDS) this.#damages.push({ code, message, offset });
  }

  /** Records that something was left out because of a limit. */
  addLimit(code: string, message: string, offset: number): void {
    this.#isTruncated = true;
    this.add(code, message, offset);
  }

  /**
   * Returns what a step returns; undefined if the step stopped at damage, which is recorded. Other errors pass.
   *
   * ```ts
   * import assert from "node:assert/strict";
   * import { ByteReader, DamageLog } from "./mod.ts";
   *
   * const log = new DamageLog();
   * assert.equal(log.attempt(() => new ByteReader(Uint8Array.of(1, 2)).u32(0)), undefined);
   * assert.equal(log.damages[0]!.code, "truncated");
   * ```
   */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      const { code, message, offset } = error.damage;
      if (error.isLimit) this.addLimit(code, message, offset);
      else this.add(code, message, offset);
      return undefined;
    }
  }
}
