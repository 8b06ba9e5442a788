import assert from "node:assert/strict";
import { Pace, systemStorage } from "../../src/plugin/kit/mod.ts";
import { SourceGuard } from "./source_guard.ts";
import { beforeOpening, temporaryFolder } from "./testing/fixture.ts";

/** Holds the first `Deno.realPath` back until `fileCount` files are open, and counts the calls. */
function holdingFirstLook(fileCount: number): Disposable & { count: number } {
  const { realPath } = Deno;
  const { open } = systemStorage;
  const areOpen = Promise.withResolvers<void>();
  const looks = {
    count: 0,
    [Symbol.dispose]() {
      Object.assign(Deno, { realPath });
      Object.assign(systemStorage, { open });
    },
  };
  Deno.realPath = async (path) => {
    if (++looks.count === 1) await areOpen.promise;
    return await realPath(path);
  };
  let opened = 0;
  systemStorage.open = async (path, isAtOnce) => {
    const file = await open(path, isAtOnce);
    const stat = file.stat.bind(file);
    file.stat = async () => {
      const info = await stat();
      // In a later turn of the event loop: by then the caller has begun to resolve the folder.
      if (++opened === fileCount) setTimeout(areOpen.resolve);
      return info;
    };
    return file;
  };
  return looks;
}

for (const [where, pace] of [["at once", new Pace()], ["on threads", new Pace(Infinity)]] as const) {
  Deno.test({
    name:
      `a folder that becomes a link on the way out just before a file is opened ${where} is seen, and nothing stays open`,
    sanitizeResources: true,
    async fn() {
      await using source = await temporaryFolder();
      await using outside = await temporaryFolder();
      await Deno.mkdir(`${source.path}/inner`);
      await Deno.writeTextFile(`${outside.path}/file`, "secret");
      // The same file, so that its inode does not differ.
      await Deno.link(`${outside.path}/file`, `${source.path}/inner/file`);
      let isMoved = false;
      using _ = beforeOpening(() => {
        if (isMoved) return;
        isMoved = true;
        Deno.renameSync(`${source.path}/inner`, `${source.path}/moved`);
        Deno.symlinkSync(outside.path, `${source.path}/inner`);
      });
      await assert.rejects(
        new SourceGuard(source.path, pace).open({ folder: `${source.path}/inner`, name: "file" }),
        {
          code: "path-outside-source",
          message:
            `read "${source.path}/inner/file": its real path must be below "${source.path}", got "${outside.path}/file"`,
        },
      );
    },
  });
}

Deno.test("a link that leads out is reported with its target, one that stays inside as a link", async () => {
  await using source = await temporaryFolder();
  await using outside = await temporaryFolder();
  await Deno.writeTextFile(`${outside.path}/secret`, "");
  await Deno.writeTextFile(`${source.path}/file`, "");
  await Deno.symlink(`${outside.path}/secret`, `${source.path}/out`);
  await Deno.symlink(`${source.path}/file`, `${source.path}/in`);
  const guard = new SourceGuard(source.path);
  await assert.rejects(guard.open({ folder: source.path, name: "out" }), { code: "path-outside-source" });
  await assert.rejects(guard.open({ folder: source.path, name: "in" }), { code: "file-not-regular" });
});

Deno.test("files that are opened during a look at their folder share the next one", async () => {
  await using source = await temporaryFolder();
  const names = Array.from({ length: 8 }, (_, index) => `${index}`);
  for (const name of names) await Deno.writeTextFile(`${source.path}/${name}`, name);
  const guard = new SourceGuard(source.path, new Pace(Infinity));
  using looks = holdingFirstLook(names.length);
  const files = await Promise.all(names.map((name) => guard.open({ folder: source.path, name })));
  for (const file of files) file[Symbol.dispose]();
  assert.equal(looks.count, 2);
  using _ = await guard.open({ folder: source.path, name: "0" });
  assert.equal(looks.count, 3);
});
