import assert from "node:assert/strict";
import { systemStorage } from "../../src/plugin/kit/mod.ts";
import {
  type FaultCode,
  FaultyStorage,
  type StorageCall,
} from "../../src/plugin/kit/testing/faulty_storage.ts";
import { namesIn, temporaryFolder, writerAt } from "./testing/fixture.ts";

const CONTENT = new TextEncoder().encode("content");

Deno.test("a file is written whole, and nothing is left beside it", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  const content = new Uint8Array(5_000_000).map((_, index) => index * 7);
  const { writer, warnings } = writerAt(root);
  assert.equal(
    await writer.write("2024/01", "x", () => [content.subarray(0, 3_000_000), content.subarray(3_000_000)]),
    "written",
  );
  assert.deepEqual(await Deno.readFile(`${root}/2024/01/x`), content);
  assert.deepEqual(await namesIn(folder.path), ["results", "results.partial"]);
  assert.deepEqual(await namesIn(`${root}.partial`), []);
  assert.deepEqual(await namesIn(root), ["2024"]);
  assert.deepEqual(warnings, []);
});

Deno.test("of writers that want one name at once, one writes and the others leave its file alone", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  const { writer } = writerAt(root);
  const contents = Array.from({ length: 20 }, (_, index) => new Uint8Array(100_000).fill(index));
  const outcomes = await Promise.all(contents.map((content) => writer.write("", "x", () => [content])));
  assert.equal(outcomes.filter((outcome) => outcome === "written").length, 1);
  assert.deepEqual(await Deno.readFile(`${root}/x`), contents[outcomes.indexOf("written")]);
  assert.deepEqual(await namesIn(`${root}.partial`), []);
});

Deno.test("a link at the file's place is neither followed nor replaced", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  await Deno.mkdir(root);
  await Deno.symlink(`${folder.path}/elsewhere`, `${root}/x`);
  const { writer } = writerAt(root);
  assert.equal(await writer.write("", "x", () => [CONTENT]), "exists");
  assert.deepEqual(await namesIn(folder.path), ["results", "results.partial"]);
});

Deno.test("where there is no folder for unfinished files, files are written in place, and the log says so once", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  await Deno.writeTextFile(`${root}.partial`, "a file in the way");
  const { writer, warnings } = writerAt(root);
  assert.equal(await writer.write("", "x", () => [CONTENT]), "written");
  assert.equal(await writer.write("", "y", () => [CONTENT]), "written");
  assert.equal(await writer.write("", "x", () => [new Uint8Array(1)]), "exists");
  assert.deepEqual(await Deno.readFile(`${root}/x`), CONTENT);
  assert.deepEqual(await namesIn(root), ["x", "y"]);
  assert.equal(warnings.length, 1);
  assert.match(
    warnings[0]!,
    /^write files below ".+results" in place, where they may be seen unfinished: ".+results\.partial" must be a folder$/,
  );
});

Deno.test("a folder that can't be made is an error with the path and the reason", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/file`, "");
  const root = `${folder.path}/file/results`;
  const { writer } = writerAt(root);
  await assert.rejects(writer.write("", "x", () => [CONTENT]), {
    name: "PluginError",
    code: "file-not-written",
    message: `write "${root}/x": Not a directory (ENOTDIR)`,
  });
});

Deno.test("a folder that is a file already is an error, not a file that exists", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/results`, "");
  const { writer } = writerAt(`${folder.path}/results`);
  await assert.rejects(writer.write("", "x", () => [CONTENT]), { code: "file-not-written" });
});

Deno.test("a name that the file system refuses is an error and leaves nothing behind", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  const { writer } = writerAt(root);
  await assert.rejects(writer.write("", "x".repeat(300), () => [CONTENT]), { code: "file-not-written" });
  assert.deepEqual(await namesIn(root), []);
  assert.deepEqual(await namesIn(`${root}.partial`), []);
});

const IS_WINDOWS = Deno.build.os === "windows";

for (const isShared of [false, true]) {
  const who = isShared ? "shared files can be read by all" : "files can be read by their owner alone";
  Deno.test(`${who}, staged or in place`, { ignore: IS_WINDOWS }, async () => {
    const mask = Deno.umask(0o022);
    try {
      for (const isStaged of [true, false]) {
        await using folder = await temporaryFolder();
        const root = `${folder.path}/results`;
        if (!isStaged) await Deno.writeTextFile(`${root}.partial`, "a file in the way");
        await writerAt(root, { isShared }).writer.write("a/b", "x", () => [CONTENT]);
        const modeOf = async (path: string) => (await Deno.lstat(`${root}${path}`)).mode! & 0o777;
        for (const path of ["", "/a", "/a/b"]) assert.equal(await modeOf(path), isShared ? 0o755 : 0o700);
        assert.equal(await modeOf("/a/b/x"), isShared ? 0o644 : 0o600);
        if (isStaged) assert.equal(await modeOf(".partial"), 0o700);
      }
    } finally {
      Deno.umask(mask);
    }
  });
}

Deno.test("a link in the place of the folder for unfinished files is not followed", {
  ignore: IS_WINDOWS,
}, async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  await Deno.mkdir(`${folder.path}/outside`);
  await Deno.symlink(`${folder.path}/outside`, `${root}.partial`);
  const { writer, warnings } = writerAt(root);
  assert.equal(await writer.write("", "x", () => [CONTENT]), "written");
  assert.deepEqual(await namesIn(`${folder.path}/outside`), []);
  assert.match(warnings[0]!, /results\.partial" must be a folder$/);
});

Deno.test("a written file is flushed before it has its name, and its folder afterwards", async () => {
  await using folder = await temporaryFolder();
  const calls: string[] = [];
  const noting = new FaultyStorage(systemStorage);
  const isDue = noting.isDue.bind(noting);
  noting.isDue = (call) => (calls.push(call), isDue(call));
  const { writer } = writerAt(`${folder.path}/results`, { storage: noting });
  await writer.write("", "x", () => [CONTENT]);
  const order = calls.filter((call) => ["write", "sync", "link", "syncFolder"].includes(call));
  // The folder itself is new, so the one around it is flushed, too.
  assert.deepEqual(order, ["write", "sync", "link", "syncFolder", "syncFolder"]);
  calls.length = 0;
  const { writer: hasty } = writerAt(`${folder.path}/results`, { storage: noting, shouldFlush: false });
  await hasty.write("", "y", () => [CONTENT]);
  assert.deepEqual(calls.filter((call) => call === "sync" || call === "syncFolder"), []);
});

/** What a writer does for one file in a new folder, staged and in place. */
const CALLS: Readonly<Record<"staged" | "in place", readonly StorageCall[]>> = {
  staged: ["realPath", "mkdirs", "mkdir", "create", "write", "sync", "link", "remove", "syncFolder"],
  "in place": ["realPath", "mkdirs", "mkdir", "create", "write", "sync", "syncFolder"],
};

for (const [way, calls] of Object.entries(CALLS)) {
  for (const call of calls) {
    for (const code of ["ENOSPC", "EIO", "EACCES", "EMFILE", "ENOENT"] as FaultCode[]) {
      Deno.test(`a file is written whole or not at all when ${call} fails with ${code}, ${way}`, async () => {
        for (const isPartial of call === "write" ? [false, true] : [false]) {
          for (let nth = 1; nth <= 3; nth++) {
            await using folder = await temporaryFolder();
            const root = `${folder.path}/results`;
            if (way === "in place") await Deno.writeTextFile(`${root}.partial`, "a file in the way");
            const storage = new FaultyStorage(systemStorage, { call, nth, code, isPartial });
            const { writer, warnings } = writerAt(root, { storage });
            const chunks = [CONTENT.subarray(0, 3), CONTENT.subarray(3)];
            const outcome = await writer.write("a", "x", () => chunks).catch((error) => error.code);
            assert.ok(storage.hasFailed || nth > 1, `${call} is called`);
            if (!storage.hasFailed) continue;
            const names = await namesIn(`${root}/a`);
            // A file that can't be flushed may stay: it is complete, and the failure is reported.
            if (outcome === "written") assert.deepEqual(names, ["x"]);
            else assert.ok(["file-not-written", "folder-not-usable"].includes(outcome), outcome);
            if (names.length > 0) assert.deepEqual(await Deno.readFile(`${root}/a/x`), CONTENT);
            const isLeft = call === "remove" && way === "staged";
            if (way === "staged") assert.equal((await namesIn(`${root}.partial`)).length, isLeft ? 1 : 0);
            if (isLeft) assert.match(warnings[0]!, /^leave the unfinished file /);
            assert.equal(storage.openFiles, 0);
            const next = await writer.write("a", "y", () => chunks);
            assert.equal(next, "written");
          }
        }
      });
    }
  }
}
