import assert from "node:assert/strict";
import { inTempDir } from "../temp_dir.ts";
import { readImports, shortestWay } from "./no_import_circle.ts";

const targetsOf = (source: string) => readImports("src/a/b.ts", source).map(({ target }) => target);

const IMPORTS: Readonly<Record<string, string>> = {
  "an import": `import { a } from "../c.ts";`,
  "an import over several lines": `import {\n  a,\n  b,\n} from "../c.ts";`,
  "an import for its side effects": `import "../c.ts";`,
  "an import of types": `import type { A } from "../c.ts";`,
  "a re-export": `export { a } from "../c.ts";`,
  "a re-export of all": `export * from "../c.ts";`,
  "an import of text": `import text from "../c.ts" with { type: "text" };`,
  "a dynamic import": `const { a } = await import("../c.ts");`,
  "an import type": `export type A = import("../c.ts").A;`,
  "a query behind the name": `import "../c.ts?x";`,
};

for (const [form, source] of Object.entries(IMPORTS)) {
  Deno.test(`${form} is read`, () => assert.deepEqual(targetsOf(`const z = 1;\n${source}\n`), ["src/c.ts"]));
}

Deno.test("examples in comments, packages and text after an export are no imports", () => {
  assert.deepEqual(targetsOf(`/**\n * import { a } from "./b.ts";\n * await import("./b.ts");\n */\n`), []);
  assert.deepEqual(targetsOf(`  // import("./b.ts")\nimport "node:fs";\nimport "npm:a@1.0.0";\n`), []);
  assert.deepEqual(targetsOf(`export const a = 1;\nconst b = "./b.ts";\n`), []);
});

Deno.test("the shortest way between two files is found, and none where there is none", () => {
  const graph: Record<string, string[]> = { a: ["b", "c"], b: ["c"], c: ["d"], d: ["a"], e: ["a"] };
  const importsOf = (path: string) =>
    (graph[path] ?? []).map((target) => ({ target, range: [0, 1] as Deno.lint.Range }));
  assert.deepEqual(shortestWay("a", "d", importsOf), ["a", "c", "d"]);
  assert.deepEqual(shortestWay("a", "a", importsOf), ["a"]);
  assert.equal(shortestWay("a", "e", importsOf), undefined);
});

Deno.test("deno lint fails on a circle, with the whole circle in its message", async () => {
  await inTempDir(async (root) => {
    await copyLintPlugin(root);
    await write(root, "src/yara/one.ts", `import type { Two } from "./two.ts";\nexport type One = Two;\n`);
    await write(root, "src/yara/two.ts", `export { three } from "./three.ts";\nexport type Two = 2;\n`);
    await write(root, "src/yara/three.ts", `export const three = () => import("./one.ts");\n`);
    const { success, messages } = await lint(root, "src/");
    assert.equal(success, false);
    assert.deepEqual(messages, [
      "Import circle: src/yara/one.ts → src/yara/two.ts → src/yara/three.ts → src/yara/one.ts",
      "Import circle: src/yara/three.ts → src/yara/one.ts → src/yara/two.ts → src/yara/three.ts",
      "Import circle: src/yara/two.ts → src/yara/three.ts → src/yara/one.ts → src/yara/two.ts",
    ]);
    await write(root, "src/yara/three.ts", `export const three = 3;\n`);
    assert.deepEqual(await lint(root, "src/"), { success: true, messages: [] });
  });
});

/** Makes a repository with this lint plugin. */
async function copyLintPlugin(root: URL): Promise<void> {
  const source = new URL("./", import.meta.url);
  for await (const { name } of Deno.readDir(source)) {
    await write(root, `tools/lint/${name}`, await Deno.readTextFile(new URL(name, source)));
  }
  await write(root, "deno.json", `{ "lint": { "plugins": ["./tools/lint/mod.ts"] } }`);
}

async function write(root: URL, path: string, text: string): Promise<void> {
  const file = new URL(path, root);
  await Deno.mkdir(new URL("./", file), { recursive: true });
  await Deno.writeTextFile(file, text);
}

async function lint(root: URL, path: string): Promise<{ success: boolean; messages: string[] }> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["lint", "--json", path],
    cwd: root,
  }).output();
  const { diagnostics } = JSON.parse(new TextDecoder().decode(stdout));
  return { success, messages: diagnostics.map(({ message }: { message: string }) => message).sort() };
}
