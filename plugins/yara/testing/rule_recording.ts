/**
 * What classic YARA finds in the samples. YARA 4.2.3 wrote `testdata/rules/recorded.json`; run this module to write it again.
 *
 * @module
 */

import type { Sample } from "./rule_sample.ts";
import { STOQ_SAMPLES } from "./stoq_samples.ts";

/** Rule file → sample → rules that match, sorted. */
export type Recording = Record<string, Record<string, readonly string[]>>;

/** Rule file → its samples. */
export const SAMPLES_OF: Readonly<Record<string, readonly Sample[]>> = {
  "stoq.yar": STOQ_SAMPLES,
};

/** Scans all samples with the installed yara, one process for each rule file. @throws {Deno.errors.NotFound} when none is installed */
export async function recordRules(): Promise<Recording> {
  const recording: Recording = {};
  for (const [file, samples] of Object.entries(SAMPLES_OF)) {
    recording[file] = await scanFolder(new URL(`../rules/${file}`, import.meta.url).pathname, samples);
  }
  return recording;
}

async function scanFolder(rules: string, samples: readonly Sample[]): Promise<Recording[string]> {
  const folder = await Deno.makeTempDir({ prefix: "stoq-rules-" });
  try {
    await Promise.all(samples.map(({ content }, i) => Deno.writeFile(`${folder}/${i}`, content)));
    const output = await outputOf([rules, folder]);
    const lines = output.split("\n").map((line) => /^(\w+) .*\/(\d+)$/.exec(line));
    return Object.fromEntries(samples.map(({ name }, i) => {
      const found = lines.filter((line) => Number(line?.[2]) === i).map((line) => line![1]!);
      return [name, found.sort()];
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the standard output of `yara`; a warning counts as a failure. */
async function outputOf(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command("yara", { args: [...args] }).output();
  const warning = new TextDecoder().decode(stderr);
  if (warning !== "") throw new Error(`yara failed on "${args[0]}": ${warning}`);
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  const text = JSON.stringify(await recordRules(), undefined, 1) + "\n";
  await Deno.writeTextFile(new URL("../testdata/rules/recorded.json", import.meta.url), text);
}
