import assert from "node:assert/strict";
import { DOOR_FILES, DOOR_PATH, doorPathOf } from "./door.ts";
import { readImports } from "./imports.ts";

Deno.test("the stored door is closed: what it imports stands beside it or is part of Deno", async () => {
  for (const [path, text] of Object.entries(DOOR_FILES)) {
    for (const { specifier } of (await readImports(new TextEncoder().encode(text))).imports) {
      if (specifier.startsWith("node:")) continue;
      const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
      assert.ok(Object.hasOwn(DOOR_FILES, target), `${path} imports ${specifier}`);
    }
  }
});

Deno.test("the stored door has every file of the kit", async () => {
  const kit = await Array.fromAsync(Deno.readDir(new URL("../../plugin/kit/", import.meta.url)));
  const names = kit.filter(({ name, isFile }) => isFile && !name.endsWith("_test.ts")).map(({ name }) =>
    name
  );
  assert.deepEqual(
    names.sort(),
    Object.keys(DOOR_FILES).flatMap((path) => /\/plugin\/kit\/(.*)$/.exec(path)?.[1] ?? []).sort(),
  );
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
  const storedKit = await import(`file://${folder}/${doorPathOf(new URL("file:///src/plugin/kit/mod.ts"))}`);
  const kit = await import("../../plugin/kit/mod.ts");
  assert.deepEqual(Object.keys(storedKit), Object.keys(kit));
  assert.ok(new stored.PluginError("a-code", "text") instanceof Error);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the door is known by its path at any address", () => {
  const stored = (path: string) => doorPathOf(new URL(path, "https://deno.example/stoq@4.1.0/"));
  assert.equal(stored("src/plugin/define.ts?x"), DOOR_PATH);
  assert.equal(stored("src/plugin/kit/path.ts"), "_stoq/door/plugin/kit/path.ts");
  for (
    const other of [
      "src/plugin/define.tsx",
      "src/plugin/kit/other.ts",
      "src/core/contract/plain.ts",
      "src/plugin/kit/",
    ]
  ) {
    assert.equal(stored(other), undefined);
  }
});
