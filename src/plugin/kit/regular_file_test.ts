import assert from "node:assert/strict";
import { Pace } from "./pace.ts";
import { findRegularFile, MAX_FILE_BYTES, readRegularFile, RegularFile } from "./regular_file.ts";
import { beforeOpening, temporaryFolder } from "./testing/files.ts";

Deno.test("a file is read to its end, also an empty one", async () => {
  await using folder = await temporaryFolder();
  for (const size of [0, 1, 65_536, 3_000_001]) {
    const content = new Uint8Array(size).map((_, index) => index * 31);
    await Deno.writeFile(`${folder.path}/file`, content);
    assert.deepEqual(await readRegularFile(`${folder.path}/file`), content);
  }
});

Deno.test({
  name: "a file that is longer than its size says is read to its end",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const content = await readRegularFile("/proc/self/status");
    assert.match(new TextDecoder().decode(content), /\nnonvoluntary_ctxt_switches:\s+\d+\n$/);
  },
});

Deno.test("a link is not read, wherever it leads", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/file`, "content");
  await Deno.symlink(`${folder.path}/file`, `${folder.path}/link`);
  await assert.rejects(readRegularFile(`${folder.path}/link`), {
    code: "file-not-regular",
    message: `read "${folder.path}/link": must be a regular file, got a symbolic link`,
  });
});

for (const [where, pace] of [["at once", new Pace()], ["on threads", new Pace(Infinity)]] as const) {
  Deno.test(`a file that becomes a link between looking and opening ${where} is not read`, async () => {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(`${folder.path}/file`, "content");
    await Deno.writeTextFile(`${folder.path}/secret`, "secret");
    using _ = beforeOpening((path) => {
      Deno.removeSync(path);
      Deno.symlinkSync(`${folder.path}/secret`, path);
    });
    await assert.rejects(RegularFile.open(`${folder.path}/file`, { pace }), {
      code: "file-not-regular",
      message: /: must be the file that was found, got another$/,
    });
  });

  Deno.test({
    name: `a file that becomes a pipe between looking and opening ${where} is not waited for`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using folder = await temporaryFolder();
      await Deno.writeTextFile(`${folder.path}/file`, "content");
      await new Deno.Command("mkfifo", { args: [`${folder.path}/pipe`] }).output();
      using _ = beforeOpening((path) => Deno.renameSync(`${folder.path}/pipe`, path));
      await assert.rejects(RegularFile.open(`${folder.path}/file`, { pace }), {
        code: "file-not-regular",
        message: /: must be the file that was found, got another$/,
      });
    },
  });

  Deno.test(`a file of several reads is whole when it is read ${where}`, async () => {
    await using folder = await temporaryFolder();
    const content = new Uint8Array(70_000).map((_, index) => index * 31);
    await Deno.writeFile(`${folder.path}/file`, content);
    using file = await RegularFile.open(`${folder.path}/file`, { pace });
    await Deno.writeFile(`${folder.path}/file`, content, { append: true });
    assert.deepEqual(await file.readToEnd(), new Uint8Array([...content, ...content]));
  });
}

Deno.test("a folder and a device are not read", async () => {
  await using folder = await temporaryFolder();
  await assert.rejects(readRegularFile(folder.path), {
    code: "file-not-regular",
    message: /: must be a regular file, got a folder$/,
  });
  if (Deno.build.os !== "windows") {
    await assert.rejects(readRegularFile("/dev/zero"), {
      code: "file-not-regular",
      message: /: must be a regular file, got a device, pipe or socket$/,
    });
  }
});

Deno.test("a file above the limit is not read", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/sparse`, "");
  await Deno.truncate(`${folder.path}/sparse`, MAX_FILE_BYTES + 1);
  await assert.rejects(readRegularFile(`${folder.path}/sparse`), {
    code: "file-too-large",
    message: `read "${folder.path}/sparse": must have at most 1073741824 bytes, got 1073741825`,
  });
});

Deno.test("a file is read in parts that are its content together", async () => {
  await using folder = await temporaryFolder();
  for (const size of [0, 1, 262_144, 600_001]) {
    const content = new Uint8Array(size).map((_, index) => index * 31);
    await Deno.writeFile(`${folder.path}/file`, content);
    using file = await RegularFile.open(`${folder.path}/file`);
    const read: Uint8Array[] = [];
    for await (const chunk of file.chunks()) read.push(chunk.slice());
    assert.deepEqual(
      new Uint8Array(await new Blob(read as Uint8Array<ArrayBuffer>[]).arrayBuffer()),
      content,
    );
  }
});

Deno.test("a file that was found is opened only as long as it is the same", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/file`;
  await Deno.writeTextFile(path, "one");
  const found = await findRegularFile(path);
  {
    using file = await RegularFile.openFound(path, found);
    assert.equal((await file!.stat()).size, 3);
  }
  await Deno.writeTextFile(`${folder.path}/other`, "other");
  await Deno.rename(`${folder.path}/other`, path);
  assert.equal(await RegularFile.openFound(path, found), undefined);
});
