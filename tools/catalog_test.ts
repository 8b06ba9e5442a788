import assert from "node:assert/strict";
import { renderCatalog } from "./catalog.ts";
import { inTempDir } from "./temp_dir.ts";

async function writePlugin(dir: URL, folder: string, manifest: string, hasModule = true): Promise<void> {
  await Deno.mkdir(new URL(`${folder}/`, dir));
  await Deno.writeTextFile(new URL(`${folder}/manifest.json`, dir), manifest);
  if (hasModule) await Deno.writeTextFile(new URL(`${folder}/mod.ts`, dir), "export default 1;\n");
}

/** The least that a manifest holds, under a name. */
function manifestOf(name: string): string {
  return JSON.stringify({ name, version: "1.0.0", description: "For tests", roles: ["worker"], api: 1 });
}

Deno.test("the catalogue lists folders with files alone, sorted by code unit", async () => {
  await inTempDir(async (dir) => {
    for (const name of ["b", "a_b", "a-b", "a2"]) await writePlugin(dir, name, manifestOf(name));
    await Deno.writeTextFile(new URL("catalog.ts", dir), "");
    await Deno.mkdir(new URL("left_empty/testdata/", dir), { recursive: true });
    const text = await renderCatalog(dir);
    assert.deepEqual(text.match(/import\("[^"]+"[^)]*\)/g), [
      'import("./a-b/mod.ts" as string)',
      'import("./a2/mod.ts" as string)',
      'import("./a_b/mod.ts" as string)',
      'import("./b/mod.ts" as string)',
    ]);
  });
});

Deno.test("plugins that run in the main process are in the module graph of every command, the others are not", async () => {
  await inTempDir(async (dir) => {
    const fields = { version: "1.0.0", description: "For tests", api: 1 };
    const roles = { loop: ["worker"], worker: ["worker"], dispatcher: ["dispatcher"], saver: ["connector"] };
    for (const [name, of] of Object.entries(roles)) {
      const interprets = name === "loop" ? { interprets_payloads: false } : {};
      await writePlugin(dir, name, JSON.stringify({ name, roles: of, ...fields, ...interprets }));
    }
    const text = await renderCatalog(dir);
    assert.deepEqual(text.match(/import\("[^"]+"\)/g), [
      'import("./loop/mod.ts")',
      'import("./saver/mod.ts")',
    ]);
  });
});

Deno.test("a manifest is inlined with its options in its own order, and fields in that of the schema", async () => {
  await inTempDir(async (dir) => {
    const options = `"options":{"z":{"type":"list","doc":"x"},"b":{"type":"json","doc":"y"}}`;
    const manifest = manifestOf("a").replace('"api":1', `"api":1,${options}`);
    await writePlugin(dir, "a", manifest);
    const text = (await renderCatalog(dir)).replaceAll(/\s/g, "");
    assert.ok(text.includes(`"a":{manifest:${manifest.replaceAll(" ", "")},`));
  });
});

Deno.test("every plugin that cannot be listed is named, with the reason", async () => {
  await inTempDir(async (dir) => {
    await writePlugin(dir, "good", manifestOf("good"));
    await writePlugin(dir, "Bad", manifestOf("Bad"));
    await writePlugin(dir, "broken", `{`);
    await writePlugin(dir, "empty", `null`);
    await writePlugin(dir, "other", manifestOf("another"));
    await writePlugin(dir, "bare", manifestOf("bare"), false);
    await Deno.mkdir(new URL("hollow/", dir));
    await Deno.writeTextFile(new URL("hollow/mod.ts", dir), "");
    const error = await renderCatalog(dir).then(() => assert.fail(), (error) => error as Error);
    const lines = error.message.split("\n");
    assert.equal(lines.length, 6);
    assert.equal(lines[0], 'Cannot list plugin "Bad": its name is not of the form ^[a-z][a-z0-9_-]{0,63}$');
    assert.equal(lines[1], 'Cannot list plugin "bare": it has no mod.ts');
    assert.match(lines[2] ?? "", /^Cannot list plugin "broken": its manifest\.json is broken, not JSON: /);
    assert.equal(
      lines[3],
      'Cannot list plugin "empty": its manifest.json is broken, must be an object, got null',
    );
    assert.equal(lines[4], 'Cannot list plugin "hollow": it has no manifest.json');
    assert.equal(lines[5], 'Cannot list plugin "other": its manifest.json names it "another"');
  });
});

Deno.test("cases are imported where there are some, and refused where they are broken or read files", async () => {
  await inTempDir(async (dir) => {
    const write = (cases: unknown) =>
      Deno.writeTextFile(new URL("a/cases.json", dir), JSON.stringify({ cases }));
    await writePlugin(dir, "a", manifestOf("a"));
    assert.ok(!(await renderCatalog(dir)).includes("cases.json"));
    await write([{ name: "one", role: "worker", input: { text: "x" } }]);
    assert.ok((await renderCatalog(dir)).includes('import("./a/cases.json", { with: { type: "json" } })'));
    await write([{ name: "one", role: "worker", input: { file: "x" } }]);
    await assert.rejects(renderCatalog(dir), /"a": its cases\.json is broken, case "one" reads a file/);
    await write([{ name: "one", role: "nobody" }]);
    await assert.rejects(
      renderCatalog(dir),
      /"a": its cases\.json is broken, "cases\[0\]\.role" must be .*, got "nobody"/,
    );
  });
});
