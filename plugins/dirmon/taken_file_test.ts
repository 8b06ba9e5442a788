import assert from "node:assert/strict";
import { type Storage, systemStorage } from "../../src/plugin/kit/mod.ts";
import { type FaultCode, FaultyStorage, systemErrorOf } from "../../src/plugin/kit/testing/faulty_storage.ts";
import { markOf } from "./known_files.ts";
import { isTaken, removeMarked } from "./taken_file.ts";
import { namesIn, temporaryFolder } from "./testing/fixture.ts";

/** A folder with one file. */
async function oneFile(name = "a") {
  const folder = await temporaryFolder();
  const path = `${folder.path}/${name}`;
  await Deno.writeTextFile(path, "content");
  return {
    folder: folder.path,
    path,
    mark: markOf(await Deno.lstat(path)),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const failing = (call: "link" | "rename" | "remove", code: FaultCode, nth = 1) =>
  new FaultyStorage(systemStorage, { call, nth, code });

/** Acts while the renamed file is looked at. */
function whileLooking(act: () => void, storage: Storage = systemStorage): Storage {
  return {
    ...systemStorage,
    link: (from, to) => storage.link(from, to),
    lstat(path) {
      act();
      return systemStorage.lstat(path);
    },
  };
}

Deno.test("the marked file is removed, and another one is left with its name", async () => {
  await using it = await oneFile();
  assert.equal(await removeMarked(it.path, "another mark", systemStorage), false);
  assert.deepEqual(await namesIn(it.folder), ["a"]);
  assert.equal(await removeMarked(it.path, it.mark, systemStorage), true);
  assert.deepEqual(await namesIn(it.folder), []);
});

Deno.test("the longest name can be removed and given back", async () => {
  await using it = await oneFile(`${"é".repeat(125)}.mail`);
  assert.equal(await removeMarked(it.path, "another mark", systemStorage), false);
  assert.equal(await Deno.readTextFile(it.path), "content");
  assert.equal(await removeMarked(it.path, it.mark, systemStorage), true);
});

Deno.test("a file whose name was taken in the meantime gets another name, and is delivered by that", async () => {
  await using it = await oneFile();
  const storage = whileLooking(() => Deno.writeTextFileSync(it.path, "newest"));
  assert.equal(await removeMarked(it.path, "another mark", storage), false);
  const names = await namesIn(it.folder);
  assert.deepEqual(names.filter(isTaken), []);
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(`${it.folder}/${name}`)));
  assert.deepEqual(texts.sort(), ["content", "newest"]);
  assert.equal(await Deno.readTextFile(it.path), "newest");
  assert.ok(names.every((name) => name.endsWith("a")));
});

Deno.test("where no links can be made a file gets its name back all the same", async () => {
  await using it = await oneFile();
  assert.equal(await removeMarked(it.path, "another mark", failing("link", "EACCES")), false);
  assert.deepEqual(await namesIn(it.folder), ["a"]);
});

Deno.test("a file that another process has removed is gone, which is no failure", async () => {
  await using it = await oneFile();
  const storage = whileLooking(() => {
    for (const { name } of Deno.readDirSync(it.folder)) Deno.removeSync(`${it.folder}/${name}`);
  });
  assert.equal(await removeMarked(it.path, it.mark, storage), true);
  assert.deepEqual(await namesIn(it.folder), []);
});

Deno.test("a file that can't be looked at or removed gets its name back", async () => {
  for (const call of ["lstat", "remove"] as const) {
    await using it = await oneFile();
    const storage = new FaultyStorage(systemStorage, { call, nth: 1, code: "EIO" });
    await assert.rejects(removeMarked(it.path, it.mark, storage), { code: "EIO" });
    assert.deepEqual(await namesIn(it.folder), ["a"], call);
  }
});

Deno.test("where a full disk has no room for another name, the file is removed", async () => {
  await using it = await oneFile();
  assert.equal(await removeMarked(it.path, it.mark, failing("rename", "ENOSPC")), true);
  assert.deepEqual(await namesIn(it.folder), []);
});

Deno.test("a file that can't get its name back is a failure that names it", async () => {
  await using it = await oneFile();
  const refuse = () => Promise.reject(systemErrorOf("EACCES"));
  let renamed = 0;
  const storage: Storage = {
    ...systemStorage,
    link: refuse,
    rename: (from, to) => renamed++ === 0 ? systemStorage.rename(from, to) : refuse(),
  };
  await assert.rejects(removeMarked(it.path, "another mark", storage), {
    code: "file-renamed",
    message: /^it could not get its name back, and is ".*\/stoq-.*-a": Permission denied \(EACCES\)$/,
  });
  const [name, ...more] = await namesIn(it.folder);
  assert.deepEqual([isTaken(name!), more], [true, []]);
});

Deno.test("what a killed process left is a file like any other", () => {
  assert.equal(isTaken("stoq-00000000-4f1c7d1e-a"), false);
});
