import assert from "node:assert/strict";
import { DEFAULT_EXCLUDED_FORMATS, type Entry, type Extraction } from "../../wasm/seven_zip/mod.ts";
import manifest from "./manifest.json" with { type: "json" };
import { findingsOf, suspiciousTraits, TRAITS } from "./suspicious.ts";

function entry(path: string, more: Partial<Entry> = {}): Entry {
  return {
    path,
    kind: "file",
    sizeBytes: 0,
    packedBytes: 0,
    isEncrypted: false,
    method: undefined,
    modified: undefined,
    crc32: undefined,
    hostSystem: undefined,
    comment: undefined,
    linkTarget: undefined,
    ...more,
  };
}

function traitsOf(entries: readonly Entry[], files: Extraction["files"] = []): unknown[] {
  const extraction: Extraction = {
    format: "zip",
    archive: undefined,
    entries,
    entryCount: entries.length,
    isEntryCountAtLeast: false,
    files,
    passwords: [],
    problems: [],
  };
  return suspiciousTraits(extraction, new Map()).map(({ trait }) => trait);
}

Deno.test("common names have no traits", () => {
  const names = ["a.txt", "d", "d/b.txt", "..c", "d/e..", "C", "weird: name", "größe 😀"];
  assert.deepEqual(traitsOf(names.map((name) => entry(name))), []);
});

Deno.test("a path that no disk holds is long", () => {
  const deep = (folders: number) => "a/".repeat(folders) + "x";
  assert.deepEqual(traitsOf([entry(deep(256)), entry("x".repeat(4096))]), []);
  for (const name of [deep(257), "x".repeat(4097)]) assert.deepEqual(traitsOf([entry(name)]), ["long-path"]);
});

Deno.test("a name may leave its folder in Unix's way and in Windows's", () => {
  for (const name of ["..", "../a", "a/../b", "..\\a", "a\\..\\b"]) {
    assert.deepEqual(traitsOf([entry(name)]), ["path-traversal"]);
  }
  for (const name of ["/a", "\\\\host\\share", "c:a", "C:\\a"]) {
    assert.deepEqual(traitsOf([entry(name)]), ["absolute-path"]);
  }
});

Deno.test("a link escapes when its target lies above the archive", () => {
  const link = (path: string, linkTarget: string) => traitsOf([entry(path, { kind: "symlink", linkTarget })]);
  for (
    const [path, target] of [["a", "b"], ["d/a", "../b"], ["d/e/a", "../../b"], ["a", "d/../b"], ["a", "./b"]]
  ) {
    assert.deepEqual(link(path!, target!), []);
  }
  for (
    const [path, target] of [["a", "/etc"], ["a", "../b"], ["d/a", "../../b"], ["a", "d/../../b"], [
      "a",
      "C:\\x",
    ]]
  ) {
    assert.deepEqual(link(path!, target!), ["link-escape"]);
  }
});

Deno.test("two folders may have one name, two files may not", () => {
  assert.deepEqual(traitsOf([entry("d", { kind: "directory" }), entry("d", { kind: "directory" })]), []);
  assert.deepEqual(traitsOf([entry("d"), entry("d")]), ["duplicate-path"]);
});

Deno.test("a whole file of another size than declared is a mismatch, a damaged one is not", () => {
  const file = (damage: "damaged" | undefined) => [{
    path: "a",
    pathBytes: undefined,
    content: new Uint8Array(5),
    entryIndex: 0,
    damage,
    password: undefined,
  }];
  const declared = [entry("a", { sizeBytes: 9 })];
  assert.deepEqual(traitsOf(declared, file(undefined)), ["size-mismatch"]);
  assert.deepEqual(traitsOf(declared, file("damaged")), []);
  assert.deepEqual(traitsOf([entry("a", { sizeBytes: undefined })], file(undefined)), []);
});

Deno.test("gzip declares the size of its last part alone, so another size is no finding", () => {
  const traits = [{ trait: "size-mismatch" as const, count: 1, first: "a" }];
  assert.deepEqual(findingsOf(traits, "gzip"), []);
  assert.deepEqual(findingsOf(traits, "zip"), [{ code: "size-mismatch", detail: '"a"' }]);
});

Deno.test("the manifest declares a finding for each trait", () => {
  assert.deepEqual(Object.keys(manifest.findings), TRAITS);
});

Deno.test("the manifest leaves out the formats that the engine leaves out", () => {
  assert.deepEqual(manifest.options.exclude_formats.default, DEFAULT_EXCLUDED_FORMATS);
});
