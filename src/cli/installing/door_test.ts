import assert from "node:assert/strict";
import { DOOR_FILES, DOOR_PATH, isDoor } from "./door.ts";
import { readImports } from "./imports.ts";

Deno.test("the stored door is closed: what it imports stands beside it", async () => {
  for (const [path, text] of Object.entries(DOOR_FILES)) {
    for (const { specifier } of (await readImports(new TextEncoder().encode(text))).imports) {
      const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
      assert.ok(Object.hasOwn(DOOR_FILES, target), `${path} imports ${specifier}`);
    }
  }
});

Deno.test("the stored door exports what the door exports", async () => {
  const folder = await Deno.makeTempDir();
  for (const [path, text] of Object.entries(DOOR_FILES)) {
    await Deno.mkdir(`${folder}/${path}/..`.replace(/\/[^/]+\/\.\.$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}`, text);
  }
  const stored = await import(`file://${folder}/${DOOR_PATH}`);
  const door = await import("../../plugin/define.ts");
  assert.deepEqual(Object.keys(stored), Object.keys(door));
  assert.ok(new stored.PluginError("a-code", "text") instanceof Error);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the door is known by its path at any address", () => {
  assert.ok(isDoor(new URL("https://deno.example/stoq@4.1.0/src/plugin/define.ts?x")));
  assert.ok(!isDoor(new URL("https://deno.example/src/plugin/define.tsx")));
});
