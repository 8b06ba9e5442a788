import assert from "node:assert/strict";
import { isIgnoredName } from "./ignored_name.ts";

Deno.test("hidden and temporary names are ignored", () => {
  const names = [
    ".hidden",
    ".",
    ".#lock",
    ".mail.eml.swp",
    "mail.eml~",
    "~$report.docx",
    "a.part",
    "a.PARTIAL",
    "a.tmp",
    "A.TMP",
    "setup.exe.crdownload",
    "a.filepart",
    "a.swp",
    "a.swo",
    "a.swx",
  ];
  assert.deepEqual(names.filter((name) => !isIgnoredName(name)), []);
});

Deno.test("names that only look similar are not, and compiled Python is a payload", () => {
  const names = [
    "a",
    "a.",
    "a.tmp.exe",
    "apart",
    "tmp",
    "~a",
    "a~1.doc",
    "a.pyc",
    "part.doc",
    "node_modules",
  ];
  assert.deepEqual(names.filter(isIgnoredName), []);
});
