import assert from "node:assert/strict";
import * as nodePath from "node:path";
import { pathToUrl, POSIX, resolvePath, WINDOWS } from "./paths.ts";

Deno.test("POSIX paths resolve as node:path resolves them", () => {
  const parts = ["", ".", "..", "a", "a/../b", "/x//y/", "../../..", "ü #?%", "//net/share"];
  for (const first of parts) {
    for (const second of parts) {
      assert.equal(
        resolvePath(POSIX, "/home/me", first, second),
        nodePath.posix.resolve("/home/me", first, second),
      );
    }
  }
});

Deno.test("Windows paths resolve with drives, shares and both separators", () => {
  assert.equal(resolvePath(WINDOWS, "C:\\work", "a/../b\\c"), "C:\\work\\b\\c");
  assert.equal(resolvePath(WINDOWS, "C:\\work", "D:/x", ".."), "D:\\");
  assert.equal(resolvePath(WINDOWS, "\\\\host\\share\\x", "..\\y"), "\\\\host\\share\\y");
});

Deno.test("paths become URLs that name the same file", () => {
  assert.equal(pathToUrl(POSIX, "/a b/ü#?.ts"), "file:///a%20b/%C3%BC%23%3F.ts");
  assert.equal(pathToUrl(WINDOWS, "C:\\a b\\mod.ts"), "file:///C:/a%20b/mod.ts");
});
