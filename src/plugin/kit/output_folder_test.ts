import assert from "node:assert/strict";
import { OutputFolder } from "./output_folder.ts";
import { systemStorage } from "./system_storage.ts";
import { FaultyStorage } from "./testing/faulty_storage.ts";
import { temporaryFolder } from "./testing/files.ts";

const IS_WINDOWS = Deno.build.os === "windows";

async function modeOf(path: string): Promise<number> {
  return (await Deno.lstat(path)).mode! & 0o777;
}

/** Storage that notes which folders are flushed. */
function notingFlushes() {
  const flushed: string[] = [];
  const storage = { ...systemStorage, syncFolder: (path: string) => (flushed.push(path), Promise.resolve()) };
  return { storage, flushed };
}

Deno.test("folders are made on the way, again after they were removed, and are the owner's alone", async () => {
  await using temporary = await temporaryFolder();
  const folder = new OutputFolder(`${temporary.path}/a/root`);
  for (let time = 0; time < 2; time++) {
    assert.equal(await folder.make("x/y"), `${temporary.path}/a/root/x/y`);
    if (!IS_WINDOWS) {
      for (const made of ["a", "a/root", "a/root/x", "a/root/x/y"]) {
        assert.equal(await modeOf(`${temporary.path}/${made}`), 0o700, made);
      }
    }
    await Deno.remove(`${temporary.path}/a`, { recursive: true });
  }
});

Deno.test("an existing folder keeps its mode", { ignore: IS_WINDOWS }, async () => {
  await using temporary = await temporaryFolder();
  await Deno.mkdir(`${temporary.path}/x`);
  await Deno.chmod(`${temporary.path}/x`, 0o755);
  await new OutputFolder(temporary.path).make("x");
  assert.equal(await modeOf(`${temporary.path}/x`), 0o755);
});

for (const place of ["link", "link/y", "x/link", "x/link/y"]) {
  Deno.test(`a link in the place of a folder is refused, and nothing is made behind it: ${place}`, {
    ignore: IS_WINDOWS,
  }, async () => {
    await using temporary = await temporaryFolder();
    const { path } = temporary;
    await Deno.mkdir(`${path}/root/x`, { recursive: true });
    await Deno.mkdir(`${path}/outside`);
    await Deno.symlink(`${path}/outside`, `${path}/root/${place.replace(/link.*/, "link")}`);
    const folder = new OutputFolder(`${path}/root`);
    await assert.rejects(folder.make(place), { name: "PluginError", code: "folder-not-usable" });
    assert.deepEqual(await Array.fromAsync(Deno.readDir(`${path}/outside`)), []);
  });
}

Deno.test("a link to another folder inside is refused too", { ignore: IS_WINDOWS }, async () => {
  await using temporary = await temporaryFolder();
  const { path } = temporary;
  await Deno.mkdir(`${path}/y`);
  await Deno.symlink("y", `${path}/x`);
  await assert.rejects(new OutputFolder(path).make("x"), {
    code: "folder-not-usable",
    message: `write in "${path}/x": its real path must be "${path}/x", got "${path}/y"`,
  });
});

Deno.test(
  "the folder itself may be a link, and may come to lead elsewhere",
  { ignore: IS_WINDOWS },
  async () => {
    await using temporary = await temporaryFolder();
    const { path } = temporary;
    for (const target of ["one", "two"]) await Deno.mkdir(`${path}/${target}`);
    await Deno.symlink("one", `${path}/root`);
    const folder = new OutputFolder(`${path}/root`);
    await folder.make("x");
    await Deno.remove(`${path}/root`);
    await Deno.symlink("two", `${path}/root`);
    await folder.make("x");
    assert.ok((await Deno.lstat(`${path}/two/x`)).isDirectory);
  },
);

Deno.test(
  "a folder that is replaced by a link is seen by the next check",
  { ignore: IS_WINDOWS },
  async () => {
    await using temporary = await temporaryFolder();
    const { path } = temporary;
    const folder = new OutputFolder(`${path}/root`);
    await folder.make("x/y");
    await Deno.rename(`${path}/root/x`, `${path}/x`);
    await Deno.symlink(`${path}/x`, `${path}/root/x`);
    await assert.rejects(folder.check("x/y"), { code: "folder-not-usable" });
  },
);

Deno.test("a file in a folder's place is refused by its path", async () => {
  await using temporary = await temporaryFolder();
  const { path } = temporary;
  await Deno.writeTextFile(`${path}/file`, "");
  await assert.rejects(new OutputFolder(path).make("file/x"), {
    code: "folder-not-usable",
    message: `write in "${path}/file": must be a folder, got a file`,
  });
});

Deno.test("a flush covers the folders that were made, once", async () => {
  await using temporary = await temporaryFolder();
  const { path } = temporary;
  const { storage, flushed } = notingFlushes();
  const folder = new OutputFolder(`${path}/root`, { storage });
  await folder.make("x/y");
  await folder.flush("x/y");
  assert.deepEqual(flushed, [`${path}/root/x/y`, `${path}/root/x`, `${path}/root`, path]);
  await folder.flush("x/y");
  assert.deepEqual(flushed.slice(4), [`${path}/root/x/y`]);
});

Deno.test("what another caller made and did not flush yet is flushed with what is below it", async () => {
  await using temporary = await temporaryFolder();
  const { path } = temporary;
  const { storage, flushed } = notingFlushes();
  const folder = new OutputFolder(path, { storage });
  await folder.make("x");
  await folder.make("x");
  await folder.flush("x");
  assert.deepEqual(flushed, [`${path}/x`, path]);
});

Deno.test("a flush that fails is an error, and is made up for by the next one", async () => {
  await using temporary = await temporaryFolder();
  const { path } = temporary;
  const storage = new FaultyStorage(systemStorage, { call: "syncFolder", nth: 2, code: "EIO" });
  const folder = new OutputFolder(path, { storage });
  await folder.make("x");
  await assert.rejects(folder.flush("x"), { code: "EIO" });
  await folder.flush("x");
  assert.equal(storage.counts.get("syncFolder"), 4);
});

Deno.test("without flushing nothing is flushed", async () => {
  await using temporary = await temporaryFolder();
  const { storage, flushed } = notingFlushes();
  const folder = new OutputFolder(temporary.path, { storage, shouldFlush: false });
  await folder.make("x");
  await folder.flush("x");
  assert.deepEqual(flushed, []);
});
