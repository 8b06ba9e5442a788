import assert from "node:assert/strict";
import { entryPath, isBelow, safeName, splitPath, trimSeparators } from "./path.ts";

Deno.test("separators at the end of a folder do not count", () => {
  assert.deepEqual(["/a/b//", "/a", "/", "//"].map(trimSeparators), ["/a/b", "/a", "/", "/"]);
});

Deno.test("an entry of the root folder has one separator", () => {
  assert.equal(entryPath("/", "a"), "/a");
  assert.equal(entryPath("/a", "b"), "/a/b");
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

const UUID = "6a2cd8cd-ba2a-4a3c-a5f5-0b6f1b7c3d11";

Deno.test("a UUID is a safe name", () => {
  assert.equal(safeName("scan id", UUID), UUID);
});

for (
  const name of [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "a\\b",
    ".hidden",
    "a\0",
    "a\n",
    "-rf",
    "x".repeat(129),
    "a.b",
    "é",
  ]
) {
  Deno.test(`${JSON.stringify(name.slice(0, 20))} is no safe name`, () => {
    assert.throws(() => safeName("scan id", name), {
      code: "name-not-safe",
      message: /^name a file by the scan id ".*": it should be made of letters, digits, "-" and "_"$/,
    });
  });
}
