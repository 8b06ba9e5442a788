import assert from "node:assert/strict";
import { type ExtractOptions, loadSevenZip } from "./mod.ts";
import { deflated, fixture, packed, tarOf, text, utf8, zipOf } from "./testing/archives.ts";

const sevenZip = await loadSevenZip();
const ZEROS = new Uint8Array(3_000_000);

function summary(archive: Uint8Array, limits: ExtractOptions["limits"]) {
  const { files, problems } = sevenZip.extract(archive, { limits });
  return {
    files: files.map((file) => [file.path, file.content.length]),
    problems: problems.map(({ kind, entryCount, firstPath }) => [kind, entryCount, firstPath]),
  };
}

Deno.test("a bomb ends at the limit of a file, and what stands around it is kept", async () => {
  const bomb = zipOf([
    { name: "first", data: utf8("1") },
    await deflated("bomb", ZEROS),
    { name: "last", data: utf8("2") },
  ]);
  assert.deepEqual(summary(bomb, { fileBytes: 1_000_000 }), {
    files: [["first", 1], ["last", 1]],
    problems: [["limit-file-bytes", 1, "bomb"]],
  });
});

Deno.test("limits are inclusive", async () => {
  const archive = zipOf([await deflated("zeros", ZEROS)]);
  const whole = { files: [["zeros", ZEROS.length]], problems: [] };
  assert.deepEqual(summary(archive, { fileBytes: 3_000_000, totalBytes: 3_000_000, files: 1 }), whole);
  assert.deepEqual(summary(archive, { fileBytes: 2_999_999 }).problems, [["limit-file-bytes", 1, "zeros"]]);
  assert.deepEqual(summary(archive, { totalBytes: 2_999_999 }).problems, [["limit-total-bytes", 1, "zeros"]]);
  assert.deepEqual(summary(archive, { files: 0 }).problems, [["limit-files", 1, "zeros"]]);
});

Deno.test("a header that says less than there is gives no more than it says", async () => {
  const liar = zipOf([await deflated("liar", ZEROS, { sizeBytes: 10 }), { name: "last", data: utf8("2") }]);
  assert.deepEqual(summary(liar, {}), {
    files: [["liar", 10], ["last", 1]],
    problems: [["damaged", 1, "liar"]],
  });
});

Deno.test("a header that says more than there is loses nothing", async () => {
  const big = 4_000_000_000;
  const liar = zipOf([await deflated("liar", utf8("short"), { sizeBytes: big }), {
    name: "last",
    data: utf8("2"),
  }]);
  const { files, entries, problems } = sevenZip.extract(liar, { limits: { fileBytes: 1000 } });
  assert.deepEqual(files.map((file) => [text(file.content), file.damage]), [["short", "truncated"], [
    "2",
    undefined,
  ]]);
  assert.equal(entries[0]?.sizeBytes, big);
  assert.deepEqual(problems.map((problem) => problem.kind), ["truncated"]);
});

Deno.test("the total is what is kept, and a smaller file after one that was too large still fits", async () => {
  const archive = zipOf([
    await deflated("a", ZEROS.subarray(0, 600)),
    await deflated("b", ZEROS.subarray(0, 600)),
    await deflated("c", ZEROS.subarray(0, 400)),
  ]);
  assert.deepEqual(summary(archive, { totalBytes: 1000 }), {
    files: [["a", 600], ["c", 400]],
    problems: [["limit-total-bytes", 1, "b"]],
  });
});

Deno.test("a bomb of entries that share their data ends at the total", async () => {
  const one = await deflated("x", ZEROS);
  const entries = Array.from({ length: 50 }, (_, index) => ({ ...one, name: `x${index}`, offset: 0 }));
  // Local headers beyond the first are never looked at: every entry says it starts at 0.
  const overlapping = zipOf(entries.map((entry) => ({ ...entry, name: "x" })));
  const { files, problems } = sevenZip.extract(overlapping, { limits: { totalBytes: 10_000_000 } });
  assert.ok(files.reduce((sum, file) => sum + file.content.length, 0) <= 10_000_000);
  assert.ok(problems.some((problem) => problem.kind === "limit-total-bytes"));
});

Deno.test("of nested bombs one layer is unpacked", async () => {
  const inner = zipOf([await deflated("zeros", ZEROS)]);
  const outer = zipOf(
    await Promise.all(Array.from({ length: 16 }, (_, index) => deflated(`${index}.zip`, inner))),
  );
  const { files, problems } = sevenZip.extract(outer);
  assert.deepEqual([files.length, problems], [16, []]);
  assert.ok(files.every((file) => file.content.length === inner.length));
});

Deno.test("files beyond their number are left out and counted", () => {
  const many = zipOf(
    Array.from({ length: 300 }, (_, index) => ({ name: `f${index}`, data: utf8(`${index}`) })),
  );
  const { files, problems, entryCount } = sevenZip.extract(many, { limits: { files: 100 } });
  assert.deepEqual([files.length, entryCount], [100, 300]);
  assert.deepEqual(problems.map(({ kind, entryCount, firstPath }) => [kind, entryCount, firstPath]), [
    ["limit-files", 200, "f100"],
  ]);
});

Deno.test("files that are left out are counted beyond those that are listed, folders are not", () => {
  const entries = Array.from({ length: 300 }, (_, index) => [
    { name: `d${index}/`, mode: 0o40755 },
    { name: `d${index}/f`, data: utf8(`${index}`) },
  ]);
  const { problems, entryCount, isEntryCountAtLeast } = sevenZip.extract(zipOf(entries.flat()), {
    limits: { files: 100 },
    listedEntries: 10,
  });
  assert.deepEqual([entryCount, isEntryCountAtLeast], [600, false]);
  assert.deepEqual(
    problems.map((problem) => [problem.kind, problem.entryCount, problem.isEntryCountAtLeast]),
    [
      ["limit-files", 200, false],
    ],
  );
});

Deno.test("of a listing that is cut counts are the least there can be, and contents behind it are unpacked", () => {
  const many = zipOf(
    Array.from({ length: 300 }, (_, index) => ({ name: `f${index}`, data: utf8(`${index}`) })),
  );
  const cut = sevenZip.extract(many, { listingBytes: 20_000 });
  assert.ok(cut.entryCount > 10 && cut.entryCount < 300, `${cut.entryCount}`);
  assert.deepEqual([cut.isEntryCountAtLeast, cut.files.length, cut.problems], [true, 300, []]);
  const { problems } = sevenZip.extract(many, { listingBytes: 20_000, limits: { files: 10 } });
  assert.deepEqual(problems.map((problem) => [problem.entryCount, problem.isEntryCountAtLeast]), [
    [cut.entryCount - 10, true],
  ]);
  const beyond = sevenZip.extract(many, { listingBytes: 20_000, limits: { files: 200 } });
  assert.deepEqual(beyond.problems.map((problem) => [problem.entryCount, problem.isEntryCountAtLeast]), [[
    1,
    true,
  ]]);
});

Deno.test("what needs no password is not counted as locked, nor again when the next one is tried", () => {
  const { problems } = sevenZip.extract(fixture("mixed.zip"), {
    passwords: ["x", "infected"],
    limits: { files: 1 },
  });
  const { problems: all } = sevenZip.extract(fixture("mixed.zip"), { passwords: ["x", "infected"] });
  assert.deepEqual(problems.map(({ kind, entryCount }) => [kind, entryCount]), [["limit-files", 2]]);
  assert.deepEqual(all.map(({ kind, entryCount }) => [kind, entryCount]), [["wrong-password", 1]]);
});

Deno.test("of a path with 32,000 folders the content is unpacked, and so are the others", () => {
  const deep = "a/".repeat(32_000);
  const entries = Array.from(
    { length: 20 },
    (_, index) => ({ name: `${deep}${index}`, data: utf8(`${index}`) }),
  );
  const { files, problems } = sevenZip.extract(zipOf([...entries, { name: "d/plain", data: utf8("plain") }]));
  assert.deepEqual(problems, []);
  assert.deepEqual(files.map((file) => text(file.content)).slice(18), ["18", "19", "plain"]);
  assert.deepEqual([files[19]?.path, files[20]?.path], [`${deep}19`, "d/plain"]);
});

Deno.test("entries beyond those that are listed are counted, and unpacked without a description", () => {
  const many = zipOf(
    Array.from({ length: 30 }, (_, index) => ({ name: `f${index}`, data: utf8(`${index}`) })),
  );
  const { files, entries, entryCount } = sevenZip.extract(many, { listedEntries: 10 });
  assert.deepEqual([entries.length, entryCount, files.length], [10, 30, 30]);
  assert.deepEqual(files.map((file) => file.entryIndex).slice(8, 12), [8, 9, undefined, undefined]);
  assert.equal(files[29]?.path, "f29");
});

Deno.test("what is unpacked only to be thrown away is bounded too", async () => {
  const bombs = zipOf([
    { name: "first", data: utf8("1") },
    await deflated("a", ZEROS),
    await deflated("b", ZEROS),
    { name: "last", data: utf8("2") },
  ]);
  const found = summary(bombs, { fileBytes: 1000, discardedBytes: 4_000_000 });
  assert.deepEqual(found.files, [["first", 1]]);
  assert.deepEqual(found.problems, [["limit-file-bytes", 2, "a"], ["limit-work-bytes", 2, "b"]]);
});

Deno.test("a compressed stream that is too large is not read to its end", async () => {
  const bomb = await packed(ZEROS, "gzip");
  const found = summary(bomb, { fileBytes: 1000, discardedBytes: 100_000 });
  assert.deepEqual(found, { files: [], problems: [["limit-file-bytes", 1, undefined]] });
});

Deno.test("a dictionary that takes too much memory is refused", () => {
  // LZMA alone: properties, 1.5 GiB of dictionary, unknown size, nonsense.
  const header = Uint8Array.of(0x5d, 0, 0, 0, 0x60, 255, 255, 255, 255, 255, 255, 255, 255, 0);
  const archive = new Uint8Array(100);
  archive.set(header);
  assert.deepEqual(summary(archive, {}), { files: [], problems: [["limit-memory", 1, undefined]] });
});

Deno.test("folders alone are an archive without contents", () => {
  const folders = tarOf([{ name: "a/", type: "5" }, { name: "a/b/", type: "5" }]);
  const { files, entries, problems } = sevenZip.extract(folders);
  assert.deepEqual([files, problems, entries.map((entry) => [entry.path, entry.kind])], [[], [], [
    ["a", "directory"],
    ["a/b", "directory"],
  ]]);
});
