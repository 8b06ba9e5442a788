/**
 * One process that scans files with the yara plugin, for `yara_bench.ts`: several passes over all files, each read anew. It prints
 * how long it took until the first answer, the time of each pass and its memory as JSON.
 *
 * @module
 */

import { Stoq } from "../../mod.ts";

/** The first argument of the process, as JSON. */
export interface ScanOrder {
  readonly engine: string;
  /** Files or folders. */
  readonly rules: readonly string[];
  readonly files: readonly string[];
  readonly passes: number;
  /** STOQ_HOME, where the cache of compiled rules lies. */
  readonly home: string;
}

/** What it answers. */
export interface ScanReport {
  /** From the process's first line to the first answer, of an empty payload. */
  readonly readyMs: number;
  readonly passesMs: readonly number[];
  readonly residentBytes: number;
  /** Matches of a pass. */
  readonly matches: number;
}

if (import.meta.main) {
  const started = performance.now();
  const { engine, rules, files, passes, home }: ScanOrder = JSON.parse(Deno.args[0]!);
  await using stoq = new Stoq({
    isolation: "none",
    stoqHome: home,
    alwaysDispatch: ["yara"],
    pluginOpts: { yara: { engine, worker_rules: rules } },
  });
  await stoq.scan(new Uint8Array(1));
  const readyMs = performance.now() - started;
  let matches = 0;
  const passesMs: number[] = [];
  for (let pass = 0; pass < passes; pass++) {
    const start = performance.now();
    for (const file of files) {
      const { results, errors } = await stoq.scan(Deno.readFileSync(file));
      const failed = errors.find(({ pluginName }) => pluginName === "yara");
      if (failed) throw new Error(failed.error);
      if (pass === 0) matches += matchesIn(results[0]?.workers.yara);
    }
    passesMs.push(performance.now() - start);
  }
  const { rss: residentBytes } = Deno.memoryUsage();
  console.log(JSON.stringify({ readyMs, passesMs, residentBytes, matches } satisfies ScanReport));
}

function matchesIn(result: unknown): number {
  return (result as { matches?: readonly unknown[] } | undefined)?.matches?.length ?? 0;
}
