import assert from "node:assert/strict";
import {
  joined,
  utf8,
  type ZipEntry as PlannedEntry,
  zipOf,
} from "../../../wasm/seven_zip/testing/archives.ts";
import { checkParser } from "../testing/check_parser.ts";
import { ByteWriter } from "../testing/byte_writer.ts";
import { parseZipDirectory, type ZipDirectory } from "./mod.ts";
import golden from "./testdata/zipfile.json" with { type: "json" };
import { zipAnswer } from "./testing/zip_answer.ts";

const ENTRIES: readonly PlannedEntry[] = [
  { name: "a.txt", data: utf8("first") },
  { name: "b/ü.txt", data: utf8("second"), comment: "a note" },
];
const PLAIN = zipOf(ENTRIES, "for all");

function read(content: Uint8Array): ZipDirectory {
  const directory = parseZipDirectory(content);
  assert.ok(directory);
  return directory;
}

function codesOf(directory: ZipDirectory): string[] {
  return directory.damages.map(({ code }) => code);
}

/** A copy with 32-bit numbers written at offsets. */
function patched(
  content: Uint8Array,
  ...numbers: readonly (readonly [offset: number, value: number])[]
): Uint8Array {
  const copy = content.slice();
  for (const [offset, value] of numbers) new DataView(copy.buffer).setUint32(offset, value, true);
  return copy;
}

/** An empty stored entry whose numbers are in zip64 fields, with zip64 end record and locator. */
function zip64(): Uint8Array {
  const zip = new ByteWriter(0);
  const extra = (...values: number[]) => {
    zip.numbers(2, 1, 8 * values.length);
    zip.numbers(8, ...values);
  };
  zip.numbers(4, 0x0403_4b50);
  zip.numbers(2, 45, 0, 0, 0, 0x5821);
  zip.numbers(4, 0, 0xffff_ffff, 0xffff_ffff);
  zip.numbers(2, 1, 20);
  zip.raw(utf8("x"));
  extra(0, 0);
  const directory = zip.numbers(4, 0x0201_4b50);
  zip.numbers(2, 45, 45, 0, 0, 0, 0x5821);
  zip.numbers(4, 0, 0xffff_ffff, 0xffff_ffff);
  zip.numbers(2, 1, 28, 0, 0, 0);
  zip.numbers(4, 0, 0xffff_ffff);
  zip.raw(utf8("x"));
  extra(0, 0, 0);
  const end = zip.numbers(4, 0x0606_4b50);
  zip.numbers(8, 44);
  zip.numbers(2, 45, 45);
  zip.numbers(4, 0, 0);
  zip.numbers(8, 1, 1, end - directory, directory);
  zip.numbers(4, 0x0706_4b50, 0);
  zip.numbers(8, end);
  zip.numbers(4, 1, 0x0605_4b50);
  zip.numbers(2, 0, 0, 0xffff, 0xffff);
  zip.numbers(4, 0xffff_ffff, 0xffff_ffff);
  zip.numbers(2, 0);
  return zip.bytes();
}

/** Zips that Python's zipfile wrote. */
const WRITTEN = Object.keys(golden.files).map((name) =>
  [name, Deno.readFileSync(new URL(`./testdata/${name}`, import.meta.url))] as const
);

checkParser(Deno.test, "zip_directory", parseZipDirectory, {
  PLAIN,
  "behind other data": joined(new Uint8Array(50).fill(0x50), PLAIN, utf8("tail")),
  zip64: zip64(),
  twice: joined(PLAIN, PLAIN),
  ...Object.fromEntries(WRITTEN),
});

for (const [name, content] of WRITTEN) {
  Deno.test(`zip_directory: ${name} is what zipfile of Python ${golden.version} says, without damage`, () => {
    assert.deepEqual(zipAnswer(content), golden.files[name as keyof typeof golden.files]);
    const { damages, overlaps, hiddenHeaders, entries } = read(content);
    assert.deepEqual([damages, overlaps, hiddenHeaders], [[], [], []]);
    assert.deepEqual(entries.flatMap(({ disagreements }) => disagreements), []);
  });
}

Deno.test("zip_directory: entries have names, sizes, times and places", () => {
  const directory = read(PLAIN);
  assert.deepEqual(directory.damages, []);
  assert.equal(directory.end!.comment, "for all");
  assert.deepEqual(
    directory.entries.map(({ name, sizeBytes, modified, comment, localOffset }) => ({
      ...{ name, sizeBytes, modified, comment, localOffset },
    })),
    [
      { name: "a.txt", sizeBytes: 5, modified: "2024-01-01T00:00:00", comment: "", localOffset: 0 },
      { name: "b/ü.txt", sizeBytes: 6, modified: "2024-01-01T00:00:00", comment: "a note", localOffset: 40 },
    ],
  );
  assert.equal(directory.entries[1]!.local!.dataOffset, 40 + 30 + 8);
});

Deno.test("zip_directory: data before and behind the zip is measured, and offsets are shifted", () => {
  const { entries, shift, prefixBytes, suffixBytes, damages } = read(
    joined(new Uint8Array(7), PLAIN, utf8("tail")),
  );
  assert.deepEqual([shift, prefixBytes, suffixBytes, damages], [7, 7, 4, []]);
  assert.equal(entries[1]!.local!.name, "b/ü.txt");
});

Deno.test("zip_directory: the end record with a directory before it is taken, others are listed", () => {
  const fake = utf8("PK\x05\x06" + "\0".repeat(10) + "\x01\0\0\0" + "\0\0\0\0");
  const { end, otherEnds, entries } = read(zipOf(ENTRIES, new TextDecoder().decode(fake)));
  assert.equal(entries.length, 2);
  assert.deepEqual(otherEnds, [end!.offset + 22]);
});

Deno.test("zip_directory: headers that disagree are recorded field by field", () => {
  const local = zipOf([{ name: "a.txt", data: utf8("first") }]);
  const directoryAt = 30 + 5 + 5;
  const lying = patched(local, [directoryAt + 24, 99]);
  lying.set(utf8("z.exe"), directoryAt + 46);
  lying[directoryAt + 10] = 8;
  assert.deepEqual(read(lying).entries[0]!.disagreements, [
    { field: "method", central: 8, local: 0 },
    { field: "sizeBytes", central: 99, local: 5 },
    { field: "name", central: "z.exe", local: "a.txt" },
  ]);
});

Deno.test("zip_directory: sizes behind the data are no disagreement", () => {
  const zip = zipOf([{ name: "a", data: utf8("x") }]);
  const directoryAt = 30 + 1 + 1;
  for (const flags of [6, directoryAt + 8]) zip[flags] = 8;
  const { entries } = read(patched(zip, [14, 0], [18, 0], [22, 0]));
  assert.ok(entries[0]!.hasDescriptor);
  assert.deepEqual(entries[0]!.disagreements, []);
});

Deno.test("zip_directory: encryption is what the flags and the AES field say", () => {
  const zip = zipOf([{ name: "a" }]);
  zip[30 + 1 + 8] = 0x41;
  const [entry] = read(zip).entries;
  assert.deepEqual([entry!.isEncrypted, entry!.hasStrongEncryption, entry!.aes], [true, true, undefined]);
});

Deno.test("zip_directory: entries that share bytes are found", () => {
  const { overlaps } = read(
    zipOf([{ name: "a", data: utf8("data") }, { name: "b", offset: 0 }, { name: "c" }]),
  );
  assert.deepEqual(overlaps, [{ first: 0, second: 1, sizeBytes: 31 }]);
});

Deno.test("zip_directory: a local header without an entry is hidden", () => {
  const [hidden, visible] = [zipOf([{ name: "hidden" }]).subarray(0, 36), zipOf([{ name: "seen" }])];
  const { hiddenHeaders, entries } = read(joined(hidden, visible));
  assert.deepEqual(hiddenHeaders.map(({ name, offset }) => [name, offset]), [["hidden", 0]]);
  assert.equal(entries[0]!.local!.name, "seen");
});

Deno.test("zip_directory: a zip that was cut off shows its local headers", () => {
  const { entries, hiddenHeaders, end, damages } = read(PLAIN.subarray(0, 90));
  assert.deepEqual([entries, end], [[], undefined]);
  assert.deepEqual(hiddenHeaders.map(({ name }) => name), ["a.txt", "b/ü.txt"]);
  assert.deepEqual(damages.map(({ code }) => code), ["no-end-record"]);
});

Deno.test("zip_directory: zip64 numbers replace the others", () => {
  const { end, entries, damages, otherEnds } = read(zip64());
  assert.deepEqual([damages, otherEnds, end!.entryCount], [[], [], 1]);
  assert.deepEqual([entries[0]!.sizeBytes, entries[0]!.localOffset, entries[0]!.disagreements], [0, 0, []]);
});

Deno.test("zip_directory: counts and places that lie are damage", () => {
  const endAt = PLAIN.length - 22 - 7;
  assert.deepEqual(codesOf(read(patched(PLAIN, [endAt + 8, 9 << 16 | 9]))), ["bad-entry-count"]);
  assert.deepEqual(codesOf(read(patched(PLAIN, [endAt + 12, 5]))), ["bad-directory"]);
  assert.deepEqual(codesOf(read(patched(PLAIN, [endAt + 12, 5], [endAt + 16, 5]))), ["bad-directory"]);
  assert.deepEqual(codesOf(read(zipOf([{ name: "a", offset: 500 }]))), ["bad-local-header"]);
});

Deno.test("zip_directory: names are code page 437 unless a flag says UTF-8", () => {
  const zip = zipOf([{ name: Uint8Array.of(0x81) }]);
  zip.set([0, 0], 30 + 1 + 8);
  assert.equal(read(zip).entries[0]!.name, "ü");
});
