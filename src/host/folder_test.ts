import assert from "node:assert/strict";
import { Folder } from "./folder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("files are written, read and listed by paths with slashes", async () => {
  await using folder = await Folder.temporary();
  await folder.write("b/c.txt", bytes("two"));
  await folder.write("a.txt", bytes("one"));
  assert.deepEqual(await folder.files(), [
    { path: "a.txt", bytes: bytes("one") },
    { path: "b/c.txt", bytes: bytes("two") },
  ]);
  assert.deepEqual(await folder.read("b/c.txt", 3), { bytes: bytes("two") });
  assert.equal(await folder.read("none", 3), undefined);
  assert.equal(await folder.read("a.txt/none", 3), undefined);
});

Deno.test("what is too large, no file or outside is refused", async () => {
  await using folder = await Folder.temporary();
  await using other = await Folder.temporary();
  await folder.write("in/a.txt", bytes("four"));
  await other.write("secret", bytes("x"));
  await Deno.symlink(`${other.path}/secret`, `${folder.path}/link`);
  assert.deepEqual(await folder.read("in/a.txt", 3), { failure: "it has 4 bytes, the limit is 3" });
  assert.deepEqual(await folder.read("in", 3), { failure: "it is not a regular file" });
  assert.deepEqual(await folder.read("link", 3), { failure: "a link leads outside its folder" });
  assert.deepEqual(await folder.read(`../${other.path.split("/").at(-1)}/secret`, 3), {
    failure: "a link leads outside its folder",
  });
});

Deno.test("a temporary folder is gone when its scope ends", async () => {
  let path: string;
  {
    await using folder = await Folder.temporary();
    await folder.write("x", bytes("x"));
    path = folder.path;
  }
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
});

Deno.test("a temporary folder that its user removed has no files, and ends quietly", async () => {
  await using folder = await Folder.temporary();
  await Deno.remove(folder.path);
  assert.deepEqual(await folder.files(), []);
});
