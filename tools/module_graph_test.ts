import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { brokenImports, readGraph } from "./module_graph.ts";
import { inTempDir } from "./temp_dir.ts";

async function broken(source: string): Promise<string[]> {
  return await inTempDir(async (dir) => {
    const module = new URL("mod.ts", dir);
    await Deno.writeTextFile(module, source);
    await Deno.writeTextFile(new URL("there.ts", dir), "export type A = 1;\n");
    await Deno.writeTextFile(new URL("there.txt", dir), "text\n");
    await Deno.writeTextFile(new URL("deno.json", dir), `{ "imports": { "mapped": "./there.ts" } }`);
    return brokenImports(await readGraph(fileURLToPath(module)));
  });
}

Deno.test("what is there resolves", async () => {
  const source = `import "./there.ts"; import "node:path"; import t from "./there.txt" with { type: "text" };
    export const later = () => [t, import("./there.ts")];`;
  assert.deepEqual(await broken(source), []);
});

const BROKEN = {
  "a static import that needs the map": `import "mapped";`,
  "a dynamic import that needs the map": `export const later = () => import("mapped");`,
  "an import of types that needs the map": `import type { A } from "mapped"; export type B = A;`,
  "an import of a missing file": `import "./missing.ts";`,
  "a dynamic import of a missing file": `export const later = () => import("./missing.ts");`,
  "an import of a missing text": `import t from "./missing.txt" with { type: "text" }; t;`,
};

for (const [form, source] of Object.entries(BROKEN)) {
  Deno.test(`${form} is reported`, async () => assert.equal((await broken(source)).length, 1));
}

Deno.test("a module that is not there is reported", async () => {
  assert.equal(brokenImports(await readGraph("/nowhere/mod.ts")).length, 1);
});
