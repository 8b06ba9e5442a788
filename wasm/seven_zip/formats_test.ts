import assert from "node:assert/strict";
import { sevenZipModule } from "./binary.js";
import {
  DEFAULT_EXCLUDED_FORMATS,
  excludedBy,
  formatOfException,
  formatOfSignature,
  FORMATS,
} from "./formats.ts";
import { runSevenZip } from "./guest_run.ts";
import { fixture, text, utf8 } from "./testing/archives.ts";

Deno.test("the formats are those that 7-Zip names", () => {
  let output = "";
  const sink = {
    createFile: () => ({ write() {}, close() {} }),
    removeFile() {},
    createLink() {},
    print: (_stream: string, chunk: Uint8Array) => void (output += text(chunk)),
  };
  runSevenZip(sevenZipModule, { args: ["i"], input: utf8(""), memoryBytes: 2 ** 26, sink });
  const lines = output.slice(output.indexOf("Formats:"), output.indexOf("Codecs:")).split("\n");
  const columns = lines.map((line) => line.trim().split(/\s+/));
  const named = columns.flatMap(([flags = "", name = ""]) => flags.length > 20 ? [name] : []);
  const byExtensionOnly = ["Base64", "Hash", "Split"];
  assert.deepEqual(
    named.filter((name) => !byExtensionOnly.includes(name)).sort(),
    FORMATS.filter((name) => name !== "Msi").sort(),
  );
});

Deno.test("without a choice the default is left out, with a choice nothing else", () => {
  assert.deepEqual([...excludedBy({})].sort(), [...DEFAULT_EXCLUDED_FORMATS].sort());
  assert.equal(excludedBy({ formats: FORMATS }).size, 0);
  assert.deepEqual([...excludedBy({ formats: ["zip", "PE"] })].length, FORMATS.length - 2);
  assert.deepEqual([...excludedBy({ excludedFormats: ["ZIP"] })], ["zip"]);
  assert.ok(excludedBy({ formats: ["zip", "7z"], excludedFormats: ["zip"] }).has("zip"));
});

Deno.test("an unknown format is refused by name", () => {
  assert.throws(
    () => excludedBy({ formats: ["zipp"] }),
    /Cannot choose format "zipp": it should be one of 7z, APFS/,
  );
});

Deno.test("a C++ exception names the format whose reader threw it", () => {
  assert.equal(formatOfException("N8NArchive3N7z19CInArchiveExceptionE"), "7z");
  assert.equal(formatOfException("N8NArchive4NZip12CUnexpectEndE"), "zip");
  for (const other of ["i", "abort", "16CSystemException", "N8NArchive4NFoo1XE", ""]) {
    assert.equal(formatOfException(other), undefined);
  }
});

Deno.test("a signature names the format of what can't be opened", () => {
  const names = ["solid.7z", "deflate.zip", "stored.rar", "a.xz", "a.zst", "t.deb", "nameless.gz"];
  assert.deepEqual(names.map((name) => formatOfSignature(fixture(name).slice(0, 8))), [
    "7z",
    "zip",
    "Rar5",
    "xz",
    "zstd",
    "Ar",
    "gzip",
  ]);
  assert.equal(formatOfSignature(utf8("PK")), undefined);
  assert.equal(formatOfSignature(new Uint8Array(40_000)), undefined);
});
