/**
 * `deno task new plugin NAME` writes the skeleton of a plugin: one folder that is complete from the start.
 *
 * The skeleton is a worker for a small format of its own, so that every file shows its purpose: replace the format.
 *
 * @module
 */

import { PLUGIN_NAME } from "./catalog.ts";

/**
 * Writes all files of a plugin into a new folder of `pluginsDir`; returns their paths in the folder.
 *
 * @throws {RangeError} if the name cannot be a plugin's
 * @throws {Deno.errors.AlreadyExists} if the folder exists; it is left as it is
 */
export async function writeSkeleton(pluginsDir: URL, name: string): Promise<string[]> {
  if (!PLUGIN_NAME.test(name)) {
    throw new RangeError(`Cannot name a plugin "${name}": a name must have the form ${PLUGIN_NAME.source}`);
  }
  const folder = new URL(`${name}/`, pluginsDir);
  await Deno.mkdir(folder);
  const files = filesOf(name);
  for (const [path, text] of Object.entries(files)) {
    const file = new URL(path, folder);
    await Deno.mkdir(new URL("./", file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  return Object.keys(files);
}

/** Path → text. */
function filesOf(name: string): Readonly<Record<string, string>> {
  const rule = `${name.replaceAll("-", "_")}_list`;
  const sample = btoa(`${name}\0\x02\x07\0\0\0`);
  return {
    "manifest.json": manifestOf(name),
    "mod.ts": moduleOf(name),
    "mod_test.ts": testOf(rule),
    "cases.json": casesOf(sample),
    "dispatch.yar": rulesOf(name, rule),
    [`samples/${rule}/two_values.b64`]: `${sample}\n`,
    [`samples/${rule}/near_misses/magic_without_its_end`]: `${name} is no list\n`,
  };
}

function manifestOf(name: string): string {
  return `{
  "name": "${name}",
  "version": "0.1.0",
  "description": "Lists the numbers of a ${name} list",
  "roles": ["worker"],
  "api": 2,
  "options": {
    "maximum_values": {
      "type": "integer",
      "default": 100,
      "minimum": 1,
      "doc": "Most numbers in the results; the rest are counted"
    }
  },
  "media_types": ["application/x-${name}"],
  "findings": {
    "zero-value": {
      "title": "The list has a number that is zero",
      "severity": "info",
      "doc": "Say what it means, why it matters, and when it is harmless"
    }
  },
  "summary": ["value_count"],
  "references": ["https://example.org/specification"],
  "limitations": ["Say what the plugin does not do"]
}
`;
}

function moduleOf(name: string): string {
  return `/**
 * Worker: lists the numbers of a ${name} list.
 *
 * Results: \`value_count\`, \`values\` (the first \`maximum_values\`). Damage is an error with its code.
 *
 * Limits: at most 255 numbers, which is what the format's count can say.
 *
 * Format: the magic text and a NUL, the count in a byte, then numbers of 16 bits, little-endian.
 *
 * @module
 */

import { Budget, ByteReader, DamageLog } from "../../src/formats/bytes/mod.ts";
import { definePlugin } from "../../src/plugin/define.ts";

/** The options of \`manifest.json\`, in camelCase. */
export interface Options {
  /** Most numbers in the results. */
  readonly maximumValues: number;
}

/** Length of the magic text and its NUL. */
const MAGIC_BYTES = ${name.length + 1};

/** Returns the numbers that could be read, and what is damaged. */
export function parseList(content: Uint8Array, budget = new Budget({ items: 255, bytes: 0 })) {
  const reader = new ByteReader(content, budget);
  const log = new DamageLog();
  const values: number[] = [];
  log.attempt(() => {
    for (let i = 0, count = reader.u8(MAGIC_BYTES); i < count; i++) {
      const offset = MAGIC_BYTES + 1 + 2 * i;
      budget.takeItems(1, offset);
      values.push(reader.u16(offset));
    }
  });
  return { values, damages: log.damages };
}

export default definePlugin<Options>(({ maximumValues }) => ({
  scan({ content }) {
    const { values, damages } = parseList(content);
    const zero = values.indexOf(0);
    return {
      results: { value_count: values.length, values: values.slice(0, maximumValues) },
      errors: damages.map(({ code, message }) => ({ code, message })),
      ...(zero >= 0 && { findings: [{ code: "zero-value", offset: MAGIC_BYTES + 1 + 2 * zero }] }),
    };
  },
}));
`;
}

function testOf(rule: string): string {
  return `import assert from "node:assert/strict";
import { checkParser } from "../../src/formats/testing/check_parser.ts";
import { scanWith } from "../../src/plugin/kit/testing/plugin_calls.ts";
import plugin, { parseList } from "./mod.ts";

const RULE = "${rule}";
const text = Deno.readTextFileSync(new URL(\`samples/\${RULE}/two_values.b64\`, import.meta.url));
const SAMPLE = Uint8Array.fromBase64(text);

Deno.test("the numbers of a list are in the results, and a zero is a finding", async () => {
  const { results, errors, findings } = (await scanWith(plugin, { maximumValues: 1 }, SAMPLE))!;
  assert.deepEqual(results, { value_count: 2, values: [7] });
  assert.deepEqual(errors, []);
  assert.deepEqual(findings, [{ code: "zero-value", offset: SAMPLE.length - 2 }]);
});

Deno.test("a list that is cut off is an error", async () => {
  const { errors = [] } = (await scanWith(plugin, { maximumValues: 1 }, SAMPLE.subarray(0, -1)))!;
  assert.match(JSON.stringify(errors), /^\\[{"code":"truncated",/);
});

checkParser(Deno.test, "a list", parseList, { SAMPLE });
`;
}

function casesOf(sample: string): string {
  return `{
  "$schema": "../../src/plugin/case.schema.json",
  "cases": [
    {
      "name": "a list of two numbers",
      "role": "worker",
      "input": {
        "base64": "${sample}"
      },
      "options": { "maximum_values": 1 },
      "expect": {
        "results": { "value_count": 2, "values": [7] },
        "findings": [{ "code": "zero-value" }]
      }
    }
  ]
}
`;
}

function rulesOf(name: string, rule: string): string {
  return `rule ${rule} {
  meta:
    description = "Say which payloads the worker gets"
    plugin = "${name}"
    save = "true"
    reference = "https://example.org/specification"
  strings:
    $magic = "${name}\\x00"
  condition:
    $magic at 0
}
`;
}

const USAGE = "Usage: deno task new plugin NAME";

async function main([kind, name, ...rest]: readonly string[]): Promise<void> {
  if (kind !== "plugin" || name === undefined || rest.length > 0) {
    console.error(USAGE);
    Deno.exitCode = 2;
    return;
  }
  try {
    const files = await writeSkeleton(new URL("../plugins/", import.meta.url), name);
    for (const file of files) console.log(`plugins/${name}/${file} written`);
    console.log("deno task gen adds it to the catalogue, the dispatch rules and the pages in docs/");
    console.log(`deno run -A cli.ts test ./plugins/${name} runs its cases, with --update it records them`);
  } catch (error) {
    const isUsersMistake = error instanceof RangeError || error instanceof Deno.errors.AlreadyExists;
    if (!isUsersMistake) throw error;
    console.error(
      error instanceof RangeError ? error.message : `Cannot write plugins/${name}: the folder exists already`,
    );
    Deno.exitCode = 2;
  }
}

if (import.meta.main) await main(Deno.args);
