import assert from "node:assert/strict";
import { entryPath, relativeTo, splitRelative, trimSeparators } from "./path.ts";

Deno.test("separators at the end of a folder are dropped, the root keeps its own", () => {
  assert.deepEqual(["/a/b//", "/a", "/", "//"].map(trimSeparators), ["/a/b", "/a", "/", "/"]);
});

Deno.test("an entry's path is the folder's path and its name", () => {
  assert.deepEqual([entryPath("/a", "b"), entryPath("/", "b"), entryPath("/a", ""), entryPath("", "b")], [
    "/a/b",
    "/b",
    "/a",
    "b",
  ]);
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
