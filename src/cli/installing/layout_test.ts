import assert from "node:assert/strict";
import { collidingPaths, isPlainPath, relativeSpecifier, storedPath } from "./layout.ts";

const BASE = "https://h.example/x/";
const SHA = "0123456789abcdef".repeat(4);
const stored = (url: string, extension = ".ts") => storedPath(BASE, url, extension, SHA);

Deno.test("a plugin's own files keep their paths, all others are named by their digest", () => {
  assert.equal(stored(`${BASE}mod.ts`), "mod.ts");
  assert.equal(stored(`${BASE}a-b/c_d@1.ts`), "a-b/c_d@1.ts");
  const named = (name: string) => `_stoq/files/${SHA.slice(0, 32)}-${name}`;
  assert.equal(stored("https://h.example/y/a.js"), named("a.js"));
  assert.equal(stored(`${BASE}a.ts?v=1`), named("a.ts"));
  assert.equal(stored(`${BASE}a`), named("a.ts"));
  assert.equal(stored(`${BASE}with%20space.ts`), named("file.ts"));
  assert.equal(stored(`${BASE}.hidden/a.ts`), named("a.ts"));
  assert.equal(stored(`${BASE}CON.ts`), named("file.ts"));
  assert.equal(stored(`${BASE}_stoq/api/plugin/define.ts`), named("define.ts"));
  assert.equal(stored(`${BASE}_STOQ/x.ts`), named("x.ts"));
  assert.equal(stored("https://h.example/", ".js"), named("file.js"));
});

Deno.test("names that some system stores elsewhere are not plain", () => {
  for (
    const path of ["", "a//b", "../a", "a/./b", "a.", "a ", "nul", "Com1.txt", "a:b", "é", "x".repeat(101)]
  ) {
    assert.ok(!isPlainPath(path), path);
  }
});

Deno.test("specifiers lead from any folder to any other", () => {
  assert.equal(relativeSpecifier("mod.ts", "a.ts"), "./a.ts");
  assert.equal(relativeSpecifier("a/b/c.ts", "a/d.ts"), "../d.ts");
  assert.equal(relativeSpecifier("a/b.ts", "c/d.ts"), "../c/d.ts");
  assert.equal(relativeSpecifier("a/b.ts", "a/b.ts"), "./b.ts");
  assert.equal(relativeSpecifier("a.ts", "a/b.ts"), "./a/b.ts");
});

Deno.test("paths collide where letters' cases don't count", () => {
  assert.deepEqual(collidingPaths(["a/b.ts", "c.ts", "A/B.ts"]), ["a/b.ts", "A/B.ts"]);
  assert.equal(collidingPaths(["a", "b"]), undefined);
});
