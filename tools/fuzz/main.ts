/**
 * `deno task fuzz`: mutations of files through `stoq run`, and mutations of messages between host and runner.
 *
 * ```
 * deno task fuzz --files FOLDER --seconds 600 --seed 1
 * deno task fuzz --messages --seconds 600 --seed 1
 * ```
 *
 * Both repeat the same inputs for the same seed and folder. Each of the first 20 failures is written to the folder of `--failures` (default
 * `fuzz_failures`): the bytes, and a text that says how they were made and what went wrong. The exit code is 1 when there is one.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { Figures, MAX_REPORTED_FAILURES } from "./figures.ts";
import { fuzzFiles } from "./files.ts";
import { readSeedFiles } from "./inputs.ts";
import { fuzzMessages } from "./messages.ts";

const BATCH_SIZE = 40;

/** What the command line says. */
interface Settings {
  readonly files: string | undefined;
  readonly seconds: number;
  readonly seed: number;
  readonly failures: string;
}

/** Reads the words. @throws {TypeError} for unknown ones, values that are no numbers, and neither or both kinds of fuzzing */
export function readSettings(words: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...words],
    options: {
      files: { type: "string" },
      messages: { type: "boolean", default: false },
      seconds: { type: "string", default: "60" },
      seed: { type: "string", default: "1" },
      failures: { type: "string", default: "fuzz_failures" },
    },
  });
  if ((values.files === undefined) !== values.messages) {
    throw new TypeError("Name either --files FOLDER or --messages");
  }
  const number = (name: "seconds" | "seed") => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new TypeError(`--${name} must be a number, got "${values[name]}"`);
    }
    return value;
  };
  return { files: values.files, seconds: number("seconds"), seed: number("seed"), failures: values.failures };
}

/** Writes each failure as two files. */
async function writeFailures({ failures }: Figures, seed: number, folder: string): Promise<void> {
  if (failures.length > 0) await Deno.mkdir(folder, { recursive: true });
  for (const { input, content, origin, reason } of failures.slice(0, MAX_REPORTED_FAILURES)) {
    const path = `${folder}/seed-${seed}-input-${input}`;
    await Deno.writeFile(`${path}.bin`, content);
    await Deno.writeTextFile(`${path}.txt`, `seed ${seed}, input ${input}\n${origin}\n${reason}\n`);
  }
}

const USAGE =
  "Usage: deno task fuzz --files FOLDER | --messages [--seconds N] [--seed N] [--failures FOLDER]";

async function main(words: readonly string[]): Promise<number> {
  let settings: Settings;
  try {
    settings = readSettings(words);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
  const { files, seconds, seed, failures } = settings;
  const figures = new Figures();
  const start = performance.now();
  const passed = () => (performance.now() - start) / 1000;
  const hasTime = () => passed() < seconds;
  if (files === undefined) await fuzzMessages({ seed, hasTime }, figures);
  else await fuzzFiles({ files: readSeedFiles(files), seed, batchSize: BATCH_SIZE, hasTime }, figures);
  console.log([`seed      ${seed}`, ...figures.lines(passed())].join("\n"));
  await writeFailures(figures, seed, failures);
  return figures.failures.length > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exitCode = await main(Deno.args);
