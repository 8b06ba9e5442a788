import assert from "node:assert/strict";
import type { SkippedItem } from "../../src/plugin/define.ts";
import { OutputGuard } from "../../src/plugin/kit/mod.ts";
import { temporaryFolder } from "./testing/fixture.ts";
import { walkFiles, type WalkOptions } from "./walk.ts";

async function makeFiles(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, name);
}

const NO_OUTPUTS = { excludes: () => false, refresh() {} };

function optionsOf(root: string, changes: Partial<WalkOptions> = {}): WalkOptions {
  const { signal } = new AbortController();
  return { isRecursive: true, signal, outputs: NO_OUTPUTS, realRoot: root, ...changes };
}

/** Paths of the files below the root, and what was skipped. */
async function walk(root: string, changes: Partial<WalkOptions> = {}) {
  const files: string[] = [];
  const skipped: SkippedItem[] = [];
  for await (const found of walkFiles(root, optionsOf(root, changes))) {
    if ("code" in found) skipped.push(found);
    else files.push(`${found.folder}/${found.name}`.slice(root.length + 1));
  }
  return { files, skipped };
}

function linkAt(name: string): SkippedItem {
  const reason = "must be a regular file, got a symbolic link";
  return { name, code: "file-not-regular", reason, isLoss: false };
}

Deno.test("files come by name, folders where their name comes, hidden files not at all", async () => {
  await using folder = await temporaryFolder();
  for (const name of ["b/c", ".git", "empty"]) {
    await Deno.mkdir(`${folder.path}/${name}`, { recursive: true });
  }
  await makeFiles(folder.path, ["z", "a", "c", "B", ".hidden", "b/2", "b/1", "b/c/x", "b/.x", ".git/config"]);
  assert.deepEqual((await walk(folder.path)).files, [
    ".git/config",
    "B",
    "a",
    "b/1",
    "b/2",
    "b/c/x",
    "c",
    "z",
  ]);
  assert.deepEqual((await walk(folder.path, { isRecursive: false })).files, ["B", "a", "c", "z"]);
});

Deno.test("links are not followed, and reported", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/folder`);
  await makeFiles(folder.path, ["folder/file"]);
  await Deno.symlink(`${folder.path}/folder/file`, `${folder.path}/file-link`);
  await Deno.symlink(folder.path, `${folder.path}/folder/loop`);
  await Deno.symlink("/no/such/file", `${folder.path}/.hidden-link`);
  assert.deepEqual(await walk(folder.path), {
    files: ["folder/file"],
    skipped: [linkAt(`${folder.path}/file-link`), linkAt(`${folder.path}/folder/loop`)],
  });
});

Deno.test("names with odd characters are found", async () => {
  await using folder = await temporaryFolder();
  const names = ["\x1b[31mred", " ", "%41", "'\"", "a\nb", "back\\slash", "naïve 猫", "🦕"];
  await makeFiles(folder.path, names);
  assert.deepEqual(await walk(folder.path), { files: names, skipped: [] });
});

Deno.test({
  name: "pipes are reported, and nothing waits for their writers",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    await makeFiles(folder.path, ["a", "z"]);
    const { success } = await new Deno.Command("mkfifo", { args: [`${folder.path}/pipe`] }).output();
    assert.ok(success);
    const { files, skipped } = await walk(folder.path);
    assert.deepEqual(files, ["a", "z"]);
    assert.deepEqual(skipped.map(({ code, isLoss }) => [code, isLoss]), [["file-not-regular", false]]);
  },
});

Deno.test("an output is left out with all that is below it, a file or a folder", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/in/out`, { recursive: true });
  await makeFiles(path, ["a", "in/b", "in/log", "in/out/c"]);
  const outputs = new OutputGuard([`${path}/in/out`, `${path}/in/log`], { info() {} });
  assert.deepEqual(await walk(path, { outputs }), { files: ["a", "in/b"], skipped: [] });
});

Deno.test("a folder larger than a run comes in sorted runs, complete", async () => {
  await using folder = await temporaryFolder();
  const names = Array.from({ length: 95 }, (_, index) => String((index * 37) % 95).padStart(2, "0"));
  await makeFiles(folder.path, names);
  const found = (await walk(folder.path, { runLength: 10 })).files;
  for (let start = 0; start < found.length; start += 10) {
    const run = found.slice(start, start + 10);
    assert.deepEqual(run, run.toSorted());
  }
  assert.deepEqual(found.toSorted(), names.toSorted());
});

Deno.test({
  name: "a folder is not listed to its end before its first files come, and is closed when the walk stops",
  sanitizeResources: true,
  async fn() {
    await using folder = await temporaryFolder();
    await makeFiles(folder.path, Array.from({ length: 50 }, (_, index) => `f${index}`));
    using listing = listedEntries();
    const files = walkFiles(folder.path, optionsOf(folder.path, { runLength: 10 }));
    await files.next();
    assert.equal(listing.count, 10);
    await files.return(undefined);
  },
});

/** Counts the entries that `Deno.readDir` gives, until it goes out of scope. */
function listedEntries() {
  const { readDir } = Deno;
  const listing = { count: 0, [Symbol.dispose]: () => void (Deno.readDir = readDir) };
  Deno.readDir = (path) => {
    const entries = readDir(path)[Symbol.asyncIterator]();
    const next = () => {
      listing.count++;
      return entries.next();
    };
    return { [Symbol.asyncIterator]: () => ({ next, return: () => entries.return!() }) } as AsyncIterable<
      Deno.DirEntry
    >;
  };
  return listing;
}

Deno.test("a folder that is gone when its turn comes is not reported, and the walk continues", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/b`);
  await makeFiles(folder.path, ["a", "b/lost", "c"]);
  const files = walkFiles(folder.path, optionsOf(folder.path));
  const names = [];
  for await (const found of files) {
    names.push(found.name);
    if (names.length === 1) await Deno.remove(`${folder.path}/b`, { recursive: true });
  }
  assert.deepEqual(names, ["a", "c"]);
});

Deno.test("a folder that can't be listed to its end is a loss, and what was listed comes", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/b`);
  await makeFiles(path, ["a", "b/1", "b/2", "c"]);
  const { readDir } = Deno;
  using _ = { [Symbol.dispose]: () => void (Deno.readDir = readDir) };
  Deno.readDir = async function* (folder) {
    yield* readDir(folder);
    if (folder !== `${path}/b`) return;
    throw Object.assign(new Error("Input/output error (os error 5): readdir"), { code: "EIO" });
  };
  assert.deepEqual(await walk(path), {
    files: ["a", "b/1", "b/2", "c"],
    skipped: [{
      name: `${path}/b`,
      code: "folder-not-readable",
      reason: "the folder can't be listed: Input/output error (EIO)",
      isLoss: true,
    }],
  });
});

Deno.test("a first folder that can't be listed is an error", async () => {
  await assert.rejects(walk("/no/such/folder"), {
    code: "source-not-readable",
    message: 'list the folder "/no/such/folder": No such file or directory (ENOENT)',
  });
});

Deno.test({
  name: "an aborted walk ends and leaves nothing open",
  sanitizeResources: true,
  async fn() {
    await using folder = await temporaryFolder();
    await makeFiles(folder.path, Array.from({ length: 30 }, (_, index) => `f${index}`));
    const controller = new AbortController();
    const found: string[] = [];
    for await (
      const { name } of walkFiles(
        folder.path,
        optionsOf(folder.path, { signal: controller.signal, runLength: 10 }),
      )
    ) {
      found.push(name);
      if (found.length === 2) controller.abort();
    }
    assert.equal(found.length, 2);
  },
});
