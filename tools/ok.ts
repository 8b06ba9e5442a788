/**
 * `deno task ok`: the whole gate. A step that fails does not stop the others; the last line counts the tests of all layers.
 *
 * @module
 */

import { stripVTControlCharacters } from "node:util";

/** One step of the gate. */
export interface Step {
  readonly name: string;
  /** Arguments of `deno`. */
  readonly args: readonly string[];
  /** The output ends with the summary of `deno test`. */
  readonly runsTests?: boolean;
}

/** How many tests passed and failed. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
}

/** Without deno.json the lock file has to be named. */
const LOCKED = ["--lock=deno.lock", "--frozen"];

/** Returns the gate's steps for the plugins and cores that a repository has. */
export async function stepsFor(root: URL): Promise<Step[]> {
  const plugins = await foldersWith(root, "plugins", "mod.ts");
  const cores = await foldersWith(root, "wasm", "build.ts");
  return [
    { name: "format", args: ["fmt", "--check"] },
    { name: "lint", args: ["lint"] },
    { name: "types", args: ["check", "--quiet", "--frozen", "."] },
    {
      name: "types without configuration",
      args: ["check", "--quiet", "--no-config", ...LOCKED, "mod.ts", "cli.ts", ...plugins],
    },
    { name: "no import map", args: ["run", "-A", "tools/module_graph.ts", "mod.ts", "cli.ts", ...plugins] },
    { name: "documentation", args: ["doc", "--lint", "mod.ts", "src/plugin/define.ts"] },
    { name: "generated files", args: ["run", "-A", "tools/generate.ts", "--check"] },
    ...cores.map((path) => ({
      name: `rebuild of ${path}`,
      args: [
        "run",
        "-A",
        "--no-config",
        `--lock=${path.replace(".ts", ".lock")}`,
        "--frozen",
        path,
        "--check",
      ],
    })),
    { name: "sizes", args: ["run", "-A", "tools/sizes.ts"] },
    { name: "slow tests", args: ["task", "test:slow"], runsTests: true },
    { name: "differential tests", args: ["task", "test:differential"], runsTests: true },
    { name: "tests", args: ["task", "test"], runsTests: true },
  ];
}

async function foldersWith(root: URL, parent: string, file: string): Promise<string[]> {
  const names = await orMissing(Array.fromAsync(Deno.readDir(new URL(`${parent}/`, root))), []);
  const paths = names.filter(({ isDirectory }) => isDirectory).map(({ name }) => `${parent}/${name}/${file}`);
  const isThere = (path: string) => orMissing(Deno.stat(new URL(path, root)).then(() => true), false);
  const present = await Promise.all(paths.map(isThere));
  return paths.filter((_, index) => present[index]).sort();
}

/** Returns what is read, or `otherwise` if there is nothing to read. */
async function orMissing<T>(reading: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return otherwise;
    throw error;
  }
}

/** Runs the steps, writes a line for each and the output of those that failed; returns whether all went well. */
export async function runGate(
  steps: readonly Step[],
  root: URL,
  write: (line: string) => void,
): Promise<boolean> {
  let isFine = steps.some(({ runsTests }) => runsTests);
  let [passed, failed] = [0, isFine ? 0 : 1];
  for (const step of steps) {
    const start = performance.now();
    const { success, output } = await run(step, root);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const tests = step.runsTests ? countTests(output, success) : { passed: 0, failed: 0 };
    passed += tests.passed;
    failed += tests.failed;
    const isStepFine = success && tests.failed === 0;
    write(`${isStepFine ? "ok" : "FAILED"} ${step.name} (${seconds} s)`);
    if (!isStepFine) write(output.trimEnd());
    isFine &&= isStepFine;
  }
  write(`${passed} passed, ${failed} failed`);
  return isFine;
}

async function run(step: Step, root: URL): Promise<{ success: boolean; output: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...step.args],
    cwd: root,
  }).output();
  const decoder = new TextDecoder();
  return { success, output: stripVTControlCharacters(decoder.decode(stdout) + decoder.decode(stderr)) };
}

/** Reads the last summary of `deno test`. Tests that did not run, and a failure without a number, count as one failed test. */
export function countTests(output: string, success: boolean): TestCount {
  const summary = [...output.matchAll(/^(?:ok|FAILED) \| (\d+) passed\b.*? \| (\d+) failed\b/gm)].at(-1);
  const passed = Number(summary?.[1] ?? 0);
  const failed = Number(summary?.[2] ?? 0);
  const isUncounted = failed === 0 && (!success || passed === 0);
  return { passed, failed: isUncounted ? 1 : failed };
}

if (import.meta.main) {
  const root = new URL("../", import.meta.url);
  const isFine = await runGate(await stepsFor(root), root, console.log);
  if (!isFine) Deno.exitCode = 1;
}
