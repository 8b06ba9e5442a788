import assert from "node:assert/strict";
import { entryPath, isBelow, relativeTo, splitPath, splitRelative, trimSeparators } from "./path.ts";

Deno.test("separators at the end of a folder do not count", () => {
  assert.deepEqual(["/a/b//", "/a", "/", "//"].map(trimSeparators), ["/a/b", "/a", "/", "/"]);
});

Deno.test("an entry's path is the folder's path and its name, with one separator", () => {
  assert.equal(entryPath("/", "a"), "/a");
  assert.equal(entryPath("/a", "b"), "/a/b");
  assert.equal(entryPath("/a", ""), "/a");
  assert.equal(entryPath("", "b"), "b");
});

Deno.test("a path is split at its last separator", () => {
  assert.deepEqual(splitPath("/a/b/c.txt"), { folder: "/a/b", name: "c.txt" });
  assert.deepEqual(splitPath("/c"), { folder: "/", name: "c" });
});

Deno.test("a folder that merely begins alike is not the folder", () => {
  assert.equal(isBelow("/x/archive/a", "/x/archive"), true);
  assert.equal(isBelow("/x/archive-of-others/a", "/x/archive"), false);
  assert.equal(isBelow("/x/archive", "/x/archive"), false);
  assert.equal(isBelow("/x", "/x/archive"), false);
  assert.equal(isBelow("/etc", "/"), true);
  assert.equal(isBelow("/", "/"), false);
});

Deno.test("a relative path is split into folder and name", () => {
  assert.deepEqual(splitRelative("a/b/c"), { folder: "a/b", name: "c" });
  assert.deepEqual(splitRelative("c"), { folder: "", name: "c" });
});

Deno.test("a path is relative to a folder only when it is below it", () => {
  assert.equal(relativeTo("/a", "/a/b/c"), "b/c");
  assert.equal(relativeTo("/", "/b/c"), "b/c");
  assert.equal(relativeTo("/a", "/a"), "");
  assert.equal(relativeTo("/a", "/a/"), undefined);
  assert.equal(relativeTo("/a", "/ab/c"), undefined);
  assert.equal(relativeTo("/a/b", "/a"), undefined);
});
