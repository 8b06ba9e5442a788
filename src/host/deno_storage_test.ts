import assert from "node:assert/strict";
import { DenoStorage } from "./deno_storage.ts";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);
const storage = new DenoStorage();

Deno.test("an existing file is not overwritten, and a replacement is atomic", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a/b/c`;
    await storage.writeNew(path, bytes("one"));
    await assert.rejects(storage.writeNew(path, bytes("two")), Deno.errors.AlreadyExists);
    await storage.replace(path, bytes("two"));
    assert.equal(await Deno.readTextFile(path), "two");
    assert.equal([...Deno.readDirSync(`${folder}/a/b`)].length, 1);
    await assert.rejects(storage.replace(`${folder}/a`, bytes("x")));
    assert.equal([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("a link is not followed where something is removed or written", () =>
  inFolder(async (folder) => {
    await storage.writeNew(`${folder}/kept/file`, bytes("kept"));
    await Deno.symlink(`${folder}/kept`, `${folder}/link`);
    await storage.remove(`${folder}/link`);
    assert.equal(await Deno.readTextFile(`${folder}/kept/file`), "kept");
    await Deno.symlink(`${folder}/kept/file`, `${folder}/link`);
    await assert.rejects(storage.writeNew(`${folder}/link`, bytes("x")), Deno.errors.AlreadyExists);
    await storage.remove(`${folder}/nothing`);
  }));

Deno.test("a guard lets one in at a time, also within one process", () =>
  inFolder(async (folder) => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
    };
    const path = `${folder}/home/guard`;
    await Promise.all([1, 2, 3].map(() => storage.withGuard(path, work)));
    assert.equal(most, 1);
    await assert.rejects(storage.withGuard(path, () => Promise.reject(new Error("broken"))), /broken/);
    await storage.withGuard(path, work);
  }));

Deno.test("what is written is the owner's alone, and folders that are there keep their mode", {
  ignore: Deno.build.os === "windows",
}, () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/old`);
    await Deno.chmod(`${folder}/old`, 0o755);
    await storage.writeNew(`${folder}/old/new/file`, bytes("one"));
    await storage.replace(`${folder}/old/new/file`, bytes("two"));
    await storage.withGuard(`${folder}/home/guard`, () => Promise.resolve());
    const modeOf = async (path: string) => (await Deno.stat(`${folder}/${path}`)).mode! & 0o777;
    assert.equal(await modeOf("old"), 0o755);
    for (const path of ["old/new", "home"]) assert.equal(await modeOf(path), 0o700);
    for (const path of ["old/new/file", "home/guard"]) assert.equal(await modeOf(path), 0o600);
  }));
