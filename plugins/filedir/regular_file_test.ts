import assert from "node:assert/strict";
import { Pace } from "./pace.ts";
import { MAX_FILE_BYTES, readRegularFile, RegularFile } from "./regular_file.ts";
import { beforeOpening, temporaryFolder } from "./testdata/fixture.ts";

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
    message: `read "${folder.path}/link": it is a symbolic link and should be a regular file`,
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
    await assert.rejects(RegularFile.open(`${folder.path}/file`, pace), {
      code: "file-not-regular",
      message: /: it is another file by now and should be a regular file$/,
    });
  });

  Deno.test(`a file of several reads is whole when it is read ${where}`, async () => {
    await using folder = await temporaryFolder();
    const content = new Uint8Array(70_000).map((_, index) => index * 31);
    await Deno.writeFile(`${folder.path}/file`, content);
    using file = await RegularFile.open(`${folder.path}/file`, pace);
    await Deno.writeFile(`${folder.path}/file`, content, { append: true });
    assert.deepEqual(await file.readToEnd(), new Uint8Array([...content, ...content]));
  });
}

Deno.test("a folder and a device are not read", async () => {
  await using folder = await temporaryFolder();
  await assert.rejects(readRegularFile(folder.path), {
    code: "file-not-regular",
    message: /: it is a folder and/,
  });
  if (Deno.build.os !== "windows") {
    await assert.rejects(readRegularFile("/dev/zero"), {
      code: "file-not-regular",
      message: /: it is a device, pipe/,
    });
  }
});

Deno.test("a file above the limit is not read", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/sparse`, "");
  await Deno.truncate(`${folder.path}/sparse`, MAX_FILE_BYTES + 1);
  await assert.rejects(readRegularFile(`${folder.path}/sparse`), {
    code: "file-too-large",
    message: `read "${folder.path}/sparse": it has 1073741825 bytes and should have at most 1073741824`,
  });
});
