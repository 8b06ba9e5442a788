import assert from "node:assert/strict";
import { loadSevenZip } from "./mod.ts";
import { fixture, joined, text, utf8 } from "./testing/archives.ts";

const sevenZip = await loadSevenZip();
const HELLO = "hello world\n";
const NUMBERS = Array.from({ length: 300 }, (_, index) => `${index + 1}\n`).join("");
const THREE = { "a.txt": HELLO, "b.txt": NUMBERS, "d/c.txt": "deep\n" };

/** The fixture, unpacked once when it is stored in gzip. */
function archive(name: string): Uint8Array {
  const stored = fixture(name);
  if (!/\.(?:iso|squashfs|img|rpm|msi|tar)\.gz$/.test(name)) return stored;
  return sevenZip.extract(stored).files[0]!.content;
}

const CASES: readonly (readonly [fixture: string, format: string, contents: Record<string, string>])[] = [
  ["solid.7z", "7z", THREE],
  ["deflate.zip", "zip", THREE],
  ["streamed.zip", "zip", { "b.txt": NUMBERS }],
  ["stored.rar", "Rar5", { "a.txt": HELLO, "../../up.txt": "up\n" }],
  ["mszip.cab", "Cab", { "a.txt": HELLO, "b.txt": NUMBERS }],
  ["plain.a", "Ar", { "a.txt": HELLO, "b.txt": NUMBERS }],
  ["newc.cpio", "Cpio", { "a.txt": HELLO, "d/c.txt": "deep\n" }],
  ["a.arj", "Arj", { "a.txt": HELLO, "b.txt": NUMBERS }],
  ["a.lzh", "Lzh", { "a.txt": HELLO }],
  ["d.wim", "wim", { "c.txt": "deep\n" }],
  ["d.squashfs.gz", "SquashFS", { "c.txt": "deep\n" }],
  ["small.iso.gz", "Iso", { "a.txt": HELLO, "c.txt": "deep\n" }],
  ["fat.img.gz", "FAT", { "A.TXT": HELLO }],
  ["links.tar.gz", "tar", { "a.txt": HELLO, "d/c.txt": "deep\n" }],
  ["named.gz", "gzip", { "a.txt": HELLO }],
];

for (const [name, format, contents] of CASES) {
  Deno.test(`${name} is unpacked as ${format}`, () => {
    const extraction = sevenZip.extract(archive(name));
    assert.equal(extraction.format, format);
    assert.deepEqual(extraction.problems, []);
    const found = Object.fromEntries(extraction.files.map((file) => [file.path, text(file.content)]));
    assert.deepEqual(found, contents);
  });
}

for (
  const [name, format] of [["nameless.gz", "gzip"], ["a.bz2", "bzip2"], ["a.xz", "xz"], ["a.zst", "zstd"], [
    "a.lzma",
    "lzma",
  ]] as const
) {
  Deno.test(`${name} gives its one content, which has no name`, () => {
    const { files, ...extraction } = sevenZip.extract(fixture(name));
    assert.equal(extraction.format, format);
    assert.deepEqual(extraction.problems, []);
    assert.deepEqual(files.map((file) => [file.path, text(file.content), file.entryIndex]), [[
      undefined,
      HELLO,
      0,
    ]]);
  });
}

Deno.test("a .Z file gives its content", () => {
  const { format, files } = sevenZip.extract(fixture("b.Z"));
  assert.deepEqual([format, files.map((file) => text(file.content))], ["Z", [NUMBERS]]);
});

Deno.test("of a package in several layers the outermost is unpacked, all of it", () => {
  const paths = (name: string) => sevenZip.extract(archive(name)).files.map((file) => file.path);
  assert.deepEqual(paths("t.deb"), ["control.tar.xz", "data.tar.xz"]);
  assert.match(paths("t.rpm.gz").join(), /^t-1-1\.noarch\.cpio/);
  const ofInstaller = sevenZip.extract(archive("t.msi.gz"));
  assert.equal(ofInstaller.format, "Msi");
  const inside = ofInstaller.files.map((file) => file.path);
  assert.ok(inside.includes("product.cab") && inside.includes("!Property"), inside.join());
});

Deno.test("an archive after other data is found, with its place", () => {
  const { format, archive, files } = sevenZip.extract(joined(utf8("x".repeat(777)), fixture("solid.7z")));
  assert.deepEqual([format, archive?.offset, files.length], ["7z", 777, 3]);
});

Deno.test("data after an archive is measured", () => {
  const { archive, problems } = sevenZip.extract(joined(fixture("deflate.zip"), utf8("tail")));
  assert.equal(archive?.tailBytes, 4);
  assert.deepEqual(archive?.remarks, ["There are data after the end of archive"]);
  assert.deepEqual(problems, []);
});

Deno.test("a format that is excluded is not opened", () => {
  const kinds = (options: Parameters<typeof sevenZip.extract>[1]) =>
    sevenZip.extract(fixture("solid.7z"), options).problems.map((problem) => problem.kind);
  assert.deepEqual(kinds({ excludedFormats: ["7z"] }), ["not-an-archive"]);
  assert.deepEqual(kinds({ formats: ["zip", "tar"] }), ["not-an-archive"]);
  assert.deepEqual(kinds({ formats: ["7Z"] }), []);
});

Deno.test("an installer is told from a document", () => {
  const installer = archive("t.msi.gz");
  assert.equal(sevenZip.extract(installer, { excludedFormats: ["Compound"] }).format, "Msi");
  assert.equal(sevenZip.extract(installer, { formats: ["Compound"] }).format, undefined);
  // What is embedded is still found.
  assert.equal(sevenZip.extract(installer, { excludedFormats: ["Msi", "Compound"] }).format, "Cab");
});

Deno.test("the listing describes the entries", () => {
  const { entries, entryCount } = sevenZip.extract(fixture("deflate.zip"));
  assert.equal(entryCount, 4);
  const [first] = entries;
  assert.deepEqual(first, {
    path: "a.txt",
    kind: "file",
    sizeBytes: 12,
    packedBytes: 12,
    isEncrypted: false,
    method: "Store",
    modified: "2024-03-24 10:27:12",
    crc32: "AF083B2D",
    hostSystem: "Unix",
    comment: undefined,
    linkTarget: undefined,
  });
  assert.deepEqual(entries.map((entry) => entry.kind), ["file", "file", "directory", "file"]);
});

Deno.test("calls do not influence each other", () => {
  const once = sevenZip.extract(fixture("deflate.zip"));
  sevenZip.extract(fixture("deflate.zip").slice(0, 300));
  sevenZip.extract(fixture("encrypted.7z"));
  assert.deepEqual(sevenZip.extract(fixture("deflate.zip")), once);
});
