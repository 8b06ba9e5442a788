import assert from "node:assert/strict";
import { ListingReader, ListingSink, wholeNumber } from "./listing.ts";
import { StopRun } from "./guest_run.ts";
import { utf8 } from "./testing/archives.ts";

function read(pieces: readonly string[], maxEntries = 10) {
  const sink = new ListingSink(maxEntries);
  for (const piece of pieces) sink.print("stdout", utf8(piece));
  return sink.finish();
}

const HEAD = ["--\n", "Path = /x", "\n", "Type = zip", "\n"];

Deno.test("an archive's block gives its keys, errors and warnings", () => {
  const { archive, errors, warnings, layers } = read([
    ...HEAD,
    "ERRORS:\nHeaders Error\nUnconfirmed start of archive\nWARNINGS:\nThere are data after the end\nTail Size = 17\n",
  ]);
  assert.deepEqual([archive.get("Type"), archive.get("Tail Size"), layers], ["zip", "17", 1]);
  assert.deepEqual(errors, ["Headers Error", "Unconfirmed start of archive"]);
  assert.deepEqual(warnings, ["There are data after the end"]);
});

Deno.test("of several layers the outermost is described", () => {
  const inner = [
    "----\n",
    "Path = y",
    "\n",
    "--\n",
    "Type = gzip\nOffset = 5\n",
    "----------\n",
    "Path = z\n",
  ];
  const { archive, layers, entries } = read([...HEAD, ...inner]);
  assert.deepEqual([archive.get("Type"), archive.get("Offset"), layers], ["zip", undefined, 2]);
  assert.deepEqual(entries.map((entry) => entry.path), ["z"]);
});

Deno.test("entries are told apart by empty lines, kept up to a number and counted beyond", () => {
  const entries = [..."abcd"].map((name) => `Path = ${name}\nSize = 1\n\n`);
  const listing = read([...HEAD, "----------\n", ...entries], 2);
  assert.deepEqual(listing.entries.map((entry) => [entry.path, entry.sizeBytes]), [["a", 1], ["b", 1]]);
  assert.equal(listing.entryCount, 4);
});

Deno.test("a separator counts in one piece with its line end, as 7-Zip writes it, and in no other way", () => {
  const forged = ["Comment = ", "\n", "{", "\n", "}", "\n", "----------", "\n", "Path = forged", "\n"];
  const { entries } = read([...HEAD, ...forged, "----------\n", "Path = real\n"]);
  assert.deepEqual(entries.map((entry) => entry.path), ["real"]);
});

Deno.test("what an entry is stands in several places", () => {
  const kindOf = (lines: string) => read([...HEAD, "----------\n", `Path = x\n${lines}\n`]).entries[0]?.kind;
  const cases = {
    "Folder = -": "file",
    "Folder = +": "directory",
    "Attributes = D": "directory",
    "Attributes = DA drwxr-xr-x": "directory",
    "Attributes =  lrwxrwxrwx": "symlink",
    "Attributes = A -rw-r--r--": "file",
    "Mode = prw-r--r--": "special",
    "Mode = brw-r--r--": "special",
    "Symbolic Link = /etc": "symlink",
    "Hard Link = a": "hardlink",
    "Attributes = RHSD": "directory",
  };
  for (const [lines, kind] of Object.entries(cases)) assert.equal(kindOf(lines), kind, lines);
});

Deno.test("values keep what belongs to them", () => {
  const { entries } = read([
    ...HEAD,
    "----------\n",
    "Path =  a = b \nModified = 2024-03-24 10:27:12.0000000\nCRC = \n",
  ]);
  const [entry] = entries;
  assert.deepEqual([entry?.path, entry?.modified, entry?.crc32], [
    " a = b ",
    "2024-03-24 10:27:12",
    undefined,
  ]);
  assert.deepEqual(["12", "", "-1", "1e3", undefined].map(wholeNumber), [
    12,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("a listing that does not end is cut", () => {
  const sink = new ListingSink(1);
  const piece = utf8("x".repeat(1_000_000));
  assert.throws(() => {
    for (let count = 0; count < 65; count++) sink.print("stdout", piece);
  }, StopRun);
});

Deno.test("of a long listing the first entries are kept, those behind are counted, and one that is cut is not there", () => {
  const sink = new ListingSink(10, { keptBytes: 52, readBytes: 100 });
  const print = (piece: string) => sink.print("stdout", utf8(piece));
  print("----------\n");
  print("Path = a\nSize = 1\n\n");
  print("Path = b\nFolder = +\n\n");
  print("Path = c\nSize = 1\n\n");
  print("Path = d\nSize = 1\n\n");
  print("Path = e");
  assert.throws(() => print("\nSize = 1\n\n"), StopRun);
  const { entries, entryCount, fileCount, isCut } = sink.finish();
  assert.deepEqual(entries.map(({ path }) => path), ["a", "b"]);
  assert.deepEqual([entryCount, fileCount, isCut], [4, 3, true]);
});

Deno.test("folders are costly when a path has too many, and when there are many long paths", () => {
  const isCostly = (paths: readonly string[]) => {
    const sink = new ListingSink(10);
    for (const piece of ["----------\n", ...paths.map((path) => `Path = ${path}\n\n`)]) {
      sink.print("stdout", utf8(piece));
    }
    return sink.finish().hasCostlyFolders;
  };
  assert.equal(isCostly(["a/b", "a/".repeat(256)]), false);
  assert.equal(isCostly(["a/b", "a/".repeat(257)]), true);
  assert.equal(isCostly(Array(2000).fill("0123456789abcde/".repeat(250))), true);
});

Deno.test("a reader without lines has found nothing", () => {
  const { archive, entries, layers } = new ListingReader(1).finish();
  assert.deepEqual([archive.size, entries, layers], [0, [], 0]);
});
