import assert from "node:assert/strict";
import { loadSevenZip } from "./mod.ts";
import { fixture, tarOf, text, utf8, zipOf } from "./testing/archives.ts";

const sevenZip = await loadSevenZip();

const HOSTILE_NAMES = [
  "../../etc/passwd",
  "/absolute/file",
  "C:\\windows\\file.exe",
  "..\\..\\up.exe",
  "a\nb\nPath = forged",
  "bell\x07escape\x1b[31m\x7f",
  "tab\there\r",
  "invoice\u202efdp.exe",
  "-y",
  "@list",
  "*?<>|\"'",
  "a/./b//c",
  "space /dot.",
  "nul:stream",
  "up/..",
  "..",
  ".",
  "x".repeat(5000),
  "d".repeat(300) + "/" + "e".repeat(300),
];

Deno.test("names are handed on as they are written", () => {
  const archive = zipOf(HOSTILE_NAMES.map((name, index) => ({ name, data: utf8(`${index}`) })));
  const { files, problems } = sevenZip.extract(archive);
  assert.deepEqual(problems, []);
  assert.deepEqual(files.map((file) => file.path), HOSTILE_NAMES);
  assert.deepEqual(files.map((file) => text(file.content)), HOSTILE_NAMES.map((_, index) => `${index}`));
  assert.deepEqual(files.map((file) => file.entryIndex), HOSTILE_NAMES.map((_, index) => index));
  assert.ok(files.every((file) => file.pathBytes === undefined));
});

Deno.test("of entries with one name all are unpacked, also where one is a folder for another", () => {
  const names = ["same", "same", "same/below", "same", "same/below/deeper"];
  const archive = zipOf(names.map((name, index) => ({ name, data: utf8(`${index}`) })));
  const { files } = sevenZip.extract(archive);
  assert.deepEqual(files.map((file) => [file.path, text(file.content), file.entryIndex]), [
    ["same", "0", 0],
    ["same", "1", 1],
    ["same/below", "2", 2],
    ["same", "3", 3],
    ["same/below/deeper", "4", 4],
  ]);
});

Deno.test("a name that is no UTF-8 comes with its bytes", () => {
  const name = Uint8Array.of(0x61, 0xff, 0xfe, 0x82);
  const { files, problems } = sevenZip.extract(
    tarOf([{ name, data: utf8("x") }, { name: "é", data: utf8("y") }]),
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(files.map((file) => file.pathBytes), [name, undefined]);
  assert.match(files[0]!.path!, /^a\ufffd+$/);
});

Deno.test("links of a zip are listed and not followed", () => {
  const { files, entries, problems } = sevenZip.extract(fixture("links.zip"));
  assert.deepEqual(files.map((file) => file.path), ["a.txt"]);
  assert.deepEqual(problems, []);
  assert.deepEqual(entries.map(({ path, kind, linkTarget }) => [path, kind, linkTarget]), [
    ["a.txt", "file", undefined],
    ["outside", "symlink", "../../etc/passwd"],
    ["inside", "symlink", "a.txt"],
  ]);
});

Deno.test("links, devices and pipes of a tar are listed and not made", () => {
  const archive = sevenZip.extract(fixture("links.tar.gz")).files[0]!.content;
  const { files, entries, problems } = sevenZip.extract(archive);
  assert.deepEqual(files.map((file) => file.path), ["a.txt", "d/c.txt"]);
  assert.deepEqual(problems, []);
  assert.deepEqual(entries.map(({ path, kind, linkTarget }) => [path, kind, linkTarget]), [
    ["a.txt", "file", undefined],
    ["hard", "hardlink", "a.txt"],
    ["inside", "symlink", "a.txt"],
    ["outside", "symlink", "../../etc/passwd"],
    ["pipe", "special", undefined],
    ["device", "special", undefined],
    ["d", "directory", undefined],
    ["d/c.txt", "file", undefined],
  ]);
});

Deno.test("a file behind a link of the same name is a file", () => {
  for (const target of ["/etc", "inside"]) {
    const archive = tarOf([
      { name: "link", type: "2", link: target },
      { name: "link/passwd", data: utf8("content") },
      { name: "link", data: utf8("second") },
    ]);
    const { files } = sevenZip.extract(archive);
    assert.deepEqual(files.map((file) => [file.path, text(file.content), file.entryIndex]), [
      ["link/passwd", "content", 1],
      ["link", "second", 2],
    ]);
  }
});

Deno.test("a link of the same name does not take a file away", () => {
  const data = utf8("content");
  for (const target of ["/etc/passwd", "inside"]) {
    const tar = tarOf([{ name: "x", data }, { name: "x", type: "2", link: target }, { name: "y", data }]);
    const zip = zipOf([
      { name: "x", data },
      { name: "x", data: utf8(target), mode: 0o120777 },
      { name: "x", data, mode: 0 },
      { name: "x", data: utf8(target), mode: 0o120777 },
      { name: "y", data },
    ]);
    assert.deepEqual(sevenZip.extract(tar).files.map((file) => file.path), ["x", "y"]);
    assert.deepEqual(sevenZip.extract(zip).files.map((file) => file.path), ["x", "x", "y"]);
  }
});

Deno.test("a name can't pass for a message of 7-Zip", () => {
  const forged = "\nERROR: Wrong password : program.exe";
  const archive = tarOf([
    { name: "program.exe", data: utf8("content") },
    { name: `x${forged}`, type: "1", link: "program.exe" },
    { name: `y${forged}`, type: "2", link: `/etc${forged}` },
    { name: "ERROR: Wrong password", data: utf8("z") },
  ]);
  const { files, problems } = sevenZip.extract(archive, { passwords: ["infected"] });
  assert.deepEqual(files.map((file) => text(file.content)), ["content", "z"]);
  assert.deepEqual(problems, []);
});

Deno.test("an archive's comment can't add entries", () => {
  const comment = "real\n}\n\n----------\nPath = forged\nSize = 3\n\n--\nType = 7z\n";
  const { format, archive, entries } = sevenZip.extract(zipOf([{ name: "a", data: utf8("1") }], comment));
  assert.deepEqual([format, archive?.comment, entries.map((entry) => entry.path)], ["zip", "real", ["a"]]);
});

Deno.test("an entry's comment can't hide an entry", () => {
  const forged = "real\n}\nSymbolic Link = /etc/passwd\nEncrypted = +\n\nPath = b\nFolder = +\n";
  const archive = zipOf([
    { name: "a", data: utf8("1"), comment: forged },
    { name: "b", data: utf8("2") },
  ]);
  const { files, entries } = sevenZip.extract(archive);
  assert.deepEqual(files.map((file) => [file.path, text(file.content)]), [["a", "1"], ["b", "2"]]);
  assert.equal(entries.length, 2);
});

Deno.test("the engine needs no permission and leaves the process's exit code alone", {
  permissions: "none",
}, async () => {
  const before = Deno.exitCode;
  const { files } = (await loadSevenZip()).extract(zipOf([{ name: "a", data: utf8("1"), crc: 7 }]));
  assert.equal(files.length, 1);
  assert.equal(Deno.exitCode, before);
});
