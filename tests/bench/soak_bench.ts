/**
 * A long run: memory must grow with what is in flight, not with what has been done, and nothing may stay open. Watched from outside,
 * by results on disk, with the processes in which plugins run; needs Linux's `/proc`.
 *
 * @module
 */

import { startStoq, TempFolder } from "../run_stoq.ts";
import { median } from "./timed_run.ts";

const FILES = 20_000;
/** From here on everything is loaded and every kind of call has been made often. */
const WARM_FILES = 2_000;
const GROUP_FILES = 2_000;
const SAMPLE_MS = 100;

/** Returns the figures of a process and its children, added up. */
interface Sample {
  readonly done: number;
  readonly residentBytes: number;
  readonly peakBytes: number;
  readonly openFiles: number;
}

if (import.meta.main) {
  using folder = new TempFolder();
  const random = new Uint8Array(2_000);
  for (let file = 0; file < FILES; file++) {
    crypto.getRandomValues(random);
    folder.write(`in/${file}.bin`, random);
  }
  const plugins = ["-P", "filedir", "-C", "filedir", "-a", "hash", "-R", "yara"];
  const options = ["--plugin-opts", "filedir:source_dir=in"];
  const child = startStoq(["run", ...plugins, ...options], {
    cwd: folder.path,
    env: { STOQ_HOME: folder.path },
  });
  const output = child.output();
  const samples = await watch(child.pid, folder.at("results"), output);
  const { success, stderr } = await output;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  report(samples, count(folder.at("results")));
}

async function watch(pid: number, results: string, ending: Promise<unknown>): Promise<Sample[]> {
  const samples: Sample[] = [];
  let isRunning = true;
  ending.finally(() => isRunning = false).catch(() => {});
  while (isRunning) {
    const sample = sampleOf(pid, results);
    if (sample) samples.push(sample);
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
  return samples;
}

/** Nothing once the process is gone. */
function sampleOf(pid: number, results: string): Sample | undefined {
  try {
    const pids = [`${pid}`, ...childrenOf(pid)];
    const states = pids.map((pid) => Deno.readTextFileSync(`/proc/${pid}/status`));
    const bytes = (key: string) =>
      states.reduce(
        (sum, state) => sum + Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(state)![1]) * 1024,
        0,
      );
    return {
      done: count(results),
      residentBytes: bytes("VmRSS"),
      peakBytes: bytes("VmHWM"),
      openFiles: pids.reduce((sum, pid) => sum + count(`/proc/${pid}/fd`), 0),
    };
  } catch {
    return undefined;
  }
}

/** Each thread has the children that it started. */
function childrenOf(pid: number): string[] {
  return [...Deno.readDirSync(`/proc/${pid}/task`)].flatMap(({ name }) =>
    Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`).split(" ").filter((child) => child !== "")
  );
}

function count(folder: string): number {
  try {
    return [...Deno.readDirSync(folder)].length;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** A single sample says little: garbage comes and goes. So each line has the medians of a group of files. */
function report(samples: readonly Sample[], results: number): void {
  console.log(`results on disk: ${results} of ${FILES}`);
  console.log("files done".padStart(15), "resident".padStart(12), "open files".padStart(12));
  const groups = Map.groupBy(
    samples.filter(({ done }) => done >= WARM_FILES),
    ({ done }) => Math.floor(done / GROUP_FILES) * GROUP_FILES,
  );
  for (const [from, group] of groups) {
    const resident = `${(residentOf(group) / 1e6).toFixed(0)} MB`;
    console.log(`from ${from}`.padStart(15), resident.padStart(12), String(openFilesOf(group)).padStart(12));
  }
  const [first, last] = [groups.values().next().value!, [...groups.values()].at(-1)!];
  const growth = residentOf(last) / residentOf(first);
  const peak = Math.max(...samples.map(({ peakBytes }) => peakBytes));
  console.log(
    `resident at the end: ${growth.toFixed(2)} of that after ${WARM_FILES} (goal: at most 1.20); peak ${
      (peak / 1e6).toFixed(0)
    } MB`,
  );
  const left = openFilesOf(last) - openFilesOf(first);
  console.log(`open files at the end: ${left} more than after ${WARM_FILES} (goal: 0)`);
}

function residentOf(samples: readonly Sample[]): number {
  return median(samples.map(({ residentBytes }) => residentBytes));
}

function openFilesOf(samples: readonly Sample[]): number {
  return median(samples.map(({ openFiles }) => openFiles));
}
