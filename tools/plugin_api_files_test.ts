import assert from "node:assert/strict";
import { renderPluginApiFiles } from "./plugin_api_files.ts";
import { inTempDir } from "./temp_dir.ts";

/** Renders for a folder with `define.ts`, one file of the kit and one format, and further files. */
async function render(files: Readonly<Record<string, string>>): Promise<string[]> {
  return await inTempDir(async (dir) => {
    const all = {
      "plugin/define.ts": "export {};",
      "plugin/kit/path.ts": "export {};",
      "plugin/kit/path_test.ts": `import "./nothing.ts";`,
      "formats/pe/mod.ts": "export {};",
      "formats/testing/check.ts": "export {};",
      ...files,
    };
    for (const [path, text] of Object.entries(all)) {
      await Deno.mkdir(new URL(".", new URL(path, dir)), { recursive: true });
      await Deno.writeTextFile(new URL(path, dir), text);
    }
    const text = await renderPluginApiFiles(dir);
    return [...text.matchAll(/from "\.\.\/\.\.\/(.*)" with/g)].map(([, path]) => path!);
  });
}

const ENTRIES = ["formats/pe/mod.ts", "plugin/define.ts", "plugin/kit/path.ts"];

Deno.test("the API, the kit and the formats are listed, without their tests", async () => {
  assert.deepEqual(await render({}), ENTRIES);
});

Deno.test("what they import at run time is listed, types are not", async () => {
  const files = {
    "formats/pe/mod.ts": `import { a } from "./image.ts"; import type { T } from "./types_alone.ts"; a as T;`,
    "formats/pe/image.ts": `import "node:zlib"; export { a } from "../../core/a.ts";`,
    "core/a.ts": "export const a = 1;",
  };
  assert.deepEqual(await render(files), ["core/a.ts", "formats/pe/image.ts", ...ENTRIES]);
});

Deno.test("an import from elsewhere is refused with the file that has it", async () => {
  await assert.rejects(
    render({ "formats/pe/mod.ts": `import "npm:pako@2.1.0";` }),
    /src\/formats\/pe\/mod\.ts: it imports "npm:pako@2\.1\.0", must import files in src alone/,
  );
});
