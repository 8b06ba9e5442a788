import assert from "node:assert/strict";
import type { Budget } from "../bytes/mod.ts";
import { checkParser } from "../testing/check_parser.ts";
import { findEntry, isOle, type OleFile, parseOle, pathOf, readStream } from "./mod.ts";
import golden from "./testdata/olefile.json" with { type: "json" };
import { oleAnswers } from "./testing/ole_answers.ts";
import { buildOle } from "./testing/ole_builder.ts";
import { OLE_SAMPLES } from "./testing/ole_samples.ts";

/** Everything that can be read of a file. */
function parseAll(content: Uint8Array, budget?: Budget) {
  const file = parseOle(content, budget);
  return file && { file, streams: file.entries.map((entry) => readStream(file, entry)) };
}

checkParser(Deno.test, "ole", parseAll, {
  ...OLE_SAMPLES,
  "difat.ole": buildOle({ entries: [{ name: "a", data: new Uint8Array(5_000) }], hasDifat: true }),
});

function read(content: Uint8Array): OleFile {
  const file = parseOle(content);
  assert.ok(file);
  return file;
}

function codesOf({ damages }: { readonly damages: readonly { readonly code: string }[] }): string[] {
  return damages.map(({ code }) => code);
}

/** A file with one stream of 5,000 bytes, ten sectors from number 0 on, and its FAT. */
function simple(): {
  content: Uint8Array<ArrayBuffer>;
  view: DataView;
  fatOffset: number;
  entryOffset: number;
} {
  const content = buildOle({ entries: [{ name: "a", data: new Uint8Array(5_000).fill(7) }] });
  const view = new DataView(content.buffer);
  const place = (sector: number) => (sector + 1) * 512;
  const entryOffset = place(view.getUint32(48, true)) + 128;
  return { content, view, fatOffset: place(view.getUint32(76, true)), entryOffset };
}

for (const [name, expected] of Object.entries(golden.files)) {
  if ("error" in expected) continue;
  Deno.test(`ole: ${name} is what olefile ${golden.version} says`, async () => {
    const file = read(OLE_SAMPLES[name]!);
    assert.deepEqual(await oleAnswers(file), expected);
    assert.deepEqual(file.damages, []);
  });
}

Deno.test("ole: entries are in the order of the tree, orphans behind them", () => {
  const file = read(OLE_SAMPLES["orphans.ole"]!);
  assert.deepEqual(file.entries.map((entry) => [pathOf(entry).join("/"), entry.isOrphan]), [
    ["\x05SummaryInformation", false],
    ["Macros", false],
    ["Macros/PROJECT", false],
    ["WordDocument", false],
    ["Übergröße", false],
    ["Empty", true],
    ["VBA", true],
    ["dir", true],
    ["_VBA_PROJECT", true],
  ]);
  const orphan = file.entries.find(({ name }) => name === "dir")!;
  assert.equal(readStream(file, orphan).content.length, 70);
});

Deno.test("ole: an entry is found by its path in any case", () => {
  const file = read(OLE_SAMPLES["version4.ole"]!);
  assert.equal(findEntry(file, ["macros", "vba", "DIR"])!.sizeBytes, 70);
  assert.equal(findEntry(file, ["dir"]), undefined);
  assert.equal(findEntry(file, ["Macros", "VBA"])!.clsid, "{00020906-0000-0000-C000-000000000046}");
});

Deno.test("ole: the FAT is found through the DIFAT", () => {
  const file = read(
    buildOle({ entries: [{ name: "a", data: new Uint8Array(5_000).fill(1) }], hasDifat: true }),
  );
  assert.deepEqual(file.damages, []);
  assert.equal(readStream(file, file.entries[0]!).content.length, 5_000);
});

Deno.test("ole: a chain that returns to itself is read once", () => {
  const { content, view, fatOffset } = simple();
  view.setUint32(fatOffset + 4 * 3, 1, true);
  const file = read(content);
  const stream = readStream(file, file.entries[0]!);
  assert.equal(stream.content.length, 4 * 512);
  assert.deepEqual(stream.damages.map(({ code, offset }) => [code, offset]).slice(0, 1), [
    ["chain-cycle", fatOffset + 12],
  ]);
  assert.deepEqual(codesOf(stream), ["chain-cycle", "stream-cut"]);
});

Deno.test("ole: a chain that leads nowhere keeps what came before", () => {
  for (const next of [0xffff_ffff, 0x7fff_ffff]) {
    const { content, view, fatOffset } = simple();
    view.setUint32(fatOffset + 4 * 3, next, true);
    const file = read(content);
    const stream = readStream(file, file.entries[0]!);
    assert.ok(stream.content.length === 4 * 512);
    assert.deepEqual(codesOf(stream).slice(-1), ["stream-cut"]);
  }
});

Deno.test("ole: a stream that is larger than its chain is cut, and costs no more than the file", () => {
  const { content, view, entryOffset } = simple();
  view.setUint32(entryOffset + 120, 0xffff_0000, true);
  const file = read(content);
  const stream = readStream(file, file.entries[0]!);
  assert.equal(stream.content.length, 10 * 512);
  assert.deepEqual(codesOf(stream), ["stream-cut"]);
});

Deno.test("ole: a stream in sectors that follow each other is a view of the file", () => {
  const { content } = simple();
  const file = read(content);
  assert.equal(readStream(file, file.entries[0]!).content.buffer, content.buffer);
});

Deno.test("ole: siblings that form a circle are read once", () => {
  const { content, view, entryOffset } = simple();
  view.setUint32(entryOffset + 68, 1, true);
  const file = read(content);
  assert.deepEqual(file.entries.map(({ name }) => name), ["a"]);
  assert.deepEqual(codesOf(file), ["directory-cycle"]);
});

Deno.test("ole: a header that is odd is damage, one that is cut off no file", () => {
  const { content, view } = simple();
  view.setUint16(28, 0xfffd, true);
  view.setUint16(30, 31, true);
  assert.deepEqual(codesOf(read(content)), ["bad-header", "bad-header"]);
  assert.equal(parseOle(content.subarray(0, 511)), undefined);
  assert.ok(isOle(content.subarray(0, 8)) && !isOle(content.subarray(0, 7)));
});
