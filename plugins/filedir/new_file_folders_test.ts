import assert from "node:assert/strict";
import { namesIn, temporaryFolder, writerAt } from "./testing/fixture.ts";

const CONTENT = new TextEncoder().encode("content");

Deno.test("folders that are removed between two files are made again", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  const { writer, warnings } = writerAt(root);
  assert.equal(await writer.write("a", "x", () => [CONTENT]), "written");
  for (const removed of [root, `${root}.partial`]) {
    await Deno.remove(removed, { recursive: true });
    assert.equal(await writer.write("b/c", `after ${removed.length}`, () => [CONTENT]), "written");
  }
  assert.equal((await namesIn(`${root}/b/c`)).length, 2);
  assert.deepEqual(await namesIn(`${root}.partial`), []);
  assert.deepEqual(warnings, []);
});

Deno.test("a later folder that can't be made is an error, leaves nothing behind and changes nothing", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  const { writer, warnings } = writerAt(root);
  await writer.write("", "file", () => [CONTENT]);
  await assert.rejects(writer.write("file/inner", "x", () => [CONTENT]), {
    code: "folder-not-usable",
    message: `write in "${root}/file": must be a folder, got a file`,
  });
  assert.deepEqual(await namesIn(`${root}.partial`), []);
  assert.equal(await writer.write("", "y", () => [CONTENT]), "written");
  assert.deepEqual(warnings, []);
});

Deno.test("where files are written in place, a folder that is removed is made again too", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  await Deno.writeTextFile(`${root}.partial`, "a file in the way");
  const { writer, warnings } = writerAt(root);
  await writer.write("", "x", () => [CONTENT]);
  await Deno.remove(root, { recursive: true });
  assert.equal(await writer.write("a", "y", () => [CONTENT]), "written");
  assert.deepEqual(await namesIn(`${root}/a`), ["y"]);
  assert.equal(warnings.length, 1);
});
