/**
 * `stoq run` over many files, results to disk: against the three tools that a shell user starts for each file, and against
 * hashing the same bytes alone in one process. Ratios of medians, measured in one run.
 *
 * @module
 */

import { digest } from "../../wasm/digest/mod.ts";
import { TempFolder } from "../run_stoq.ts";

const FILES = 2_000;
const FILE_BYTES = 100_000;
const TURNS = 3;
const CLI = new URL("../../cli.ts", import.meta.url).href;

if (import.meta.main) {
  using folder = new TempFolder({ "in/.keep": "" });
  for (let file = 0; file < FILES; file++) {
    const content = new Uint8Array(FILE_BYTES).fill(file);
    crypto.getRandomValues(content.subarray(0, 65536));
    folder.write(`in/${file}.bin`, content);
  }
  const tools = 'for f in in/*.bin; do md5sum "$f"; sha1sum "$f"; sha256sum "$f"; done > sums.txt';
  const ways: [name: string, run: () => Promise<void>][] = [
    ["stoq run -P filedir -C filedir -a hash", () => runStoq(folder)],
    ["md5sum, sha1sum, sha256sum for each file", () => execute("sh", ["-c", tools], folder.path)],
    ["the three digests alone, one process", () => hashAlone(folder.at("in"))],
  ];
  const times = ways.map((): number[] => []);
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const [index, [, run]] of ways.entries()) {
      const start = performance.now();
      await run();
      if (turn > 0) times[index]!.push(performance.now() - start);
    }
  }
  const ours = median(times[0]!);
  for (const [index, [name]] of ways.entries()) {
    const time = median(times[index]!);
    const ratio = index === 0 ? "" : `run takes ${(ours / time).toFixed(2)} of that`;
    console.log(name.padEnd(44), `${time.toFixed(0)} ms`.padStart(9), ratio);
  }
}

async function runStoq(folder: TempFolder): Promise<void> {
  await Deno.remove(folder.at("results"), { recursive: true }).catch(() => {});
  const words = [
    "run",
    "-P",
    "filedir",
    "-C",
    "filedir",
    "-a",
    "hash",
    "--plugin-opts",
    "filedir:source_dir=in",
  ];
  await execute(Deno.execPath(), ["run", "-A", "--no-check", CLI, ...words], folder.path);
}

async function hashAlone(path: string): Promise<void> {
  for await (const { name } of Deno.readDir(path)) {
    digest(await Deno.readFile(`${path}/${name}`), ["md5", "sha1", "sha256"]);
  }
}

async function execute(program: string, args: readonly string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { STOQ_HOME: cwd },
  })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
