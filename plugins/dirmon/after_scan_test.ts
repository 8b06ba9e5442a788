import assert from "node:assert/strict";
import { type Storage, systemStorage } from "../../src/plugin/kit/mod.ts";
import { FaultyStorage } from "../../src/plugin/kit/testing/faulty_storage.ts";
import { type AfterScan, finishFile } from "./after_scan.ts";
import { markOf } from "./known_files.ts";
import { LogRecorder, namesIn, temporaryFolder } from "./testing/fixture.ts";

/** A source folder with one file, and what finishes it. */
async function scanned(relative: string, content = "content") {
  const source = await temporaryFolder();
  const done = await temporaryFolder();
  const path = `${source.path}/${relative}`;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, content);
  const file = { path: relative, mark: markOf(await Deno.lstat(path)) };
  const keeper = new LogRecorder();
  return {
    path,
    source: source.path,
    done: done.path,
    keeper,
    finish: (afterScan: AfterScan, storage = systemStorage) =>
      finishFile(source.path, file, afterScan, keeper.log, storage),
    async [Symbol.asyncDispose]() {
      await source[Symbol.asyncDispose]();
      await done[Symbol.asyncDispose]();
    },
  };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

Deno.test("a scanned file is left, deleted or moved", async () => {
  for (const kind of ["leave", "delete", "move"] as const) {
    await using it = await scanned("in/a");
    await it.finish(kind === "move" ? { kind, folder: it.done } : { kind });
    assert.equal(await exists(it.path), kind === "leave", kind);
    assert.equal(await exists(`${it.done}/in/a`), kind === "move", kind);
    if (kind === "move") assert.equal(await Deno.readTextFile(`${it.done}/in/a`), "content");
    assert.deepEqual(it.keeper.lines, []);
  }
});

Deno.test("a moved file never replaces another, nor a folder", async () => {
  await using it = await scanned("a");
  await Deno.writeTextFile(`${it.done}/a`, "first");
  await Deno.mkdir(`${it.done}/a.1`);
  await Deno.symlink("nowhere", `${it.done}/a.2`);
  await it.finish({ kind: "move", folder: it.done });
  assert.deepEqual(await namesIn(it.done), ["a", "a.1", "a.2", "a.3"]);
  assert.equal(await Deno.readTextFile(`${it.done}/a`), "first");
  assert.equal(await Deno.readTextFile(`${it.done}/a.3`), "content");
});

Deno.test("where many names are taken the search for one ends", async () => {
  await using it = await scanned("a");
  await Deno.writeTextFile(`${it.done}/a`, "");
  for (let number = 1; number < 100; number++) await Deno.writeTextFile(`${it.done}/a.${number}`, "");
  await it.finish({ kind: "move", folder: it.done });
  const names = (await namesIn(it.done)).filter((name) => name.length > "a.99".length);
  assert.equal(names.length, 1);
  assert.match(names[0]!, /^a\.[0-9a-f-]{36}$/);
});

Deno.test("files of one name that are moved at once all get a place", async () => {
  await using done = await temporaryFolder();
  await using source = await temporaryFolder();
  const keeper = new LogRecorder();
  const moves = Array.from({ length: 20 }, async (_, index) => {
    const root = `${source.path}/${index}`;
    await Deno.mkdir(root);
    await Deno.writeTextFile(`${root}/a`, String(index));
    const file = { path: "a", mark: markOf(await Deno.lstat(`${root}/a`)) };
    await finishFile(root, file, { kind: "move", folder: done.path }, keeper.log);
  });
  await Promise.all(moves);
  const texts = await Promise.all(
    (await namesIn(done.path)).map((name) => Deno.readTextFile(`${done.path}/${name}`)),
  );
  assert.deepEqual(texts.map(Number).sort((one, other) => one - other), [...Array(20).keys()]);
});

Deno.test("a file that changed since it was scanned stays", async () => {
  for (const kind of ["delete", "move"] as const) {
    await using it = await scanned("a");
    await Deno.writeTextFile(it.path, "newer content");
    await it.finish(kind === "move" ? { kind, folder: it.done } : { kind });
    assert.equal(await Deno.readTextFile(it.path), "newer content");
    assert.deepEqual(await namesIn(it.done), []);
    assert.deepEqual(it.keeper.lines, [
      `info ${kind} the scanned file "${it.path}": it has changed since, and stays`,
    ]);
  }
});

Deno.test("a link in the place of the scanned file is left alone, and so is what it names", async () => {
  await using it = await scanned("a");
  await Deno.rename(it.path, `${it.path}.real`);
  await Deno.symlink(`${it.path}.real`, it.path);
  await it.finish({ kind: "delete" });
  assert.equal(await Deno.readTextFile(it.path), "content");
});

Deno.test("a file that is gone is no problem", async () => {
  await using it = await scanned("a");
  await Deno.remove(it.path);
  await it.finish({ kind: "delete" });
  assert.deepEqual(it.keeper.lines, [
    `info delete the scanned file "${it.path}": No such file or directory (ENOENT)`,
  ]);
});

Deno.test("a move that fails is a failure, the file stays and nothing else does", async () => {
  await using it = await scanned("in/a");
  await Deno.writeTextFile(`${it.done}/in`, "a file where a folder should be");
  await assert.rejects(it.finish({ kind: "move", folder: it.done }), {
    code: "file-not-moved",
    message: /^move the scanned file ".+\/in\/a": .+\((EEXIST|ENOTDIR)\)$/,
  });
  assert.equal(await Deno.readTextFile(it.path), "content");
  assert.deepEqual(await namesIn(it.done), ["in"]);
});

Deno.test("a deletion that fails is a failure, and the file stays", async () => {
  await using it = await scanned("a");
  const storage = new FaultyStorage(systemStorage, { call: "remove", nth: 1, code: "EACCES" });
  await assert.rejects(it.finish({ kind: "delete" }, storage), {
    code: "file-not-deleted",
    message: `delete the scanned file "${it.path}": Permission denied (EACCES)`,
  });
  assert.equal(await Deno.readTextFile(it.path), "content");
  assert.deepEqual(await namesIn(it.source), ["a"]);
});

/** Puts another file in the place of the scanned one at the last moment, just before it is renamed. */
function replacing(path: string): Storage {
  let isReplaced = false;
  return {
    ...systemStorage,
    rename(from, to) {
      if (from === path && !isReplaced) {
        isReplaced = true;
        Deno.writeTextFileSync(`${path}.new`, "newer content");
        Deno.renameSync(`${path}.new`, path);
      }
      return systemStorage.rename(from, to);
    },
  };
}

for (const kind of ["delete", "move"] as const) {
  for (const report of kind === "move" ? [undefined, "why"] : [undefined]) {
    Deno.test(`a file that takes the place of the scanned one just before the ${kind} stays${report ? ", without a report" : ""}`, async () => {
      await using it = await scanned("a");
      const afterScan = kind === "move" ? { kind, folder: it.done, report } : { kind };
      await it.finish(afterScan, replacing(it.path));
      assert.deepEqual(await namesIn(it.source), ["a"]);
      assert.equal(await Deno.readTextFile(it.path), "newer content");
      assert.deepEqual(await namesIn(it.done), []);
      assert.match(it.keeper.lines.join("\n"), /: it has changed since, and stays$/);
    });
  }
}

Deno.test("a link in the folder for scanned files is not followed out of it", async () => {
  await using it = await scanned("in/a");
  await using outside = await temporaryFolder();
  await Deno.symlink(outside.path, `${it.done}/in`);
  await assert.rejects(it.finish({ kind: "move", folder: it.done }), { code: "file-not-moved" });
  assert.equal(await Deno.readTextFile(it.path), "content");
  assert.deepEqual(await namesIn(outside.path), []);
});

Deno.test("folders for moved files are their owner's alone", async () => {
  await using it = await scanned("in/a");
  await it.finish({ kind: "move", folder: `${it.done}/new` });
  for (const folder of ["new", "new/in"]) {
    assert.equal((await Deno.stat(`${it.done}/${folder}`)).mode! & 0o777, 0o700);
  }
});

/** A folder on another file system than the temporary one, where there is such. */
function otherFileSystem(): string | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const temporary = Deno.makeTempDirSync();
  try {
    return Deno.statSync(temporary).dev === Deno.statSync("/dev/shm").dev ? undefined : "/dev/shm";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  } finally {
    Deno.removeSync(temporary);
  }
}

const OTHER = otherFileSystem();

Deno.test({
  name: "a file is moved to another file system with its time, and nothing unfinished is left",
  ignore: OTHER === undefined,
  async fn() {
    await using it = await scanned("in/a");
    await using other = await temporaryFolder(OTHER);
    const { mtime } = await Deno.stat(it.path);
    await it.finish({ kind: "move", folder: other.path });
    assert.equal(await exists(it.path), false);
    assert.deepEqual(await namesIn(`${other.path}/in`), ["a"]);
    assert.equal(await Deno.readTextFile(`${other.path}/in/a`), "content");
    assert.deepEqual((await Deno.stat(`${other.path}/in/a`)).mtime, mtime);
    assert.deepEqual(it.keeper.lines, []);
  },
});
