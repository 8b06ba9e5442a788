import assert from "node:assert/strict";
import { MemoryFiles } from "../host/testing/memory_files.ts";
import { findFileWords } from "./file_words.ts";

const NAMES = ["--isolation=none", "-aevil", "-a", "-", "-x\u001b[2J", "--plugin-dir=./p", "plain"];
const FILES = new MemoryFiles(Object.fromEntries(NAMES.map((name) => [`/work/${name}`, "x"])));

Deno.test("every word before -- that begins with - and names an entry is a problem, once", async () => {
  assert.deepEqual(await findFileWords(FILES, [...NAMES, "-aevil", "-ahash", "--", "-", "-aevil"]), [
    '"--isolation=none" is a file: write ./--isolation=none, or put -- before the files',
    '"-aevil" is a file: write ./-aevil, or put -- before the files',
    '"-a" is a file: write ./-a, or put -- before the files',
    '"-" is a file: write ./-, or put -- before the files',
    '"-x\\x1b[2J" is a file: write ./-x\\x1b[2J, or put -- before the files',
    '"--plugin-dir=./p" is a file: write ./--plugin-dir=./p, or put -- before the files',
  ]);
});

Deno.test("a file called -- may be the -- of the command line, unless there are two", async () => {
  const files = new MemoryFiles({ "/work/--": "x" });
  assert.deepEqual(await findFileWords(files, ["--", "a"]), [
    '"--" is a file: write ./-- to scan it, or write -- twice before the files',
  ]);
  assert.deepEqual(await findFileWords(files, ["--", "--", "a"]), []);
  assert.deepEqual(await findFileWords(FILES, ["--", "a"]), []);
});

Deno.test("a short flag that names a file is a flag where the file is named behind --", async () => {
  const files = new MemoryFiles({ "/work/-a": "x", "/work/-ahash": "x", "/work/--isolation": "x" });
  assert.deepEqual(await findFileWords(files, ["-a", "hash", "--", "-a", "b"]), []);
  assert.equal((await findFileWords(files, ["-a", "hash", "--", "b"])).length, 1);
  assert.equal(
    (await findFileWords(files, ["-ahash", "--isolation", "--", "-ahash", "--isolation"])).length,
    2,
  );
});

Deno.test("a flag whose bytes were no UTF-8 may be the name of a file", async () => {
  assert.deepEqual(
    await findFileWords(new MemoryFiles({}), ["--plugin-dir=.p\ufffd", "x\ufffd", "--", "-\ufffd"]),
    [
      '"--plugin-dir=.p\ufffd" is not UTF-8, so it may be the name of a file: put -- before the files',
    ],
  );
});

Deno.test("what can't be looked up may be a file", async () => {
  const files = new MemoryFiles({});
  files.hasEntry = () => Promise.reject(new Error("loop"));
  assert.deepEqual(await findFileWords(files, ["-a"]), [
    '"-a" may be a file: loop; put -- before the files',
  ]);
});
