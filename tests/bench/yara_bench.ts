/**
 * The yara plugin against native yara 4 (Debian's `yara` and `yarac`) and against yara-x alone, all in one run.
 *
 * Rules and files come from the environment, `STOQ_BENCH_RULES` (a folder of rule files) and `STOQ_BENCH_FILES` (a folder of
 * documents); without them from a seed, which shows no more than that all still works. Time per file is that of a whole pass, files
 * read anew, starts excluded: native yara's is the difference to a run over an empty file, ours is a pass of a process that was warm.
 * Ours is a whole scan of the engine with its digest of the file; beyond one without rules it is what YARA adds.
 *
 * @module
 */

import { TempFolder } from "../run_stoq.ts";
import type { ScanOrder, ScanReport } from "./yara_scans.ts";
import { makeFiles, makeRules } from "./yara_material.ts";
import { median } from "./timed_run.ts";

const TURNS = 5;
/** How `src/sandbox/launch.ts` starts a runner, as far as it matters for memory and WebAssembly. */
const RUNNER_FLAGS = ["--v8-flags=--max-semi-space-size=8,--wasm-tiering-budget=130000000"];
const PASSES = 5;
/** One of yara-x's scans with 5,900 rules takes as long as 100 of ours. */
const YARA_X_FILES = 20;
const SCANS = new URL("yara_scans.ts", import.meta.url).href;
const SHIPPED = new URL("../../plugins/yara/rules/dispatcher.yar", import.meta.url).pathname;
const EXTERNALS = ["filename", "filepath", "extension", "filetype", "owner"].flatMap((
  name,
) => ["-d", `${name}=`]);

if (import.meta.main) {
  using folder = new TempFolder();
  const rules = Deno.env.get("STOQ_BENCH_RULES") ?? makeRules(folder);
  const files = filesBelow(Deno.env.get("STOQ_BENCH_FILES") ?? makeFiles(folder));
  const ruleFiles = filesBelow(rules).filter((file) => /\.yara?$/.test(file));
  console.log(`${ruleFiles.length} rule files, ${files.length} files of ${megabytes(sizeOf(files))}`);
  await compare(folder, "all rules", [rules], ruleFiles, files);
  await compare(folder, "the shipped dispatch rules", [SHIPPED], [SHIPPED], files);
}

async function compare(
  folder: TempFolder,
  name: string,
  rules: readonly string[],
  ruleFiles: readonly string[],
  files: readonly string[],
): Promise<void> {
  console.log(`\n${name}`);
  const home = folder.at(`home of ${name}`);
  const native = await nativeTimes(folder, ruleFiles, files);
  const order = { engine: "auto", rules, files, passes: PASSES, home };
  const withoutRules = { ...order, rules: [folder.write("empty.yar", "rule empty { condition: false }")] };
  const compiling = await scans({ ...order, passes: 1 });
  const ours = await scans(order);
  const without = await scans(withoutRules);
  const starts = await startTimes(folder, name, order, withoutRules);
  const few = files.slice(0, YARA_X_FILES);
  const yaraX = await scans({ ...order, engine: "yara-x", files: few, passes: 1 });
  const oursOfFew = await scans({ ...order, files: few });

  const oursMs = median(ours.passesMs) / files.length;
  report("native yara, per file", native?.scanMs, "ms");
  report("ours, per file", oursMs, "ms", ratio(oursMs, native?.scanMs, "native's"));
  const aroundMs = median(without.passesMs) / files.length;
  const aloneMs = oursMs - aroundMs;
  report(
    "ours beyond a scan without rules, per file",
    aloneMs,
    "ms",
    ratio(aloneMs, native?.scanMs, "native's"),
  );
  report("ours, first pass", ours.passesMs[0]! / files.length, "ms");
  const [xMs, oursOfFewMs] = [yaraX.passesMs[0]! / few.length, median(oursOfFew.passesMs) / few.length];
  report(`yara-x, per file of ${few.length}`, xMs, "ms", ratio(xMs, oursOfFewMs, "ours of the same files"));
  report("native yarac", native?.compileMs, "ms");
  const buildMs = starts.fromSourcesMs - starts.withoutMs;
  report(
    "ours from sources, beyond a start without rules",
    buildMs,
    "ms",
    ratio(buildMs, native?.compileMs, "yarac's"),
  );
  report(
    "ours from the cache, beyond a start without rules",
    starts.fromCacheMs - starts.withoutMs,
    "ms",
  );
  report("memory of ours, from sources", compiling.residentBytes / 1e6, "MB");
  const remark = `${megabytes(without.residentBytes)} without rules`;
  report("memory of ours, from the cache", ours.residentBytes / 1e6, "MB", remark);
  report("memory of yara-x", yaraX.residentBytes / 1e6, "MB");
  console.log(`  matches: ${ours.matches}`);
}

/** The quickest of several starts of each kind, in turn: others use the machine too. */
async function startTimes(folder: TempFolder, name: string, order: ScanOrder, withoutRules: ScanOrder) {
  const best = { fromSourcesMs: Infinity, fromCacheMs: Infinity, withoutMs: Infinity };
  for (let turn = 0; turn < TURNS; turn++) {
    const start = { passes: 0, home: folder.at(`home ${turn} of ${name}`) };
    const fromSources = await scans({ ...order, ...start });
    const fromCache = await scans({ ...order, ...start });
    const without = await scans({ ...withoutRules, ...start });
    best.fromSourcesMs = Math.min(best.fromSourcesMs, fromSources.readyMs);
    best.fromCacheMs = Math.min(best.fromCacheMs, fromCache.readyMs);
    best.withoutMs = Math.min(best.withoutMs, without.readyMs);
  }
  return best;
}

async function nativeTimes(folder: TempFolder, ruleFiles: readonly string[], files: readonly string[]) {
  const compiled = folder.at("rules.yac");
  try {
    const compileMs = await bestMs(() => run("yarac", ["-w", ...EXTERNALS, ...ruleFiles, compiled]));
    const list = folder.write("files.txt", `${files.join("\n")}\n`);
    const empty = folder.write("empty.txt", `${folder.write("empty.bin", "")}\n`);
    const scan = (names: string) => () =>
      run("yara", ["-C", "-w", "-p", "1", ...EXTERNALS, "--scan-list", compiled, names]);
    const scanMs = (await bestMs(scan(list)) - await bestMs(scan(empty))) / files.length;
    return { compileMs, scanMs };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log('skipped: "yara" and "yarac" are not on PATH');
    return undefined;
  }
}

async function bestMs(act: () => Promise<void>): Promise<number> {
  let best = Infinity;
  for (let turn = 0; turn < TURNS; turn++) {
    const start = performance.now();
    await act();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args], stdout: "null" }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function scans(order: ScanOrder): Promise<ScanReport> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...RUNNER_FLAGS, "-A", "--no-check", SCANS, JSON.stringify(order)],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? filesBelow(path) : [path];
  }).sort();
}

function sizeOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + Deno.statSync(file).size, 0);
}

function ratio(value: number, other: number | undefined, whose: string): string {
  return other === undefined ? "" : `${(value / other).toFixed(2)} times ${whose}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function report(what: string, value: number | undefined, unit: string, remark = ""): void {
  if (value === undefined) return;
  console.log(`  ${what.padEnd(52)} ${value.toFixed(2).padStart(10)} ${unit}  ${remark}`);
}
