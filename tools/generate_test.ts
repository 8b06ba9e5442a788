import assert from "node:assert/strict";
import { generate, GENERATED_FILES } from "./generate.ts";
import { inTempDir } from "./temp_dir.ts";

const FILES = [
  { path: "made.ts", render: () => "export const a={b:1,\nc:2}" },
  { path: "made.cfg", render: () => "a=1\n" },
];

Deno.test("a missing and an old file are stale, and checking writes neither", async () => {
  await inTempDir(async (root) => {
    await Deno.writeTextFile(new URL("made.cfg", root), "a=0\n");
    assert.deepEqual(await generate(root, true, FILES), ["made.ts", "made.cfg"]);
    assert.equal(await Deno.readTextFile(new URL("made.cfg", root)), "a=0\n");
  });
});

Deno.test("what was generated is formatted as deno fmt would, and no longer stale", async () => {
  await inTempDir(async (root) => {
    assert.deepEqual(await generate(root, false, FILES), ["made.ts", "made.cfg"]);
    assert.equal(await Deno.readTextFile(new URL("made.ts", root)), "export const a = { b: 1, c: 2 };\n");
    assert.equal(await Deno.readTextFile(new URL("made.cfg", root)), "a=1\n");
    assert.deepEqual(await generate(root, true, FILES), []);
  });
});

Deno.test("text that cannot be formatted is an error that names the file", async () => {
  await inTempDir(async (root) => {
    await assert.rejects(
      generate(root, false, [{ path: "made.ts", render: () => "export const = ;" }]),
      /^Error: Cannot format "made\.ts": /,
    );
  });
});

Deno.test("the catalogue is one of the generated files", () => {
  assert.ok(GENERATED_FILES.some(({ path }) => path === "plugins/catalog.ts"));
});
