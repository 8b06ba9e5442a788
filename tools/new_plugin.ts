/**
 * `deno task new plugin NAME` writes the skeleton of a plugin: one folder that is complete from the start.
 *
 * @module
 */

import { PLUGIN_NAME } from "./catalog.ts";

/**
 * Writes `manifest.json`, `mod.ts`, `mod_test.ts` and `cases.json` into a new folder of `pluginsDir`; answers with their names.
 *
 * @throws {RangeError} if the name cannot be a plugin's
 * @throws {Deno.errors.AlreadyExists} if the folder is there already; it is left as it is
 */
export async function writeSkeleton(pluginsDir: URL, name: string): Promise<string[]> {
  if (!PLUGIN_NAME.test(name)) {
    throw new RangeError(`Cannot name a plugin "${name}": a name has the form ${PLUGIN_NAME.source}`);
  }
  const folder = new URL(`${name}/`, pluginsDir);
  await Deno.mkdir(folder);
  const files = {
    "manifest.json": manifestOf(name),
    "mod.ts": moduleOf(name),
    "mod_test.ts": TEST,
    "cases.json": CASES,
  };
  for (const [file, text] of Object.entries(files)) await Deno.writeTextFile(new URL(file, folder), text);
  return Object.keys(files);
}

function manifestOf(name: string): string {
  const manifest = {
    name,
    version: "0.1.0",
    description: "Say in one line what it finds",
    roles: ["worker"],
    api: 1,
    options: {
      minimum_size: { type: "bytes", default: 1, doc: "Smallest payload that is worth a look" },
    },
  };
  return JSON.stringify(manifest, null, 2).replace(/\[\s+"worker"\s+\]/, '["worker"]') + "\n";
}

function moduleOf(name: string): string {
  return `/**
 * ${name}: say here what it finds.
 *
 * Results: \`size\`, the payload's size in bytes.
 *
 * Limits: say what it leaves out and what bounds it.
 *
 * Format: link to the specification.
 *
 * @module
 */

import { definePlugin } from "../../src/plugin/define.ts";

/** The options of \`manifest.json\`, in camelCase. */
export interface Options {
  /** In bytes. */
  readonly minimumSize: number;
}

export default definePlugin<Options>((options) => ({
  scan({ content }) {
    if (content.length < options.minimumSize) return undefined;
    return { results: { size: content.length } };
  },
}));
`;
}

const TEST = `import assert from "node:assert/strict";
import type { PayloadView, PluginContext, RequestView } from "../../src/plugin/define.ts";
import plugin from "./mod.ts";

async function scan(sizeBytes: number) {
  const { scan } = await plugin({ minimumSize: 2 }, {} as PluginContext);
  return await scan?.({ content: new Uint8Array(sizeBytes) } as PayloadView, {} as RequestView);
}

Deno.test("a payload of the smallest size is measured", async () => {
  assert.deepEqual(await scan(2), { results: { size: 2 } });
});

Deno.test("a payload below the smallest size is passed over", async () => {
  assert.equal(await scan(1), undefined);
});
`;

const CASES = `{
  "$schema": "../../src/plugin/case.schema.json",
  "cases": [
    {
      "name": "a payload is measured",
      "role": "worker",
      "input": { "text": "hello" },
      "expect": { "results": { "size": 5 } }
    },
    {
      "name": "a payload below the smallest size is passed over",
      "role": "worker",
      "input": { "text": "hello" },
      "options": { "minimum_size": 6 },
      "expect": { "results": { "$absent": true } }
    }
  ]
}
`;

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
    console.log("deno task gen adds it to the catalogue");
    console.log(`deno run -A cli.ts test ./plugins/${name} runs its cases, with --update it records them`);
  } catch (error) {
    const isUsersMistake = error instanceof RangeError || error instanceof Deno.errors.AlreadyExists;
    if (!isUsersMistake) throw error;
    console.error(
      error instanceof RangeError ? error.message : `Cannot write plugins/${name}: it is there already`,
    );
    Deno.exitCode = 2;
  }
}

if (import.meta.main) await main(Deno.args);
