/**
 * `deno task differential`: do two engines say the same of the same files?
 *
 * Progress goes to stderr, differences and the summary to stdout. The exit code is 1 when there are differences that
 * nothing explains.
 *
 * @module
 */

import { type Batch, compareBatch, type LabelledFile } from "./comparison.ts";
import { FindingsLog } from "./findings_log.ts";
import { openNative } from "./native_subject.ts";
import { plantedBatches, type PlantingPlan, realFileBatches } from "./planted_batches.ts";
import { randomBatches } from "./random_batches.ts";
import { loadRulePool } from "./rule_pool.ts";
import { readSettings, type Settings } from "./settings.ts";
import { openSubject, type Subject } from "./subject.ts";
import { YARA4_DIFFERENCES } from "./yara4_differences.ts";

/** Runs the whole comparison; the answer is the number of differences without an explanation. */
export async function runDifferential(settings: Settings, print: (text: string) => void): Promise<number> {
  const subjects = await openSubjects(settings, print);
  const log = new FindingsLog({
    out: settings.out,
    maxReproductions: settings.reproductions,
    explained: YARA4_DIFFERENCES,
    print,
  });
  const plan: PlantingPlan = {
    pool: settings.rules.length > 0 ? await loadRulePool(settings.rules) : [],
    hosts: await readHosts(settings.files),
    fileCount: settings.planted,
    batchSize: settings.batch,
    seed: settings.seed,
  };
  const stages: [string, Iterable<Batch>][] = [
    ["real files", realFileBatches(plan)],
    ["planted files", plantedBatches(plan)],
    ["random rules", randomBatches(settings.random, settings.seed)],
  ];
  for (const [stage, batches] of stages) {
    for (const batch of batches) {
      const started = performance.now();
      const result = await compareBatch(subjects, batch);
      await log.add(stage, batch.rules.length, result);
      console.error(
        `${stage}, ${batch.label}: ${batch.rules.length} rules, ${result.fileCount} files, ` +
          `${result.findings.length} differences, ${((performance.now() - started) / 1000).toFixed(1)} s`,
      );
    }
  }
  print(log.summary());
  return log.unexplainedCount;
}

async function openSubjects(settings: Settings, print: (text: string) => void): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const name of settings.engines) subjects.push(await openSubject(name));
  const native = settings.hasNative ? await openNative() : undefined;
  if (native) subjects.push(native);
  else if (settings.hasNative) print('skipped: "yara" and "yarac" are not on PATH');
  return subjects;
}

async function readHosts(paths: readonly string[]): Promise<LabelledFile[]> {
  const files: LabelledFile[] = [];
  const pending = [...paths];
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    if ((await Deno.stat(path)).isDirectory) {
      const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
      for (const name of names.sort()) pending.push(`${path}/${name}`);
    } else files.push({ story: path, bytes: await Deno.readFile(path) });
  }
  return files;
}

if (import.meta.main) {
  const differences = await runDifferential(readSettings(Deno.args), (text) => console.log(text));
  Deno.exitCode = differences > 0 ? 1 : 0;
}
