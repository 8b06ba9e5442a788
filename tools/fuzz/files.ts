/**
 * Feeds mutated files to `stoq run`, with everything switched on, and checks what became of each.
 *
 * @module
 */

import { catalog } from "../../plugins/catalog.ts";
import type { Role } from "../../src/plugin/define.ts";
import { checkResponses } from "./check_responses.ts";
import type { Figures } from "./figures.ts";
import { type FuzzInput, makeInput, type SeedFile } from "./inputs.ts";
import { ProcessWatch } from "./process_watch.ts";

const CLI = new URL("../../cli.ts", import.meta.url).href;
/** Most resident memory of the main process, in bytes. */
const MAX_MAIN_BYTES = 1_500_000_000;
/** How much of a run's standard error a failure quotes. */
const MAX_QUOTED_CHARS = 2_000;
/** What Deno prints for an exception that ends a program, and for code that is ours and wrong. */
const EXCEPTION = /error: Uncaught|Unhandled|internal-error|panicked|FATAL ERROR/;

/** How to feed. */
export interface FileFuzzing {
  readonly files: readonly SeedFile[];
  readonly seed: number;
  /** How many inputs are scanned in one process. */
  readonly batchSize: number;
  /** Whether another batch is to begin. */
  readonly hasTime: (inputs: number) => boolean;
  /** Workers beside the shipped ones, and the folder of their plugins. */
  readonly further?: { readonly workers: readonly string[]; readonly folder: string };
}

/** Feeds inputs in batches. Where a batch as a whole went wrong, its inputs are run alone to find the one. */
export async function fuzzFiles(fuzzing: FileFuzzing, figures: Figures): Promise<void> {
  while (fuzzing.hasTime(figures.inputs)) {
    const first = figures.inputs;
    const batch = Array.from(
      { length: fuzzing.batchSize },
      (_, index) => makeInput(fuzzing.files, fuzzing.seed, first + index),
    );
    figures.inputs += batch.length;
    const reason = await runBatch(batch, fuzzing, figures);
    if (reason !== undefined) await findCulprits(batch, reason, fuzzing, figures);
  }
}

async function findCulprits(
  batch: readonly FuzzInput[],
  reason: string,
  fuzzing: FileFuzzing,
  figures: Figures,
): Promise<void> {
  let isFound = false;
  for (const input of batch) {
    const alone = await runBatch([input], fuzzing, figures);
    if (alone === undefined) continue;
    isFound = true;
    figures.failures.push({ ...input, input: input.number, reason: alone });
  }
  if (isFound) return;
  const [{ number }] = batch as [FuzzInput];
  const origin = `inputs ${number} to ${number + batch.length - 1} together`;
  figures.failures.push({ input: number, reason, content: new Uint8Array(), origin });
}

/** Runs inputs in one process. Returns what went wrong with the run as a whole. */
async function runBatch(
  batch: readonly FuzzInput[],
  fuzzing: FileFuzzing,
  figures: Figures,
): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "stoq-fuzz-" });
  try {
    const workers = [...withRole("worker"), ...fuzzing.further?.workers ?? []];
    await Deno.mkdir(`${folder}/in`);
    for (const { number, content } of batch) await Deno.writeFile(`${folder}/in/${number}`, content);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", CLI, ...wordsOf(folder, workers, fuzzing.further?.folder)],
      env: { STOQ_HOME: `${folder}/home`, NO_COLOR: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const watch = new ProcessWatch(child.pid);
    const { code, stderr } = await child.output();
    const left = await watch.finish();
    figures.noteMemory(watch.peakBytes);
    const text = new TextDecoder().decode(stderr);
    if (EXCEPTION.test(text)) return `an exception: ${text.slice(-MAX_QUOTED_CHARS)}`;
    if (code !== 0) return `exit code ${code}: ${text.slice(-MAX_QUOTED_CHARS)}`;
    if (left.length > 0) return `${left.length} runners outlived the main process`;
    if (watch.peakBytes > MAX_MAIN_BYTES) return `the main process took ${watch.peakBytes} bytes`;
    await checkResponses({ folder, batch, workers }, figures);
    return undefined;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the names of all shipped plugins with a role. */
function withRole(role: Role): string[] {
  return Object.entries(catalog).filter(([, { manifest }]) => manifest.roles.includes(role)).map(([name]) =>
    name
  );
}

function wordsOf(folder: string, workers: readonly string[], pluginDir: string | undefined): string[] {
  const option = (name: string, subfolder: string) => `filedir:${name}=${folder}/${subfolder}`;
  return [
    "run",
    ...["-P", "filedir", "-C", "filedir", "-A", "filedir", "-a", ...workers, "-R", ...withRole("dispatcher")],
    ...(pluginDir === undefined ? [] : ["--plugin-dir", pluginDir]),
    ...["--log-level", "error", "--plugin-opts"],
    ...[option("source_dir", "in"), option("results_dir", "results"), option("archive_dir", "archive")],
  ];
}
