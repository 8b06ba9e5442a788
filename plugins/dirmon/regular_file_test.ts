import assert from "node:assert/strict";
import { MAX_FILE_BYTES } from "../../src/plugin/kit/mod.ts";
import { markOf } from "./known_files.ts";
import { openMarked, readMarked } from "./regular_file.ts";
import { temporaryFolder } from "./testing/fixture.ts";

async function marked(path: string): Promise<string> {
  return markOf(await Deno.lstat(path));
}

Deno.test("a file that has its mark is read whole, also an empty one", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/a`;
  for (const size of [0, 1, 100_000]) {
    const content = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)));
    const bytes = new Uint8Array(size);
    bytes.set(content);
    await Deno.writeFile(path, bytes);
    assert.deepEqual(await readMarked(path, await marked(path)), bytes);
  }
});

Deno.test("a file that is another one or changed is not read", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/a`;
  await Deno.writeTextFile(path, "one");
  const mark = await marked(path);
  await Deno.writeTextFile(path, "other");
  assert.equal(await readMarked(path, mark), undefined);
  assert.equal(await openMarked(path, mark), undefined);
});

Deno.test("links and folders are refused", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await Deno.writeTextFile(`${path}/a`, "a");
  await Deno.symlink(`${path}/a`, `${path}/link`);
  const mark = await marked(`${path}/a`);
  await assert.rejects(readMarked(`${path}/link`, mark), {
    code: "file-not-regular",
    message: `read "${path}/link": must be a regular file, got a symbolic link`,
  });
  await assert.rejects(readMarked(path, mark), {
    message: `read "${path}": must be a regular file, got a folder`,
  });
});

Deno.test({
  name: "a device is refused",
  ignore: Deno.build.os === "windows",
  fn: () => assert.rejects(readMarked("/dev/zero", ""), { code: "file-not-regular" }),
});

Deno.test("a file above the limit is refused before it is read", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/a`;
  await Deno.writeTextFile(path, "");
  await Deno.truncate(path, MAX_FILE_BYTES + 1);
  await assert.rejects(readMarked(path, await marked(path)), {
    code: "file-too-large",
    message: `read "${path}": must have at most 1073741824 bytes, got 1073741825`,
  });
});
