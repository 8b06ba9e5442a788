import assert from "node:assert/strict";
import { systemStorage } from "../../src/plugin/kit/mod.ts";
import { listFiles } from "./listing.ts";
import { createSelection } from "./selection.ts";
import { SkipReports } from "./skip_reports.ts";

/** More than fit on the stack as arguments of one call. */
const MANY = 200_000;

Deno.test("a folder may have any number of folders in it", async () => {
  const folder = { isFile: false, isDirectory: true, isSymlink: false };
  const storage = {
    ...systemStorage,
    async *readDir(path: string): AsyncGenerator<Deno.DirEntry> {
      if (path !== "/in") return;
      for (let index = 0; index < MANY; index++) yield { name: `${index}`, ...folder };
      yield { name: "file", isFile: true, isDirectory: false, isSymlink: false };
    },
  };
  const listing = listFiles("", {
    root: "/in",
    selection: createSelection({ include: [], exclude: [], isRecursive: true }),
    skips: new SkipReports({ debug() {}, info() {}, warn() {}, error() {} }),
    storage,
  });
  assert.deepEqual(await listing.next(), { done: false, value: "file" });
  assert.deepEqual(await listing.next(), { done: true, value: true });
});
