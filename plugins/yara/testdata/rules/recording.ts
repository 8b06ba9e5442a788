/**
 * What Debian's YARA says of the samples. `recorded.json` was written by YARA 4.2.3; run this module to write it again.
 *
 * @module
 */

import type { Sample } from "./sample.ts";
import { STOQ_SAMPLES } from "./stoq_samples.ts";

/** Rule file → sample → rules that match, sorted. */
export type Recording = Record<string, Record<string, readonly string[]>>;

/** Rule file → its samples. */
export const SAMPLES_OF: Readonly<Record<string, readonly Sample[]>> = {
  "stoq.yar": STOQ_SAMPLES,
};

/** Scans all samples, one process for each rule file; `undefined` where `yara` is not installed. */
export async function recordYara(): Promise<Recording | undefined> {
  const recording: Recording = {};
  for (const [file, samples] of Object.entries(SAMPLES_OF)) {
    const found = await scanFolder(new URL(`../../rules/${file}`, import.meta.url).pathname, samples);
    if (found === undefined) return undefined;
    recording[file] = found;
  }
  return recording;
}

async function scanFolder(
  rules: string,
  samples: readonly Sample[],
): Promise<Recording[string] | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "stoq-rules-" });
  try {
    await Promise.all(samples.map(({ content }, i) => Deno.writeFile(`${folder}/${i}`, content)));
    const output = await runYara([rules, folder]);
    if (output === undefined) return undefined;
    const lines = output.split("\n").map((line) => /^(\w+) .*\/(\d+)$/.exec(line));
    return Object.fromEntries(samples.map(({ name }, i) => {
      const found = lines.filter((line) => Number(line?.[2]) === i).map((line) => line![1]!);
      return [name, found.sort()];
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Its standard output; a warning counts as a failure. */
async function runYara(args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await new Deno.Command("yara", { args: [...args] }).output();
    const complaint = new TextDecoder().decode(stderr);
    if (complaint !== "") throw new Error(`yara complained about "${args[0]}": ${complaint}`);
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

if (import.meta.main) {
  const text = JSON.stringify(await recordYara(), undefined, 1) + "\n";
  await Deno.writeTextFile(new URL("recorded.json", import.meta.url), text);
}
