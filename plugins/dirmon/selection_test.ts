import assert from "node:assert/strict";
import { createSelection, type SelectionOptions } from "./selection.ts";

function selectionOf(options: Partial<SelectionOptions> = {}) {
  return createSelection({ include: [], exclude: [], isRecursive: true, ...options });
}

Deno.test("without globs every file is taken that is neither hidden nor temporary", () => {
  const selection = selectionOf();
  const paths = ["a", "in/a", ".a", "in/.a", "a.tmp", "in/a~"];
  assert.deepEqual(paths.filter((path) => selection.takesFile(path)), ["a", "in/a"]);
});

Deno.test("include names the files that are taken, exclude is stronger", () => {
  const selection = selectionOf({ include: ["*.eml", "in/*"], exclude: ["spam*", "in/x"] });
  const paths = ["a.eml", "a.txt", "in/a", "in/x", "spam.eml", "deep/b.eml"];
  assert.deepEqual(paths.filter((path) => selection.takesFile(path)), ["a.eml", "in/a", "deep/b.eml"]);
});

Deno.test("folders are entered unless hidden, temporary or excluded, even if include matches them", () => {
  const selection = selectionOf({ include: ["*.eml"], exclude: ["old", "/top/*"] });
  const folders = ["in", "in/deep", ".git", "in/.git", "upload.part", "old", "in/old", "top", "top/x"];
  assert.deepEqual(folders.filter((path) => selection.entersFolder(path)), ["in", "in/deep", "top"]);
});

Deno.test("a path is reachable when all folders on the way are entered", () => {
  const selection = selectionOf({ exclude: ["old"] });
  const paths = ["a", "in/a", ".git/a", "in/.git/x/a", "old/a", "in/old/x/a", "x.tmp/a", "in/.a"];
  assert.deepEqual(paths.filter((path) => selection.isReachable(path)), ["a", "in/a"]);
});

Deno.test("without recursion no folder is entered", () => {
  const selection = selectionOf({ isRecursive: false });
  assert.equal(selection.entersFolder("in"), false);
  assert.deepEqual(["a", "in/a"].filter((path) => selection.isReachable(path)), ["a"]);
});

Deno.test("what is left out is neither entered nor taken, the same name elsewhere is", () => {
  const selection = selectionOf({ isLeftOut: (path) => path === "done" || path === "in/log" });
  assert.deepEqual(["done", "in/done", "undone"].filter((path) => selection.entersFolder(path)), [
    "in/done",
    "undone",
  ]);
  assert.deepEqual(["in/log", "log"].filter((path) => selection.takesFile(path)), ["log"]);
  assert.equal(selection.isReachable("done/x/a"), false);
});
