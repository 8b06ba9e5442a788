/**
 * Sets of random rules as batches.
 *
 * @module
 */

import type { Batch } from "./comparison.ts";
import { RANDOM_EXTERNALS, randomSetOf } from "./random_rules.ts";
import { poolRule } from "./rule_pool.ts";

/** Seeds of neighbouring runs don't share sets. */
const SEED_STEP = 100_003;

/** The sets, made one by one. */
export function* randomBatches(count: number, seed: number): Generator<Batch> {
  for (let i = 0; i < count; i++) {
    const set = randomSetOf(seed * SEED_STEP + i);
    const label = `seed ${seed}, set ${i}`;
    yield {
      label,
      rules: set.rules.map((text) => poolRule(label, text)),
      externals: RANDOM_EXTERNALS,
      groups: [{
        externals: set.externals,
        files: set.files.map((bytes, file) => ({ story: `random file ${file}`, bytes })),
      }],
    };
  }
}
