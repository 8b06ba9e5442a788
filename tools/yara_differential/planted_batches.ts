/**
 * Cuts a pool of rules into sets that are compiled together, and plants files for each of them.
 *
 * @module
 */

import type { Externals } from "../../plugins/yara/engine.ts";
import type { Batch, FileGroup, LabelledFile } from "./comparison.ts";
import { plantFile, type PlantRule, plantRule } from "./plant.ts";
import { Random } from "./random.ts";
import { closureOf, type PoolRule } from "./rule_pool.ts";

/** What is to be planted. */
export interface PlantingPlan {
  readonly pool: readonly PoolRule[];
  /** Real files to plant in, and to scan as they are. */
  readonly hosts: readonly LabelledFile[];
  readonly fileCount: number;
  /** Rules that are compiled together. */
  readonly batchSize: number;
  readonly seed: number;
}

/** External variables as the plugin always defines them. */
export const NO_EXTERNALS: Externals = {
  filename: "",
  filepath: "",
  extension: "",
  filetype: "",
  owner: "",
};

/** Groups of planted files in a batch, each with values of its own. */
const GROUPS = 3;

/** The batches, made one by one. A rule is in one batch, but for those that others refer to. */
export function* plantedBatches(plan: PlantingPlan): Generator<Batch> {
  const starts = [];
  for (let start = 0; start < plan.pool.length; start += plan.batchSize) starts.push(start);
  for (const [index, start] of starts.entries()) {
    const from = Math.floor(plan.fileCount * index / starts.length);
    const to = Math.floor(plan.fileCount * (index + 1) / starts.length);
    if (to > from) yield plantedBatch(plan, start, to - from);
  }
}

function plantedBatch({ pool, hosts, batchSize, seed }: PlantingPlan, start: number, count: number): Batch {
  const label = `rules ${start} to ${Math.min(pool.length, start + batchSize) - 1}`;
  const own = pool.slice(start, start + batchSize);
  const random = new Random(seed, label);
  const targets = own.map(plantRule)
    .filter(({ patterns, hints }) => patterns.length + hints.fixed.length > 0);
  const contents = hosts.map(({ bytes }) => bytes);
  const groups: FileGroup[] = [];
  for (let i = 0, made = 0; targets.length > 0 && i < GROUPS; i++) {
    const target = Math.floor(count * (i + 1) / GROUPS);
    const files: LabelledFile[] = [];
    for (; made < target; made++) files.push(plantFile(random, targets, contents));
    groups.push({ externals: i === 0 ? NO_EXTERNALS : wantedExternals(random, targets), files });
  }
  return { label: `seed ${seed}, ${label}`, rules: closureOf(pool, own), externals: NO_EXTERNALS, groups };
}

/** Values to which some conditions compare. */
function wantedExternals(random: Random, rules: readonly PlantRule[]): Externals {
  const names = Object.keys(NO_EXTERNALS);
  return Object.fromEntries(names.map((name) => {
    const values = rules.flatMap(({ hints }) => hints.externals.get(name) ?? []).filter(isPlain);
    return [name, values.length > 0 ? random.pick(values) : ""];
  }));
}

/** Whether a text can be handed to a program. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** The real files as they are, with rules that are compiled together. */
export function* realFileBatches({ pool, hosts, batchSize }: PlantingPlan): Generator<Batch> {
  for (let start = 0; start < pool.length && hosts.length > 0; start += batchSize) {
    const rules = closureOf(pool, pool.slice(start, start + batchSize));
    const groups = [{ externals: NO_EXTERNALS, files: hosts }];
    yield { label: `real files, rules from ${start}`, rules, externals: NO_EXTERNALS, groups };
  }
}
