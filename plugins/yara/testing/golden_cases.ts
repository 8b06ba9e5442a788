/**
 * The golden cases: every rule file of `testdata/golden/rules` on every sample.
 *
 * @module
 */

import { type GoldenMatch, runYara } from "./native_yara.ts";

/** Where rules, samples and `expected.json` are. */
export const GOLDEN_FOLDER: URL = new URL("../testdata/golden/", import.meta.url);

/** What was recorded: `rules/sample` → matches. */
export type Recorded = Record<string, readonly GoldenMatch[]>;

/** The file name that every sample bears. */
export const SAMPLE_NAME = "sample.txt";

/** External variables as the plugin sets them for a sample of that name, but for `filetype`. */
export const EXTERNALS = { filename: SAMPLE_NAME, filepath: SAMPLE_NAME, extension: ".txt", owner: "" };

/** One rule file and one sample. */
export interface GoldenCase {
  readonly name: string;
  /** Path of the rule file. */
  readonly rules: string;
  readonly sample: Uint8Array;
}

/** All cases, sorted by name. */
export async function goldenCases(): Promise<GoldenCase[]> {
  const cases: GoldenCase[] = [];
  for await (const rules of Deno.readDir(new URL("rules/", GOLDEN_FOLDER))) {
    for await (const sample of Deno.readDir(new URL("samples/", GOLDEN_FOLDER))) {
      const encoded = await Deno.readTextFile(new URL(`samples/${sample.name}`, GOLDEN_FOLDER));
      cases.push({
        name: `${rules.name}/${sample.name.replace(".b64", "")}`,
        rules: new URL(`rules/${rules.name}`, GOLDEN_FOLDER).pathname,
        sample: Uint8Array.fromBase64(encoded),
      });
    }
  }
  return cases.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Returns what the installed yara finds in all cases. @throws {Deno.errors.NotFound} when none is installed */
export async function recordAll(): Promise<Recorded> {
  const folder = await Deno.makeTempDir();
  try {
    const recorded: Recorded = {};
    for (const { name, rules, sample } of await goldenCases()) {
      const path = `${folder}/${SAMPLE_NAME}`;
      await Deno.writeFile(path, sample);
      const filetype = sample[0] === 0x4d && sample[1] === 0x5a ? "EXE" : "";
      recorded[name] = await runYara(rules, path, { ...EXTERNALS, filetype });
    }
    return recorded;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
