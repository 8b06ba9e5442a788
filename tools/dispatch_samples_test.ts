/**
 * Scans the samples of all plugins with their dispatch rules. `plugins/<plugin>/samples/<rule>/` holds payloads that the
 * rule matches, its folder `near_misses/` payloads that it nearly matches. A name that ends in `.b64` holds base64.
 * `samples/essential_bytes.json` names ranges of bytes of a sample without any of which its rule doesn't match.
 *
 * @module
 */

import assert from "node:assert/strict";
import { parseRuleFile } from "../src/yara/mod.ts";
import { loadLibyara } from "../wasm/libyara/mod.ts";
import { loadInstances } from "../wasm/yara_x/instance.ts";
import { loadYaraX } from "../wasm/yara_x/mod.ts";
import { catalog } from "../plugins/catalog.ts";
import { DISPATCH_FILE, PRELUDE } from "./dispatch_rules.ts";
import { readOptionalText } from "./optional_text.ts";

const PLUGINS = new URL("../plugins/", import.meta.url);
const ESSENTIAL = "essential_bytes.json";

/** A payload that a rule must match or miss. */
interface Sample {
  /** From the folder of samples. */
  readonly path: string;
  readonly rule: string;
  readonly isNearMiss: boolean;
  readonly content: Uint8Array<ArrayBuffer>;
}

async function readSamples(folder: URL): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const rule of await namesIn(folder, "folders")) {
    for (const name of await namesIn(new URL(`${rule}/`, folder))) {
      samples.push(await readSample(folder, rule, name, false));
    }
    for (const name of await namesIn(new URL(`${rule}/near_misses/`, folder))) {
      samples.push(await readSample(folder, rule, `near_misses/${name}`, true));
    }
  }
  return samples;
}

async function readSample(folder: URL, rule: string, name: string, isNearMiss: boolean): Promise<Sample> {
  const path = `${rule}/${name}`;
  const bytes = await Deno.readFile(new URL(path, folder));
  const content = name.endsWith(".b64") ? Uint8Array.fromBase64(new TextDecoder().decode(bytes)) : bytes;
  return { path, rule, isNearMiss, content };
}

async function namesIn(folder: URL, kind: "files" | "folders" = "files"): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isFile, isDirectory } of Deno.readDir(folder)) {
      if (kind === "files" ? isFile : isDirectory) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

type Scan = (content: Uint8Array) => Promise<readonly string[]>;

async function scannerOf(
  engine: Awaited<ReturnType<typeof loadYaraX | typeof loadLibyara>>,
  text: string,
): Promise<Scan> {
  const declarations = parseRuleFile(text).rules.map(({ name, start }) => ({
    name,
    start,
    isGlobal: false,
    tags: [],
    meta: [],
    patterns: [],
    conditionWords: [],
  }));
  const rules = await engine.compile([{ unit: "rules", text, rules: declarations }], { externals: {} });
  assert.deepEqual(rules.problems, []);
  return async (content) => {
    const outcome = await rules.scan(content);
    assert(outcome.ok, outcome.ok ? "" : outcome.message);
    return outcome.matches.map(({ rule }) => rule);
  };
}

/** The offsets of `0-3 10`, ends included. */
function offsetsOf(ranges: string): number[] {
  return ranges.split(" ").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
  });
}

const prelude = await Deno.readTextFile(new URL(PRELUDE, PLUGINS));

for (const plugin of Object.keys(catalog)) {
  const own = await readOptionalText(new URL(`${plugin}/${DISPATCH_FILE}`, PLUGINS));
  const folder = new URL(`${plugin}/samples/`, PLUGINS);
  if (own === undefined) {
    Deno.test(`${plugin} has no dispatch rules and no samples of them`, async () => {
      assert.deepEqual(await namesIn(folder, "folders"), []);
    });
    continue;
  }
  const text = `${prelude}\n${own}`;
  const rules = parseRuleFile(own).rules.filter(({ isPrivate }) => !isPrivate);

  Deno.test(`the dispatch rules of ${plugin} compile without a warning and use no rule of another plugin`, async () => {
    const { glue } = await (await loadInstances()).get();
    const compiler = new glue.Compiler();
    compiler.addSource(text);
    assert.deepEqual([compiler.errors, compiler.warnings], [[], []]);
    compiler.free();
  });

  Deno.test(`each dispatch rule of ${plugin} says what it is and whether the payload is kept`, () => {
    for (const { name, meta } of rules) {
      const value = (key: string) => meta.find((entry) => entry.name === key)?.value;
      assert(value("description"), name);
      assert.match(String(value("reference")), /https:\/\//, name);
      assert.match(String(value("save")), /^(true|false)$/, name);
    }
  });

  Deno.test(`each dispatch rule of ${plugin} has a sample and a near miss`, async () => {
    const samples = await readSamples(folder);
    const has = (rule: string, isNearMiss: boolean) =>
      samples.some((sample) => sample.rule === rule && sample.isNearMiss === isNearMiss);
    const names = rules.map(({ name }) => name);
    assert.deepEqual(names.filter((name) => !has(name, false) || !has(name, true)), []);
    assert.deepEqual(samples.filter(({ rule }) => !names.includes(rule)).map(({ path }) => path), []);
  });

  for (const [engine, load] of Object.entries({ "YARA-X": loadYaraX, "YARA 4.2": loadLibyara })) {
    Deno.test(`${engine} routes the samples of ${plugin} as their folders say`, async () => {
      const scan = await scannerOf(await load(), text);
      for (const { path, rule, isNearMiss, content } of await readSamples(folder)) {
        assert.equal((await scan(content)).includes(rule), !isNearMiss, path);
      }
    });
  }

  Deno.test(`no dispatch rule of ${plugin} does without an essential byte`, async () => {
    const scan = await scannerOf(await loadYaraX(), text);
    const samples = await readSamples(folder);
    const essential = JSON.parse(await readOptionalText(new URL(ESSENTIAL, folder)) ?? "{}");
    for (const [path, ranges] of Object.entries<string>(essential)) {
      const sample = samples.find((sample) => sample.path === path);
      assert(sample, `${ESSENTIAL} names ${path}`);
      for (const offset of offsetsOf(ranges)) {
        const damaged = sample.content.with(offset, sample.content[offset]! ^ 0x80);
        assert(!(await scan(damaged)).includes(sample.rule), `${path} with another byte at ${offset}`);
      }
    }
  });
}
