import assert from "node:assert/strict";
import { MemoryFiles } from "../host/testing/memory_files.ts";
import { Registry } from "./registry.ts";

const manifest = (name: string) =>
  JSON.stringify({ name, version: "1.0.0", description: "Test", roles: ["worker"], api: 1 });

Deno.test("a manifest that can't be read is a note, and its neighbours are there", async () => {
  const files = new MemoryFiles({
    "/work/plugins/a/manifest.json": new Uint8Array([0x7b, 0xff, 0x7d]),
    "/work/plugins/b/manifest.json": manifest("neighbour"),
  });
  const registry = new Registry();
  await registry.addFolder(files, "/work/plugins");
  assert.ok(registry.get("neighbour"));
  assert.equal(registry.notes.length, 1);
  assert.match(registry.notes[0]!, /^Plugin folder "\/work\/plugins\/a" was skipped: it can't be read: /);
  assert.equal(registry.brokenReason("a"), registry.notes[0]);
});

Deno.test("a folder that refuses to be looked at is a note", async () => {
  class ClosedFiles extends MemoryFiles {
    override kindOf(): Promise<never> {
      return Promise.reject(new Error("Permission denied (os error 13)"));
    }
  }
  const registry = new Registry();
  await registry.addFolder(new ClosedFiles({}), "/closed");
  assert.equal(await registry.addPath(new ClosedFiles({}), "/closed/one"), undefined);
  assert.deepEqual(registry.notes, [
    'Plugin folder "/closed" was skipped: it can\'t be read: Permission denied (os error 13)',
    'Plugin folder "/closed/one" was skipped: it can\'t be read: Permission denied (os error 13)',
  ]);
});

Deno.test("texts of a manifest are escaped for the terminal", async () => {
  const files = new MemoryFiles({ "/work/plugins/a/manifest.json": '{"\\u001b[2J": 1}' });
  const registry = new Registry();
  await registry.addFolder(files, "/work/plugins");
  assert.match(registry.notes[0]!, /"\\x1b\[2J" is not a field/);
  assert.ok(!registry.notes[0]!.includes("\x1b"));
});

Deno.test("a plugin whose path is named twice is no replacement", async () => {
  const files = new MemoryFiles({ "/work/mine/manifest.json": manifest("mine") });
  const registry = new Registry();
  assert.equal(await registry.addPath(files, "/work/mine"), "mine");
  assert.equal(await registry.addPath(files, "/work/mine"), "mine");
  assert.deepEqual(registry.notes, []);
});
