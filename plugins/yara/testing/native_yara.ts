/**
 * Classic YARA as a program, for recording golden files and for checking them where it is installed.
 *
 * @module
 */

import type { PlainRecord } from "../../../src/plugin/define.ts";

/** A match in the form in which golden files hold it. */
export interface GoldenMatch {
  readonly rule: string;
  readonly tags: readonly string[];
  readonly meta: PlainRecord;
  readonly strings: readonly (readonly [offset: number, identifier: string, length: number])[];
}

/** Says whether `yara` is on PATH. */
export function isYaraInstalled(): boolean {
  try {
    return new Deno.Command("yara", { args: ["--version"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Runs `yara -s -L -m -g`. @throws {Deno.errors.NotFound} when the program is not installed */
export async function runYara(
  rules: string,
  sample: string,
  externals: Readonly<Record<string, string>>,
): Promise<GoldenMatch[]> {
  const defined = Object.entries(externals).flatMap(([name, value]) => ["-d", `${name}=${value}`]);
  const command = new Deno.Command("yara", {
    args: ["-w", "-s", "-L", "-m", "-g", ...defined, rules, sample],
  });
  const { code, stdout, stderr } = await command.output();
  if (code !== 0) throw new Error(`yara failed on "${rules}": ${new TextDecoder().decode(stderr)}`);
  return readOutput(new TextDecoder("latin1").decode(stdout));
}

/** Reads lines such as `rule [tag] [name="value",count=3] path` and `0x10:3:$a: fox`. */
export function readOutput(output: string): GoldenMatch[] {
  const matches: (GoldenMatch & { strings: [number, string, number][] })[] = [];
  for (const line of output.split("\n")) {
    const hit = /^0x([0-9a-f]+):(\d+):(\$\w*): /.exec(line);
    if (hit) matches.at(-1)!.strings.push([parseInt(hit[1]!, 16), hit[3]!, Number(hit[2])]);
    const rule = /^(\w+) \[([\w,]*)\] \[(.*)\] \S+$/.exec(line);
    if (!rule) continue;
    const [, name, tags, meta] = rule;
    matches.push({ rule: name!, tags: tags!.split(",").filter(Boolean), meta: readMeta(meta!), strings: [] });
  }
  return matches;
}

function readMeta(text: string): PlainRecord {
  const entries = [...text.matchAll(/(\w+) ?=("[^"]*"|true|false|-?\d+)/g)];
  return Object.fromEntries(entries.map(([, name, value]) => [name!, JSON.parse(value!)]));
}
