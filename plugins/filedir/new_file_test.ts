import assert from "node:assert/strict";
import { createNewFileWriter } from "./new_file.ts";
import { collectingContext, namesIn, temporaryFolder } from "./testdata/fixture.ts";

const CONTENT = new TextEncoder().encode("content");

Deno.test("a file is written whole, and nothing is left beside it", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  const { context, warnings } = collectingContext();
  const content = new Uint8Array(5_000_000).map((_, index) => index * 7);
  assert.equal(
    await createNewFileWriter(root, context.log).write(`${root}/2024/01`, "x", content),
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
  const writer = createNewFileWriter(root, collectingContext().context.log);
  const contents = Array.from({ length: 20 }, (_, index) => new Uint8Array(100_000).fill(index));
  const outcomes = await Promise.all(contents.map((content) => writer.write(root, "x", content)));
  assert.equal(outcomes.filter((outcome) => outcome === "written").length, 1);
  assert.deepEqual(await Deno.readFile(`${root}/x`), contents[outcomes.indexOf("written")]);
  assert.deepEqual(await namesIn(`${root}.partial`), []);
});

Deno.test("a link at the file's place is neither followed nor replaced", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  await Deno.mkdir(root);
  await Deno.symlink(`${folder.path}/elsewhere`, `${root}/x`);
  const writer = createNewFileWriter(root, collectingContext().context.log);
  assert.equal(await writer.write(root, "x", CONTENT), "exists");
  assert.deepEqual(await namesIn(folder.path), ["results", "results.partial"]);
});

Deno.test("where there is no folder for unfinished files, files are written in place, and the log says so once", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  await Deno.writeTextFile(`${root}.partial`, "a file in the way");
  const { context, warnings } = collectingContext();
  const writer = createNewFileWriter(root, context.log);
  assert.equal(await writer.write(root, "x", CONTENT), "written");
  assert.equal(await writer.write(root, "y", CONTENT), "written");
  assert.equal(await writer.write(root, "x", new Uint8Array(1)), "exists");
  assert.deepEqual(await Deno.readFile(`${root}/x`), CONTENT);
  assert.deepEqual(await namesIn(root), ["x", "y"]);
  assert.equal(warnings.length, 1);
  assert.match(
    warnings[0]!,
    /^write files below ".+results" in place, where they may be seen unfinished: make the folder ".+results\.partial": /,
  );
});

Deno.test("a folder that can't be made is an error with the path and the reason", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/file`, "");
  const root = `${folder.path}/file/results`;
  const writer = createNewFileWriter(root, collectingContext().context.log);
  await assert.rejects(writer.write(root, "x", CONTENT), {
    name: "PluginError",
    code: "file-not-written",
    message: `write "${root}/x": Not a directory (ENOTDIR)`,
  });
});

Deno.test("a folder that is a file already is an error, not a file that exists", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/results`, "");
  const writer = createNewFileWriter(`${folder.path}/results`, collectingContext().context.log);
  await assert.rejects(writer.write(`${folder.path}/results`, "x", CONTENT), { code: "file-not-written" });
});

Deno.test("a name that the file system refuses is an error and leaves nothing behind", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/results`;
  const writer = createNewFileWriter(root, collectingContext().context.log);
  await assert.rejects(writer.write(root, "x".repeat(300), CONTENT), { code: "file-not-written" });
  assert.deepEqual(await namesIn(root), []);
  assert.deepEqual(await namesIn(`${root}.partial`), []);
});
