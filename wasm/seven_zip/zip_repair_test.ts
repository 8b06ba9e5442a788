import assert from "node:assert/strict";
import { repairCutZip } from "./zip_repair.ts";
import { fixture, utf8, zipOf } from "./testing/archives.ts";

const sizes = (zip: Uint8Array, at: number) => {
  const view = new DataView(zip.buffer);
  return [view.getUint32(at + 18, true), view.getUint32(at + 22, true)];
};

Deno.test("the entry that was cut claims what is there, and others are not touched", () => {
  // A local header has 30 bytes, a name of 1 and data of 100.
  const data = utf8("0123456789".repeat(10));
  const zip = zipOf([{ name: "a", data }, { name: "b", data }]);
  const cut = zip.slice(0, 131 + 31 + 40);
  const repaired = repairCutZip(cut);
  assert.deepEqual([sizes(repaired, 0), sizes(repaired, 131)], [[100, 100], [40, 40]]);
  assert.ok(repaired.length > cut.length);
  assert.deepEqual(sizes(cut, 131), [100, 100]);
});

Deno.test("a zip inside an entry is not taken for the zip itself", () => {
  const inner = zipOf([{ name: "x", data: utf8("0123456789".repeat(10)) }]);
  const outer = zipOf([{ name: "inner", data: inner }]);
  const innerStart = 30 + 5;
  const repaired = repairCutZip(outer.slice(0, innerStart + 60));
  assert.deepEqual(sizes(repaired, 0), [60, 60]);
  assert.deepEqual(sizes(repaired, innerStart), [100, 100]);
});

Deno.test("an entry whose size was to follow gets a descriptor and a directory", () => {
  const cut = fixture("streamed.zip").slice(0, 300);
  const repaired = repairCutZip(cut);
  const view = new DataView(repaired.buffer);
  assert.deepEqual(repaired.subarray(0, 300), cut);
  assert.equal(view.getUint32(300, true), 0x08074b50);
  assert.equal(view.getUint32(316, true), 0x02014b50);
});

Deno.test("anything may stand where a zip is expected", () => {
  const zip = fixture("streamed.zip");
  const header = zip.slice(0, 30);
  for (
    const content of [
      new Uint8Array(0),
      utf8("PK"),
      utf8("PK\x03\x04"),
      header,
      new Uint8Array(1000).fill(0x50),
    ]
  ) {
    const start = content.subarray(0, 18);
    assert.deepEqual(repairCutZip(content).subarray(0, start.length), start);
  }
  for (let length = 0; length < zip.length; length++) {
    assert.ok(repairCutZip(zip.slice(0, length)).length > length);
  }
});
