import assert from "node:assert/strict";
import { loadSevenZip } from "./mod.ts";
import { deflated, fixture, joined, tarOf, text, utf8, zipOf } from "./testing/archives.ts";

const sevenZip = await loadSevenZip();

Deno.test("what is no archive is said to be none", () => {
  for (
    const content of [new Uint8Array(0), utf8("hello"), new Uint8Array(100_000), utf8("MZ".repeat(5000))]
  ) {
    const extraction = sevenZip.extract(content);
    assert.deepEqual(extraction.problems.map((problem) => problem.kind), ["not-an-archive"]);
    assert.deepEqual([extraction.format, extraction.archive, extraction.files], [undefined, undefined, []]);
  }
});

Deno.test("a 7z without its end is a damaged 7z", () => {
  const { format, files, problems } = sevenZip.extract(fixture("solid.7z").slice(0, 200));
  assert.deepEqual([format, files, problems.map((problem) => problem.kind)], ["7z", [], ["damaged"]]);
});

Deno.test("a 7z whose headers are broken is a damaged 7z", () => {
  const content = fixture("solid.7z");
  for (const fromEnd of [20, 40, 60]) {
    const broken = content.slice();
    broken[broken.length - fromEnd]! ^= 0xff;
    const { format, problems } = sevenZip.extract(broken);
    assert.deepEqual([format, problems.map((problem) => problem.kind)], ["7z", ["damaged"]]);
  }
});

Deno.test("a broken block of a solid 7z spares what comes before", () => {
  const content = fixture("solid.7z");
  content[250]! ^= 0xff;
  const { files, problems } = sevenZip.extract(content);
  assert.deepEqual(files.map((file) => [file.path, file.damage]), [["a.txt", undefined], [
    "b.txt",
    "damaged",
  ]]);
  assert.deepEqual(problems.map(({ kind, entryCount }) => [kind, entryCount]), [["damaged", 2]]);
});

Deno.test("a zip cut in its directory still gives everything", () => {
  const content = fixture("deflate.zip");
  const { files, problems, archive } = sevenZip.extract(content.slice(0, content.length - 100));
  assert.deepEqual(files.map((file) => [file.path, file.damage]), [
    ["a.txt", undefined],
    ["b.txt", undefined],
    ["d/c.txt", undefined],
  ]);
  assert.deepEqual(problems.map((problem) => problem.kind), ["truncated"]);
  assert.deepEqual(archive?.remarks, ["Unexpected end of archive"]);
});

Deno.test("a zip cut in an entry gives the entries before it and the start of that one", async () => {
  const content = zipOf([
    { name: "a", data: utf8("whole") },
    { name: "stored", data: utf8("0123456789".repeat(10)) },
    await deflated("b", utf8("later")),
  ]);
  const { files, problems } = sevenZip.extract(content.slice(0, 100));
  assert.deepEqual(files.map((file) => [file.path, text(file.content), file.damage]), [
    ["a", "whole", undefined],
    ["stored", "0123456789".repeat(10).slice(0, 100 - 36 - 36), "damaged"],
  ]);
  assert.deepEqual(problems.map((problem) => problem.kind), ["truncated", "damaged"]);
});

Deno.test("a streamed zip cut in its entry gives the start of it", () => {
  const content = fixture("streamed.zip");
  const whole = text(sevenZip.extract(content).files[0]?.content);
  const { files, problems } = sevenZip.extract(content.slice(0, 300));
  const [start] = files;
  assert.ok(start !== undefined && start.content.length > 100);
  assert.ok(whole.startsWith(text(start.content).slice(0, 100)));
  assert.deepEqual([start.path, start.damage], ["b.txt", "damaged"]);
  assert.deepEqual(problems.map((problem) => problem.kind), ["truncated", "damaged"]);
});

Deno.test("compressed streams that are cut give their start", () => {
  for (const name of ["nameless.gz", "a.xz", "b.Z"]) {
    const content = fixture(name);
    const { files, problems } = sevenZip.extract(content.slice(0, content.length - 10));
    const worst = problems.map((problem) => problem.kind);
    assert.ok(files.length <= 1 && (name === "b.Z" || worst.length > 0), `${name}: ${worst}`);
  }
});

Deno.test("a wrong checksum is damage, and the content is kept", () => {
  const content = zipOf([{ name: "a", data: utf8("content"), crc: 1 }]);
  const { files, problems } = sevenZip.extract(content);
  assert.deepEqual(files.map((file) => [text(file.content), file.damage]), [["content", "damaged"]]);
  assert.deepEqual(problems, [{
    kind: "damaged",
    detail: "CRC Failed",
    entryCount: 1,
    isEntryCountAtLeast: false,
    firstPath: "a",
    offset: undefined,
  }]);
});

Deno.test("a method that 7-Zip lacks is told from damage", () => {
  const content = zipOf([{ name: "odd", data: utf8("content"), method: 97 }, {
    name: "ok",
    data: utf8("2"),
  }]);
  const { files, problems } = sevenZip.extract(content);
  assert.deepEqual(files.map((file) => file.path), ["ok"]);
  assert.deepEqual(problems.map(({ kind, firstPath }) => [kind, firstPath]), [["unsupported", "odd"]]);
});

Deno.test("an archive behind the broken start of another is still found", () => {
  // 7z's reader breaks off with an exception at this header.
  const broken = fixture("header_encrypted_unpacked.7z");
  const start = new DataView(broken.buffer);
  const at = 32 + Number(start.getBigUint64(12, true));
  broken.fill(0, at, at + 3);
  const { format, files } = sevenZip.extract(joined(broken, fixture("deflate.zip")));
  assert.deepEqual([format, files.length], ["zip", 3]);
});

for (
  const name of ["deflate.zip", "solid.7z", "stored.rar", "mszip.cab", "newc.cpio", "plain.a", "named.gz"]
) {
  Deno.test(`${name} may be cut anywhere`, () => {
    const content = fixture(name);
    const whole = sevenZip.extract(content);
    for (let length = 0; length < content.length; length += 23) {
      const { files, problems, archive } = sevenZip.extract(content.slice(0, length));
      const isNoticed = problems.length > 0 || (archive?.remarks.length ?? 0) > 0;
      assert.ok(isNoticed || files.length === whole.files.length, `at ${length}`);
      for (const file of files) {
        const original = whole.files.find(({ path }) => path === file.path);
        assert.ok(
          file.damage !== undefined || original === undefined || equal(file.content, original.content),
        );
      }
    }
  });
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** The tar with the size field of entry number `index` overwritten, and its checksum made right. */
function withSize(tar: Uint8Array, index: number, size: Uint8Array): Uint8Array {
  const changed = tar.slice();
  const header = changed.subarray(index * 1024, index * 1024 + 512);
  header.set(size, 124);
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(utf8(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return changed;
}

const NEGATIVE = new Uint8Array(12).fill(0xff);
const HUGE = Uint8Array.of(0x80, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0);
const TAR = tarOf(["a", "b", "c"].map((name) => ({ name, data: utf8(name) })));

function damageOf(archive: Uint8Array): unknown[] {
  const { files, problems } = sevenZip.extract(archive);
  return [files.map(({ path }) => path), problems.map(({ kind, offset }) => [kind, offset])];
}

Deno.test("a tar whose first header is broken is damaged at its start, and the others are unpacked", () => {
  assert.deepEqual(damageOf(withSize(TAR, 0, NEGATIVE)), [["b", "c"], [["damaged", 0]]]);
  const changed = TAR.slice();
  changed[0]! ^= 1;
  assert.deepEqual(damageOf(changed), [["b", "c"], [["damaged", 0]]]);
});

Deno.test("a tar with a broken header behind others is damaged where that is", () => {
  assert.deepEqual(damageOf(withSize(TAR, 1, NEGATIVE)), [["a"], [["damaged", 1024]]]);
});

Deno.test("a size beyond 2^62 costs what follows, not what came before", () => {
  assert.deepEqual(damageOf(withSize(TAR, 1, HUGE)), [["a", "b"], [["truncated", TAR.length], [
    "damaged",
    undefined,
  ]]]);
});

Deno.test("entries behind the end of a tar are damage, zeros and other data are not", () => {
  const [first, second] = [tarOf([{ name: "a" }]), tarOf([{ name: "b" }])];
  assert.deepEqual(damageOf(joined(first, second)), [["a"], [["damaged", first.length]]]);
  assert.deepEqual(damageOf(joined(first, new Uint8Array(10_240))), [["a"], []]);
  assert.deepEqual(damageOf(joined(first, utf8("signature ".repeat(100)))), [["a"], []]);
});

Deno.test("a tar with a pax header that can't be read is damaged, and its entries are there", () => {
  const pax = tarOf([{ name: "PaxHeader", type: "x", data: utf8("no record") }, { name: "a" }]);
  assert.deepEqual(damageOf(pax), [["a"], [["damaged", undefined]]]);
});

Deno.test("content of a folder in a zip is damage, and an empty folder is none", () => {
  const { files, problems } = sevenZip.extract(
    zipOf([{ name: "d/", data: utf8("hidden") }, { name: "d/a" }, { name: "e/" }]),
  );
  assert.deepEqual(files.map(({ path }) => path), ["d/a"]);
  assert.deepEqual(problems.map(({ kind, entryCount, firstPath }) => [kind, entryCount, firstPath]), [
    ["damaged", 1, "d"],
  ]);
});

Deno.test("bytes may be wrong anywhere", () => {
  for (const name of ["deflate.zip", "solid.7z", "t.deb", "d.wim", "stored.rar"]) {
    const content = fixture(name);
    for (let at = 0; at < content.length; at += 31) {
      const changed = content.slice();
      changed[at] = changed[at]! ^ (at % 2 === 0 ? 0xff : 0x80);
      assert.doesNotThrow(() => sevenZip.extract(changed), `${name} at ${at}`);
    }
  }
});
