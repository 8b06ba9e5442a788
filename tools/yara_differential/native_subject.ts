/**
 * The installed YARA 4 (`yarac` and `yara -s`) as a subject.
 *
 * @module
 */

import type { Externals } from "../../plugins/yara/engine.ts";
import type { PoolRule } from "./rule_pool.ts";
import type { Subject, SubjectRules } from "./subject.ts";
import { type Hit, sortHits, type Verdict } from "./verdict.ts";

/** Compilations before the rules that still fail are given up: each one leaves out what the last one refused. */
const MAX_PASSES = 60;

/** Its own deadline (`-a`) does not end every endless loop: `/(\b)+?\d/` hangs YARA 4.2 in any file. */
const DEADLINE_MS = 60_000;

/** What is said of files in a scan that did not end. */
export const ENDLESS = "no end within a minute";

/** `yara -s -L` lists no length beyond this one, though `!a` knows it. */
const MAX_LISTED_BYTES = 512;

/** The installed YARA; `undefined` where `yara` or `yarac` is not on PATH. */
export async function openNative(): Promise<Subject | undefined> {
  if (!await isInstalled("yarac") || !await isInstalled("yara")) return undefined;
  return { name: "native", hasXorKeys: false, isForeign: true, longestHit: MAX_LISTED_BYTES, compile };
}

async function isInstalled(program: string): Promise<boolean> {
  try {
    return (await run(program, ["--version"])).code === 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function run(program: string, args: readonly string[]) {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], signal }).output();
  const latin1 = new TextDecoder("latin1");
  return { code, isEndless: signal.aborted, stdout: latin1.decode(stdout), stderr: latin1.decode(stderr) };
}

async function compile(rules: readonly PoolRule[], externals: Externals): Promise<SubjectRules> {
  const folder = await Deno.makeTempDir({ prefix: "differential_" });
  const refused = new Map<string, string>();
  for (let pass = 1; pass <= MAX_PASSES; pass++) {
    const used = rules.filter(({ name }) => !refused.has(name));
    const errors = await tryCompile(folder, used, externals);
    if (errors.size === 0) {
      return {
        refused,
        scan: (files, values) => scan(folder, files, { ...externals, ...values }),
        free: () => Deno.remove(folder, { recursive: true }),
      };
    }
    for (const [rule, why] of errors) refused.set(rule, why);
  }
  await Deno.remove(folder, { recursive: true });
  throw new Error(`yarac still refuses rules after ${MAX_PASSES} passes`);
}

async function tryCompile(folder: string, rules: readonly PoolRule[], externals: Externals) {
  const modules = [...new Set(rules.flatMap((rule) => rule.modules))].sort();
  let text = modules.map((name) => `import "${name}"\n`).join("");
  const starts: { readonly line: number; readonly name: string }[] = [];
  let line = modules.length + 1;
  for (const rule of rules) {
    starts.push({ line, name: rule.name });
    text += `${rule.text}\n`;
    line += rule.text.split("\n").length;
  }
  await Deno.writeTextFile(`${folder}/rules.yar`, text);
  const args = ["-w", ...definitions(externals), `${folder}/rules.yar`, `${folder}/rules.bin`];
  const { code, stderr } = await run("yarac", args);
  if (code === 0) return new Map<string, string>();
  const refused = new Map<string, string>();
  for (const [, at, why] of stderr.matchAll(/^.*?\((\d+)\): (?:error: )?(.*)$/gm)) {
    const rule = starts.findLast((start) => start.line <= Number(at));
    if (rule) refused.set(rule.name, why!);
  }
  if (refused.size === 0) throw new Error(`yarac failed: ${stderr}`);
  return refused;
}

function definitions(externals: Externals): string[] {
  return Object.entries(externals).flatMap(([name, value]) => ["-d", `${name}=${value}`]);
}

async function scan(folder: string, files: readonly Uint8Array[], externals: Externals) {
  const paths = files.map((_, i) => `${folder}/${i}.bin`);
  for (const [i, file] of files.entries()) await Deno.writeFile(paths[i]!, file);
  await Deno.writeTextFile(`${folder}/list.txt`, paths.join("\n") + "\n");
  const { code, isEndless, stdout, stderr } = await run("yara", [
    ...["-w", "-s", "-L", "-p", "1", ...definitions(externals), "--scan-list"],
    ...["-C", `${folder}/rules.bin`, `${folder}/list.txt`],
  ]);
  for (const path of paths) await Deno.remove(path);
  if (isEndless) return paths.map((path) => `error scanning ${path}: ${ENDLESS}`);
  if (code !== 0) throw new Error(`yara failed: ${stderr}`);
  const verdicts = readVerdicts(stdout);
  return paths.map((path) => {
    const failure = stderr.split("\n").find((line) => line.includes(path));
    return failure ?? verdicts.get(path) ?? (new Map() as Verdict);
  });
}

/** Reads lines such as `rule path` and `0x10:3:$a: fox`. */
export function readVerdicts(output: string): Map<string, Verdict> {
  const verdicts = new Map<string, Map<string, Hit[]>>();
  let hits: Hit[] = [];
  for (const line of output.split("\n")) {
    const hit = /^0x([0-9a-f]+):(\d+):(\$\w*): /.exec(line);
    if (hit) {
      hits.push({ identifier: hit[3]!, offset: parseInt(hit[1]!, 16), length: Number(hit[2]) });
      continue;
    }
    const rule = /^(\w+) (\S+)$/.exec(line);
    if (!rule) continue;
    const ofFile = verdicts.get(rule[2]!) ?? new Map<string, Hit[]>();
    verdicts.set(rule[2]!, ofFile);
    ofFile.set(rule[1]!, hits = []);
  }
  for (const ofFile of verdicts.values()) {
    for (const [rule, found] of ofFile) ofFile.set(rule, sortHits(found));
  }
  return verdicts;
}
