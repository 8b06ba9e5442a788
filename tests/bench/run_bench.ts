/**
 * `stoq run` over many files, results to disk: against the three tools that a shell user starts for each file, and against
 * `digest_alone.ts`, which reads the same files and computes the same digests in one process. All are whole processes, start
 * included. Ratios are medians of pairs measured one after the other.
 *
 * Each turn writes to a folder of its own, which stays until the end: ext4 takes ten times as long to make a file when many
 * were deleted within the last seconds, and that is not the run's doing.
 *
 * @module
 */

import { TempFolder } from "../run_stoq.ts";
import { median } from "./timed_run.ts";

const FILES = 2_000;
const FILE_BYTES = 100_000;
/** One pair alone shows the machine of that moment; the tools take a quarter of a minute a turn. */
const TURNS = { tools: 3, alone: 9 };
const CLI = new URL("../../cli.ts", import.meta.url).href;
const ALONE = new URL("digest_alone.ts", import.meta.url).href;
const TOOLS = 'for f in in/*.bin; do md5sum "$f"; sha1sum "$f"; sha256sum "$f"; done > sums.txt';

/** Runs so far: each has a folder of results of its own. */
let runs = 0;

if (import.meta.main) {
  using folder = new TempFolder();
  for (let file = 0; file < FILES; file++) {
    const content = new Uint8Array(FILE_BYTES).fill(file);
    crypto.getRandomValues(content.subarray(0, 65536));
    folder.write(`in/${file}.bin`, content);
  }
  // The files are in the system's memory and the modules in Deno's cache from here on.
  await runStoq(folder);
  const ways = {
    tools: () => execute("sh", ["-c", TOOLS], folder),
    alone: () => execute(Deno.execPath(), ["run", "-A", "--no-check", ALONE, "in"], folder),
  };
  const tools = await pairs(TURNS.tools, () => runStoq(folder), ways.tools);
  const alone = await pairs(TURNS.alone, () => runStoq(folder), ways.alone);
  report("stoq run -P filedir -C filedir -a hash", alone.oursMs);
  report("md5sum, sha1sum, sha256sum for each file", tools.theirsMs);
  console.log(`  the run is ${(1 / tools.ratio).toFixed(1)} times as fast (goal: 3)`);
  report("the three digests alone, one process", alone.theirsMs);
  console.log(`  the run has ${(100 / alone.ratio).toFixed(0)} % of that throughput (goal: 60 %)`);
}

/** Medians of both ways, and of the ratios of the turns: the machine's speed drifts, but rarely within a turn. */
async function pairs(turns: number, ours: () => Promise<void>, theirs: () => Promise<void>) {
  const times: { ours: number; theirs: number }[] = [];
  for (let turn = 0; turn < turns; turn++) {
    times.push({ ours: await timed(ours), theirs: await timed(theirs) });
  }
  return {
    oursMs: median(times.map(({ ours }) => ours)),
    theirsMs: median(times.map(({ theirs }) => theirs)),
    ratio: median(times.map(({ ours, theirs }) => ours / theirs)),
  };
}

async function timed(act: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

async function runStoq(folder: TempFolder): Promise<void> {
  const results = `results-${++runs}`;
  const plugins = ["-P", "filedir", "-C", "filedir", "-a", "hash"];
  const options = ["--plugin-opts", "filedir:source_dir=in", `filedir:results_dir=${results}`];
  await execute(Deno.execPath(), ["run", "-A", "--no-check", CLI, "run", ...plugins, ...options], folder);
  const written = [...Deno.readDirSync(folder.at(results))].length;
  if (written !== FILES) throw new Error(`The run wrote ${written} results, should be ${FILES}`);
}

async function execute(program: string, args: readonly string[], folder: TempFolder): Promise<void> {
  const env = { STOQ_HOME: folder.path };
  const { success, stderr } = await new Deno.Command(program, { args: [...args], cwd: folder.path, env })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

function report(what: string, ms: number): void {
  console.log(what.padEnd(44), `${ms.toFixed(0)} ms`.padStart(9));
}
