import assert from "node:assert/strict";
import { apiFiles, apiPathOf } from "./plugin_api.ts";
import { PLUGIN_API_FILES } from "./plugin_api_files.ts";

/** An address of a version of stoQ. */
function pathOf(path: string): string | undefined {
  return apiPathOf(new URL(path, "https://deno.example/stoq@4.1.0/"));
}

Deno.test("entry points of the plugin API are known by their path at any address", () => {
  assert.equal(pathOf("src/plugin/define.ts?x"), "_stoq/api/plugin/define.ts");
  assert.equal(pathOf("src/plugin/kit/path.ts"), "_stoq/api/plugin/kit/path.ts");
  assert.equal(pathOf("src/formats/bytes/mod.ts"), "_stoq/api/formats/bytes/mod.ts");
});

const OTHERS = [
  "src/plugin/define.tsx",
  "src/plugin/kit/other.ts",
  "src/plugin/kit/",
  "src/plugin/manifest.ts",
  "src/core/contract/plain.ts",
  "src/formats/bytes/byte_reader.ts",
  "src/formats/other/mod.ts",
];

for (const path of OTHERS) {
  Deno.test(`${path} is no entry point of the plugin API`, () => assert.equal(pathOf(path), undefined));
}

Deno.test("an entry point comes with all that it imports, and with nothing else", async () => {
  const files = await apiFiles([pathOf("src/formats/bytes/mod.ts")!]);
  assert.ok(files.has("_stoq/api/formats/bytes/byte_reader.ts"));
  assert.ok(!files.has("_stoq/api/plugin/define.ts"));
});

// Deno doesn't compile a module that was imported as text, unless an import with a written address names it as well.
const ORIGINALS: Readonly<Record<string, () => Promise<object>>> = {
  "plugin/define.ts": () => import("../../plugin/define.ts"),
  "plugin/kit/mod.ts": () => import("../../plugin/kit/mod.ts"),
  "formats/bytes/mod.ts": () => import("../../formats/bytes/mod.ts"),
};

Deno.test("every copied entry point loads, and exports what the original exports", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const entries = Object.keys(PLUGIN_API_FILES).filter((path) => pathOf(`src/${path}`) !== undefined);
    for (const [path, text] of await apiFiles(entries.map((path) => pathOf(`src/${path}`)!))) {
      await Deno.mkdir(`${folder}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, text);
    }
    const load = async (path: string) => Object.keys(await import(`file://${folder}/_stoq/api/${path}`));
    for (const path of entries) await load(path);
    for (const [path, original] of Object.entries(ORIGINALS)) {
      assert.deepEqual(await load(path), Object.keys(await original()), path);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
