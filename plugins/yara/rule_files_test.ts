import assert from "node:assert/strict";
import { listRuleFiles, readRuleFile } from "./rule_files.ts";

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a folder gives its rule files, also from below, sorted by path", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/b/deep`, { recursive: true });
    await Deno.mkdir(`${folder}/dir.yar`);
    for (const name of ["z.yar", "a.YARA", "b/deep/m.yara", "readme.txt", "x.yar.bak", "dir.yar/k.yar"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    const found = await listRuleFiles("worker_rules", [`${folder}/`]);
    assert.deepEqual(found.map((path) => path.slice(folder.length)), [
      "/a.YARA",
      "/b/deep/m.yara",
      "/dir.yar/k.yar",
      "/z.yar",
    ]);
  }));

Deno.test("a file counts whatever its ending, and paths keep their order", () =>
  withFolder(async (folder) => {
    for (const name of ["b.rules", "a.yar"]) await Deno.writeTextFile(`${folder}/${name}`, "");
    const paths = [`${folder}/b.rules`, `${folder}/a.yar`];
    assert.deepEqual(await listRuleFiles("worker_rules", paths), paths);
  }));

Deno.test("links to folders are not followed, links to files are", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.yar`, "rule a { condition: true }");
    await Deno.symlink(folder, `${folder}/loop`);
    await Deno.symlink(`${folder}/a.yar`, `${folder}/b.yar`);
    await Deno.symlink(folder, `${folder}/c.yar`);
    const found = await listRuleFiles("worker_rules", [folder]);
    assert.deepEqual(found.map((path) => path.slice(folder.length)), ["/a.yar", "/b.yar", "/c.yar"]);
    assert.ok("bytes" in await readRuleFile(`${folder}/b.yar`));
    assert.deepEqual(await readRuleFile(`${folder}/c.yar`), { failure: "it is no regular file, should be" });
  }));

Deno.test("a folder without rule files is refused", () =>
  withFolder(async (folder) => {
    await assert.rejects(listRuleFiles("worker_rules", [folder]), {
      code: "yara-rules-not-found",
      message:
        `Failed to read YARA rules from "${folder}" (option "worker_rules"): the folder holds no *.yar ` +
        "or *.yara file",
    });
  }));

Deno.test("what keeps a file from being read is a phrase", async () => {
  assert.deepEqual(await readRuleFile("/no/such.yar"), { failure: "it does not exist" });
  assert.deepEqual(await readRuleFile("/"), { failure: "it is no regular file, should be" });
});
