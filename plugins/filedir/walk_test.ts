import assert from "node:assert/strict";
import { collectingContext, temporaryFolder } from "./testdata/fixture.ts";
import { walkFiles, type WalkOptions } from "./walk.ts";

async function makeFiles(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, name);
}

function optionsOf(changes: Partial<WalkOptions> = {}): WalkOptions & { warnings: string[] } {
  const { context, warnings } = collectingContext();
  return { isRecursive: true, signal: context.signal, log: context.log, warnings, ...changes };
}

async function walk(root: string, options: WalkOptions): Promise<string[]> {
  const files = await Array.fromAsync(walkFiles(root, options));
  return files.map(({ folder, name }) => `${folder}/${name}`.slice(root.length + 1));
}

Deno.test("files come by name, folders where their name comes, hidden files not at all", async () => {
  await using folder = await temporaryFolder();
  for (const name of ["b/c", ".git", "empty"]) {
    await Deno.mkdir(`${folder.path}/${name}`, { recursive: true });
  }
  await makeFiles(folder.path, ["z", "a", "c", "B", ".hidden", "b/2", "b/1", "b/c/x", "b/.x", ".git/config"]);
  assert.deepEqual(await walk(folder.path, optionsOf()), [
    ".git/config",
    "B",
    "a",
    "b/1",
    "b/2",
    "b/c/x",
    "c",
    "z",
  ]);
  assert.deepEqual(await walk(folder.path, optionsOf({ isRecursive: false })), ["B", "a", "c", "z"]);
});

Deno.test("links are not followed, which the log says", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/folder`);
  await makeFiles(folder.path, ["folder/file"]);
  await Deno.symlink(`${folder.path}/folder/file`, `${folder.path}/file-link`);
  await Deno.symlink(folder.path, `${folder.path}/folder/loop`);
  await Deno.symlink("/no/such/file", `${folder.path}/.hidden-link`);
  const options = optionsOf();
  assert.deepEqual(await walk(folder.path, options), ["folder/file"]);
  assert.deepEqual(options.warnings, [
    `skip a file: "${folder.path}/file-link" is a symbolic link and should be a regular file`,
    `skip a file: "${folder.path}/folder/loop" is a symbolic link and should be a regular file`,
  ]);
});

Deno.test("names with odd characters are found and logged without steering a terminal", async () => {
  await using folder = await temporaryFolder();
  const names = [" ", "%41", "'\"", "a\nb", "back\\slash", "naïve 猫", "🦕"];
  await makeFiles(folder.path, names);
  await Deno.symlink("x", `${folder.path}/\x1b[31mred`);
  const options = optionsOf();
  assert.deepEqual(await walk(folder.path, options), names);
  assert.deepEqual(options.warnings, [
    `skip a file: "${folder.path}/\\u001b[31mred" is a symbolic link and should be a regular file`,
  ]);
});

Deno.test("a folder larger than a run comes in sorted runs, complete", async () => {
  await using folder = await temporaryFolder();
  const names = Array.from({ length: 95 }, (_, index) => String((index * 37) % 95).padStart(2, "0"));
  await makeFiles(folder.path, names);
  const found = await walk(folder.path, optionsOf({ runLength: 10 }));
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
    const files = walkFiles(folder.path, optionsOf({ runLength: 10 }));
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

Deno.test("a folder that is gone when its turn comes is logged, and the walk goes on", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/b`);
  await makeFiles(folder.path, ["a", "b/lost", "c"]);
  const options = optionsOf();
  const files = walkFiles(folder.path, options);
  assert.equal((await files.next()).value?.name, "a");
  await Deno.remove(`${folder.path}/b`, { recursive: true });
  assert.equal((await files.next()).value?.name, "c");
  assert.equal((await files.next()).done, true);
  assert.deepEqual(options.warnings, [
    `list the folder "${folder.path}/b": No such file or directory (ENOENT)`,
  ]);
});

Deno.test("a first folder that can't be listed is an error", async () => {
  await assert.rejects(walk("/no/such/folder", optionsOf()), {
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
      const { name } of walkFiles(folder.path, optionsOf({ signal: controller.signal, runLength: 10 }))
    ) {
      found.push(name);
      if (found.length === 2) controller.abort();
    }
    assert.equal(found.length, 2);
  },
});
