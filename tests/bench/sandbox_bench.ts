/**
 * What it costs that plugins run in processes of their own, against everything in one process: a scan of one small file, a
 * call, a run that keeps every processor busy, and a plugin that hangs. Ways take turns, and medians are compared.
 *
 * @module
 */

import { Stoq, type StoqOptions } from "../../mod.ts";
import { TempFolder } from "../run_stoq.ts";
import { median } from "./timed_run.ts";

const CLI = new URL("../../cli.ts", import.meta.url).href;
const ISOLATIONS = ["none", "process"] as const;
const ONE_SHOT_TURNS = 21;
const CALLS = { small: { bytes: 1_000, count: 2_000 }, large: { bytes: 10_000_000, count: 60 } };
const FILES = 2_000;
const FILE_BYTES = 100_000;
const RUN_TURNS = 3;
const DEADLINE_SECONDS = 2;

const MANIFEST = { version: "1.0.0", description: "For measuring", roles: ["worker"], api: 1 };
const PLUGINS = {
  noop: "export default () => ({ scan: () => ({ results: {} }) });",
  // As entropy is computed: pure work that grows with the payload.
  entropy: `export default () => ({
    scan({ content }) {
      const counts = new Uint32Array(256);
      for (const byte of content) counts[byte]++;
      let bits = 0;
      for (const count of counts) if (count > 0) bits -= count / content.length * Math.log2(count / content.length);
      return { results: { bits } };
    },
  });`,
  hang: `export default () => ({
    scan({ content }) {
      if (content.length === 7) for (;;);
      return { results: {} };
    },
  });`,
};

let runCount = 0;

/** Says at the end what the process has used. */
const USAGE = `addEventListener("unload", () => Deno.copyFileSync("/proc/self/stat", "usage"));`;

if (import.meta.main) {
  using folder = new TempFolder({ "hello.txt": "hello world\n", "usage.ts": USAGE });
  for (const [name, code] of Object.entries(PLUGINS)) {
    folder.write(`plugins/${name}/manifest.json`, JSON.stringify({ ...MANIFEST, name }));
    folder.write(`plugins/${name}/mod.ts`, code);
  }
  await oneShot(folder);
  await calls(folder);
  await hungPlugin(folder);
  await run(folder);
}

async function oneShot(folder: TempFolder): Promise<void> {
  const words = ["scan", folder.at("hello.txt"), "-a", "hash", "mimetype", "-R", "yara"];
  const times = { none: [] as number[], process: [] as number[] };
  for (let turn = 0; turn <= ONE_SHOT_TURNS; turn++) {
    for (const isolation of ISOLATIONS) {
      const start = performance.now();
      await execute([...words, "--isolation", isolation], folder);
      // The first turn fills caches.
      if (turn > 0) times[isolation].push(performance.now() - start);
    }
  }
  const differences = times.process.map((ms, turn) => ms - times.none[turn]!);
  console.log("scan of a small file, -a hash mimetype -R yara");
  report("in one process", median(times.none));
  report("apart", median(times.process));
  report("median of the differences", median(differences));
}

async function calls(folder: TempFolder): Promise<void> {
  for (const { bytes, count } of Object.values(CALLS)) {
    const content = new Uint8Array(bytes);
    await using none = stoqOf(folder, { isolation: "none" });
    await using apart = stoqOf(folder, { isolation: "process" });
    const times = { none: [] as number[], process: [] as number[] };
    for (let call = -count / 4; call < count; call++) {
      for (const [isolation, stoq] of [["none", none], ["process", apart]] as const) {
        const start = performance.now();
        await stoq.scan(content);
        if (call >= 0) times[isolation].push(performance.now() - start);
      }
    }
    console.log(`call of a worker that does nothing, payload of ${bytes} bytes`);
    report("in one process", median(times.none));
    report("apart", median(times.process));
    report("difference", median(times.process) - median(times.none));
  }
}

async function hungPlugin(folder: TempFolder): Promise<void> {
  await using stoq = stoqOf(folder, {
    alwaysDispatch: ["hang", "noop"],
    isolation: "process",
    pluginTimeout: DEADLINE_SECONDS,
  });
  await stoq.scan("warm");
  const start = performance.now();
  const hung = stoq.scan("7 bytes").then(({ errors }) => ({ errors, ms: performance.now() - start }));
  let others = 0;
  while (performance.now() - start < DEADLINE_SECONDS * 900) {
    await stoq.scan(`another ${others++}`);
  }
  const { errors, ms } = await hung;
  console.log(`a plugin that hangs, with a deadline of ${DEADLINE_SECONDS} s (${errors[0]?.code})`);
  report("its scan takes", ms);
  console.log(`  other scans at the same time: ${others}`);
}

async function run(folder: TempFolder): Promise<void> {
  for (let file = 0; file < FILES; file++) {
    const content = new Uint8Array(FILE_BYTES).fill(file);
    crypto.getRandomValues(content.subarray(0, 65_536));
    folder.write(`in/${file}.bin`, content);
  }
  const processors = navigator.hardwareConcurrency;
  const ways = {
    "in one process": ["--isolation", "none"],
    "apart, one runner of each kind": ["--isolation", "process", "--runners", "1"],
    [`apart, ${processors} runners of each kind`]: ["--isolation", "process"],
  };
  console.log(`run over ${FILES} files of ${FILE_BYTES} bytes, -a hash entropy -R yara`);
  const runs = new Map(Object.keys(ways).map((name) => [name, [] as Usage[]]));
  for (let turn = 0; turn < RUN_TURNS; turn++) {
    for (const [name, words] of Object.entries(ways)) runs.get(name)!.push(await usageOf(words, folder));
  }
  for (const [name, usages] of runs) {
    const [{ ms, busy, mainShare }] = usages.toSorted((a, b) => a.ms - b.ms).slice(usages.length >> 1) as [
      Usage,
    ];
    report(name, ms);
    console.log(
      `    processors busy ${(busy / processors * 100).toFixed(0)} %, of that time the main process has ${
        (mainShare * 100).toFixed(0)
      } %`,
    );
  }
}

interface Usage {
  readonly ms: number;
  /** Processors that were busy, on average. */
  readonly busy: number;
  /** Share of the main process in all processor time. */
  readonly mainShare: number;
}

async function usageOf(words: readonly string[], folder: TempFolder): Promise<Usage> {
  const results = `results-${++runCount}`;
  const stoq = [
    ...["run", "-P", "filedir", "-C", "filedir", "-a", "hash", "entropy", "-R", "yara"],
    ...["--plugin-dir", folder.at("plugins")],
    ...["--plugin-opts", "filedir:source_dir=in", `filedir:results_dir=${results}`],
    ...words,
  ];
  const start = performance.now();
  await execute(stoq, folder, ["--preload", folder.at("usage.ts")]);
  const ms = performance.now() - start;
  const written = [...Deno.readDirSync(folder.at(results))].length;
  if (written !== FILES) throw new Error(`The run wrote ${written} results, should be ${FILES}`);
  // proc(5): fields 14 to 17 are processor time of the process and of its children that have ended, in 1/100 s.
  const [user, system, childUser, childSystem] = Deno.readTextFileSync(folder.at("usage"))
    .replace(/^.*\) /, "").split(" ").slice(11, 15).map(Number) as [number, number, number, number];
  const mainMs = (user + system) * 10;
  const allMs = mainMs + (childUser + childSystem) * 10;
  return { ms, busy: allMs / ms, mainShare: mainMs / allMs };
}

async function execute(words: readonly string[], folder: TempFolder, flags: readonly string[] = []) {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", ...flags, CLI, ...words],
    cwd: folder.path,
    env: { STOQ_HOME: folder.path },
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

function stoqOf(folder: TempFolder, options: StoqOptions): Stoq {
  return new Stoq({
    stoqHome: folder.path,
    pluginDirList: [folder.at("plugins")],
    alwaysDispatch: ["noop"],
    ...options,
  });
}

function report(what: string, ms: number): void {
  console.log(`  ${what.padEnd(34)}`, `${ms.toFixed(ms < 100 ? 2 : 0)} ms`.padStart(10));
}
