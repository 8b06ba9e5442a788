import assert from "node:assert/strict";
import { MAX_FILE_BYTES, readRegularFile } from "./regular_file.ts";
import { temporaryFolder } from "./testdata/fixture.ts";

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

Deno.test("a file that becomes a link between looking and opening is not read", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/file`, "content");
  await Deno.writeTextFile(`${folder.path}/secret`, "secret");
  using _ = beforeOpening(async (path) => {
    await Deno.remove(path);
    await Deno.symlink(`${folder.path}/secret`, path);
  });
  await assert.rejects(readRegularFile(`${folder.path}/file`), {
    code: "file-not-regular",
    message: /: it is another file by now and should be a regular file$/,
  });
});

/** Acts before each `Deno.open`, until it goes out of scope. */
function beforeOpening(act: (path: string | URL) => Promise<void>): Disposable {
  const { open } = Deno;
  Deno.open = async (path, options) => {
    await act(path);
    return await open(path, options);
  };
  return { [Symbol.dispose]: () => void (Deno.open = open) };
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
