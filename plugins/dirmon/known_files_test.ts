import assert from "node:assert/strict";
import { KnownFiles, markOf, refusalOf } from "./known_files.ts";

function infoOf(changes: Partial<Deno.FileInfo> = {}): Deno.FileInfo {
  const at = new Date(1000);
  return { dev: 1, ino: 2, size: 3, mtime: at, ctime: at, ...changes } as Deno.FileInfo;
}

Deno.test("a file is known until its size, its modification time or its inode changes", () => {
  const known = new KnownFiles();
  known.remember("a", markOf(infoOf()));
  assert.equal(known.isKnown("a", infoOf()), true);
  assert.equal(known.isKnown("a", infoOf({ ctime: new Date(2000) })), true);
  for (const change of [{ size: 4 }, { mtime: new Date(1001) }, { ino: 3 }, { dev: 2 }]) {
    assert.equal(known.isKnown("a", infoOf(change)), false, JSON.stringify(change));
  }
  assert.equal(known.isKnown("b", infoOf()), false);
});

Deno.test("a refused file is no longer known once its permissions changed", () => {
  const known = new KnownFiles();
  known.remember("a", refusalOf(infoOf()));
  assert.equal(known.isKnown("a", infoOf()), true);
  for (const change of [{ ctime: new Date(2000) }, { mode: 0o644 }, { uid: 1 }, { gid: 1 }]) {
    assert.equal(known.isKnown("a", infoOf(change)), false, JSON.stringify(change));
  }
});

Deno.test("an event that a file has appeared counts only for files taken to be there at the start", () => {
  const known = new KnownFiles();
  known.rememberAtStart("early", infoOf());
  known.remember("delivered", markOf(infoOf()));
  assert.equal(known.isKnown("early", infoOf()), true);
  for (const path of ["early", "delivered", "unknown"]) known.appeared(path);
  assert.equal(known.isKnown("early", infoOf()), false);
  assert.equal(known.isKnown("delivered", infoOf()), true);
});

Deno.test("a scan that saw everything forgets what it did not meet, another one forgets nothing", () => {
  const known = new KnownFiles();
  for (const path of ["a", "b"]) known.remember(path, markOf(infoOf()));
  known.beginListing();
  assert.equal(known.isKnown("a", infoOf()), true);
  known.endListing(false);
  assert.equal(known.size, 2);
  known.beginListing();
  assert.equal(known.isKnown("a", infoOf()), true);
  known.remember("c", markOf(infoOf()));
  known.endListing(true);
  assert.deepEqual(["a", "b", "c"].map((path) => known.isKnown(path, infoOf())), [true, false, true]);
});
