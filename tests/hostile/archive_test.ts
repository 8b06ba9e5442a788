import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { type PlainRecord, serializeResponse, Stoq, type StoqOptions, type StoqResponse } from "../../mod.ts";
import { buildGzip, buildTar, buildTarOf, buildZip, zip64Extra } from "./build_archive.ts";

function open(options: StoqOptions): Stoq {
  return new Stoq({
    stoqHome: "/proc/nonexistent/stoq-home",
    alwaysDispatch: ["decompress", "hash"],
    pluginOpts: { hash: { algorithms: ["sha256"] } },
    ...options,
  });
}

async function scan(content: Uint8Array, options: StoqOptions = {}): Promise<StoqResponse> {
  await using stoq = open(options);
  return await scanWith(stoq, content);
}

async function scanWith(stoq: Stoq, content: Uint8Array): Promise<StoqResponse> {
  const response = await stoq.scan(content);
  // Every response can be written as JSON and has the file itself.
  assert.equal(JSON.parse(serializeResponse(response)).results[0].size, content.length);
  assert.ok(response.results[0]?.workers.hash, "the root was digested");
  return response;
}

const codesOf = ({ errors }: StoqResponse) =>
  [...new Set(errors.filter(({ code }) => code !== "not-an-archive").map(({ code }) => code))].sort();
const namesOf = ({ results }: StoqResponse) =>
  results.slice(1).map(({ payloadMeta }) => payloadMeta.extraData.path);
const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a zip in a zip in a zip … ends at the last round, with the payload that was not scanned", async () => {
  let content: Uint8Array = bytes("in the middle");
  for (let depth = 0; depth < 1000; depth++) content = buildZip([{ name: "a.zip", content }]);
  const response = await scan(content);
  assert.equal(response.results.length, 11);
  assert.deepEqual(codesOf(response), ["limit-recursion"]);
  assert.deepEqual(response.results.at(-1)?.pluginsRun.workers, []);
});

Deno.test("a bomb in a bomb in a bomb costs its allowance, and what came before it stays", async () => {
  const bomb = gzipSync(gzipSync(new Uint8Array(60_000_000)));
  const zip = buildZip([{ name: "first", content: "1" }, { name: "bomb", content: bomb }, {
    name: "last",
    content: "2",
  }]);
  const response = await scan(zip);
  assert.deepEqual(namesOf(response).slice(0, 3), ["first", "bomb", "last"]);
  assert.deepEqual(codesOf(response), ["limit-expansion-ratio"]);
  assert.ok(response.results.every(({ sizeBytes }) => sizeBytes <= 10_000_000));
});

Deno.test("sixteen bombs in each of sixteen zips are unpacked once, because they are equal", async () => {
  const leaf = buildZip([{ name: "0", content: new Uint8Array(20_000_000), isDeflated: true }]);
  const many = (content: Uint8Array) =>
    buildZip(Array.from({ length: 16 }, (_, index) => ({ name: `${index}.zip`, content })));
  const response = await scan(many(many(leaf)));
  assert.deepEqual(response.results.map(({ extractedFrom }) => extractedFrom.length), [0, 16, 16]);
  assert.deepEqual(codesOf(response), ["limit-expansion-ratio"]);
});

Deno.test("of 4,000 entries as many come in as the limit allows, and the rest are counted", async () => {
  const zip = buildZip(
    Array.from({ length: 4000 }, (_, index) => ({ name: `${index}`, content: `${index}` })),
  );
  await using stoq = new Stoq({
    stoqHome: "/proc/nonexistent/stoq-home",
    alwaysDispatch: ["hash"],
    pluginOpts: { hash: { algorithms: ["sha256"] } },
    payloads: 1000,
  });
  const { results, errors } = await stoq.scan(zip, { startDispatch: ["decompress"] });
  assert.equal(results.length, 1000);
  assert.deepEqual(errors.map(({ code, error }) => [code, /and 3000 more entries/.test(error)]), [
    ["limit-payloads", true],
  ]);
});

Deno.test("60,000 empty entries are one payload with the limit's error", async () => {
  const response = await scan(
    buildZip(Array.from({ length: 60_000 }, (_, index) => ({ name: `${index}` }))),
  );
  assert.deepEqual(response.results.map(({ sizeBytes }) => sizeBytes).slice(1), [0]);
  assert.deepEqual(codesOf(response), ["limit-payloads"]);
});

Deno.test("names with controls, lone surrogates and 10,000 characters are labels and stay JSON", async () => {
  const names = [
    "\x1b]0;title\x07\x1b[31mred",
    'line\nbreak\r\n{"a":1}',
    "\u202egpj.exe",
    "__proto__",
    "constructor",
    "../../../etc/passwd",
    "n".repeat(10_000),
  ];
  const raw = Uint8Array.of(0xed, 0xa0, 0x80, 0x78);
  const response = await scan(
    buildZip([...names, raw].map((name, index) => ({ name, content: `${index}` }))),
  );
  assert.deepEqual(namesOf(response).slice(0, 6), names.slice(0, 6));
  assert.equal(response.results.length, 9);
  const [, ...labels] = response.results.map(({ payloadMeta }) => String(payloadMeta.extraData.path));
  assert.ok(labels.every((label) => label.length <= 4096 && label.isWellFormed()));
});

Deno.test("sizes and offsets that lie give errors, not memory", async () => {
  const cases = [
    buildZip([{ name: "a", content: "hello", claimedBytes: 0xfffffff0 }]),
    buildZip([{ name: "a", content: "hello", claimedPackedBytes: 0x7fffffff }]),
    buildZip([{ name: "a", content: new Uint8Array(10_000_000), isDeflated: true, claimedBytes: 10 }]),
    buildZip(
      Array.from({ length: 100 }, (_, index) => ({ name: `a${index}`, content: "x", claimedOffset: 0 })),
    ),
    buildTar("big", bytes("77777777777\0")),
    buildTar("huge", Uint8Array.of(0x80, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0)),
    buildTar("negative", new Uint8Array(12).fill(0xff)),
  ];
  for (const [index, content] of cases.entries()) {
    const codes = codesOf(await scan(content));
    assert.ok(
      codes.length > 0 && codes.every((code) => code.startsWith("archive-")),
      `case ${index}: ${codes}`,
    );
  }
});

Deno.test("entries that share one body can't multiply it", async () => {
  const body = { content: new Uint8Array(1_000_000), isDeflated: true };
  const others = Array.from({ length: 100 }, (_, index) => ({ name: `${index}`, ...body, claimedOffset: 0 }));
  const response = await scan(
    buildZip([{ name: "0", ...body }, ...others.map((entry) => ({ ...entry, isListedOnly: true }))]),
  );
  const extractedBytes = response.results.slice(1).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  assert.ok(extractedBytes <= 10_000_000);
  assert.ok(codesOf(response).length > 0);
});

Deno.test("an archive cut at any of many offsets is scanned to its cut", async () => {
  const content = "the quick brown fox ".repeat(20);
  const whole = [
    buildZip([{ name: "a", content, isDeflated: true }, { name: "b", content: "b" }]),
    gzipSync(buildZip([{ name: "a", content }])),
  ];
  await using stoq = new Stoq({
    stoqHome: "/proc/nonexistent/stoq-home",
    alwaysDispatch: ["decompress", "hash"],
  });
  for (const archive of whole) {
    for (let size = 1; size < archive.length; size += 17) {
      const { results, errors } = await stoq.scan(archive.slice(0, size));
      assert.ok(results[0]?.workers.hash, `cut at ${size}`);
      assert.ok(errors.length > 0, `cut at ${size} is reported`);
      assert.ok(
        errors.every(({ code, role }) => role === "worker" && code !== "plugin-failed"),
        `cut at ${size}`,
      );
    }
  }
});

/** A stoQ with workers that must have results for every payload of any archive. */
function openAll(options: StoqOptions = {}): Stoq {
  return open({ alwaysDispatch: ["decompress", "hash", "mimetype"], ...options });
}

async function scanAllWith(stoq: Stoq, content: Uint8Array): Promise<StoqResponse> {
  const response = await scanWith(stoq, content);
  for (const { workers, payloadMeta: { extraData } } of response.results) {
    assert.ok(workers.hash && workers.mimetype, `${extraData.path} has the results of hash and mimetype`);
  }
  return response;
}

async function scanAll(content: Uint8Array, options: StoqOptions = {}): Promise<StoqResponse> {
  await using stoq = openAll(options);
  return await scanAllWith(stoq, content);
}

const contentsOf = ({ results }: StoqResponse) => results.slice(1).map(({ sizeBytes }) => sizeBytes);
const archiveOf = ({ results }: StoqResponse) => results[0]?.workers.decompress as PlainRecord;
const traitsOf = (response: StoqResponse) =>
  ((archiveOf(response).suspicious ?? []) as PlainRecord[]).map(({ trait, count }) => [trait, count]);
const damageOf = ({ errors }: StoqResponse) =>
  errors.filter(({ code }) => code === "archive-damaged").map(({ error }) => error);
const zipOfNames = (names: readonly (string | Uint8Array)[]) =>
  buildZip(names.map((name, index) => ({ name, content: `${index}`.padStart(3) })));

const DEEP = "a/".repeat(32_000);
const NEGATIVE = new Uint8Array(12).fill(0xff);
const HUGE = Uint8Array.of(0x80, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0);

Deno.test("of 30,000 entries those that are left out are counted exactly", async () => {
  const zip = buildZip(
    Array.from({ length: 30_000 }, (_, index) => ({ name: `${index}`, content: `${index}` })),
  );
  const response = await scanAll(zip, { payloads: 20 });
  assert.equal(response.results.length, 20);
  assert.deepEqual([archiveOf(response).entry_count, archiveOf(response).entry_count_is_at_least], [
    30_000,
    undefined,
  ]);
  const [error] = response.errors.filter(({ code }) => code === "limit-payloads");
  assert.match(error!.error, /^Cannot fully unpack "19" and 29980 more entries: /);
});

Deno.test("66,000 entries without names are counted, more than the field of a zip holds", async () => {
  const response = await scan(buildZip(Array.from({ length: 66_000 }, () => ({ name: "" }))));
  assert.equal(archiveOf(response).entry_count, 66_000);
  assert.match(response.errors[0]!.error, /^Cannot fully unpack 56001 entries: no more than 9999 /);
});

Deno.test("paths of 32,000 folders are cut, and their contents and all others are scanned", async () => {
  const names = Array.from({ length: 100 }, (_, index) => `${DEEP}${index}`);
  const response = await scanAll(zipOfNames([...names, "plain"]));
  assert.equal(response.results.length, 102);
  assert.deepEqual(codesOf(response), []);
  assert.deepEqual(traitsOf(response), [["long-path", 100]]);
  const { extraData } = response.results[100]!.payloadMeta;
  assert.deepEqual([extraData.filename, String(extraData.path).length], ["99", 4096]);
  assert.equal(namesOf(response).at(-1), "plain");
});

Deno.test("paths of 32,000 folders inside another archive are cut too", async () => {
  const tar = buildTarOf([
    { name: "././@LongLink", type: "L", content: `${"a/".repeat(5000)}x\0` },
    { name: "short for the long one", content: "deep" },
    { name: "plain", content: "plain" },
  ]);
  const response = await scanAll(
    buildZip([{ name: "in.zip", content: zipOfNames([`${DEEP}y`, "z"]) }, {
      name: "t.tgz",
      content: gzipSync(tar),
    }]),
  );
  assert.deepEqual(codesOf(response), []);
  const filenames = response.results.map(({ payloadMeta: { extraData } }) => extraData.filename);
  assert.deepEqual(filenames.slice(1), ["in.zip", "t.tgz", "y", "z", "t.tar", "x", "plain"]);
});

Deno.test("a name of 60,000 characters is a label that is cut", async () => {
  const response = await scanAll(zipOfNames(["n".repeat(60_000), "plain"]));
  assert.deepEqual([contentsOf(response), codesOf(response)], [[3, 3], []]);
  assert.deepEqual(traitsOf(response), [["long-path", 1]]);
});

Deno.test("a tar with a bad size field is damaged at its offset, and the entries before are scanned", async () => {
  await using stoq = openAll();
  const tarWith = (bad: { sizeField?: Uint8Array; isDamaged?: boolean }) =>
    buildTarOf([{ name: "first", content: "1" }, { name: "bad", content: "2", ...bad }, {
      name: "last",
      content: "3",
    }]);
  for (const bad of [{ sizeField: NEGATIVE }, { isDamaged: true }]) {
    const response = await scanAllWith(stoq, tarWith(bad));
    assert.deepEqual(namesOf(response), ["first"]);
    assert.match(damageOf(response)[0]!, /Headers Error \(at offset 1024\)$/);
  }
  const response = await scanAllWith(stoq, tarWith({ sizeField: HUGE }));
  assert.deepEqual(namesOf(response), ["first", "bad", "last"]);
  assert.deepEqual(codesOf(response), ["archive-damaged", "archive-truncated"]);
});

Deno.test("a tar whose first header is broken is damaged at offset 0, and what follows is scanned", async () => {
  await using stoq = openAll();
  for (const bad of [{ sizeField: NEGATIVE }, { isDamaged: true }]) {
    const response = await scanAllWith(
      stoq,
      buildTarOf([{ name: "bad", content: "2", ...bad }, { name: "last", content: "3" }]),
    );
    assert.deepEqual(namesOf(response), ["last"]);
    assert.match(damageOf(response)[0]!, /\(at offset 0\)$/);
  }
});

Deno.test("entries behind the end of a tar are reported with their offset", async () => {
  const tars = ["a", "b"].map((name) => buildTarOf([{ name, content: name }]));
  const response = await scanAll(new Uint8Array([...tars[0]!, ...tars[1]!]));
  assert.deepEqual(namesOf(response), ["a"]);
  assert.match(damageOf(response)[0]!, /entries follow the end .* \(at offset 2048\)$/);
});

Deno.test("a pax header with a negative size is damage, and its entry is scanned", async () => {
  const pax = { name: "PaxHeader", type: "x", content: "11 size=-5\n" };
  const response = await scanAll(
    buildTarOf([pax, { name: "a", content: "aaaaa" }, { name: "b", content: "b" }]),
  );
  assert.deepEqual([namesOf(response), damageOf(response).length], [["a", "b"], 1]);
});

Deno.test("entries that overlap are damage, and the others are scanned as their headers say", async () => {
  const inner = zipOfNames(["in"]);
  const response = await scanAll(
    buildZip([
      { name: "a", content: inner },
      { name: "b", content: "b" },
      { name: "a again", content: inner, isListedOnly: true, claimedOffset: 0 },
    ]),
  );
  assert.deepEqual(namesOf(response), ["a", "b", "in"]);
  assert.equal(damageOf(response).length, 1);
});

Deno.test("names that mean something to shells and systems are labels", async () => {
  const names = [
    "-",
    "--",
    "-y",
    "@list",
    "*",
    "con",
    "nul.txt",
    "C:",
    "~",
    "..",
    ".",
    " ",
    "..\\..\\x",
    "-o/tmp",
  ];
  const response = await scanAll(zipOfNames(names));
  assert.deepEqual(namesOf(response), names);
  assert.deepEqual([codesOf(response), traitsOf(response)], [[], [["absolute-path", 1], [
    "path-traversal",
    2,
  ]]]);
});

Deno.test("names with NUL and names that are not UTF-8 lose no content", async () => {
  const raw = [Uint8Array.of(0xff, 0xfe, 0x41), Uint8Array.of(0x61, 0, 0x62), Uint8Array.of(0x80)];
  const response = await scanAll(
    buildZip([...raw, "plain"].map((name, index) => ({ name, content: `${index}`, isUtf8: index !== 2 }))),
  );
  assert.deepEqual([contentsOf(response), codesOf(response)], [[1, 1, 1, 1], []]);
  const { extraData } = response.results[1]!.payloadMeta;
  assert.deepEqual([extraData.path, extraData.path_bytes], ["\ufffd\ufffdA", raw[0]]);
});

Deno.test("fifty entries of one name are fifty payloads", async () => {
  const response = await scanAll(zipOfNames(Array(50).fill("same")));
  assert.deepEqual([response.results.length, codesOf(response)], [51, []]);
  assert.deepEqual(traitsOf(response), [["duplicate-path", 49]]);
});

Deno.test("a folder with content is damage, and the files around it are scanned", async () => {
  const response = await scanAll(zipOfNames(["a", "hidden/", "b"]));
  assert.deepEqual(namesOf(response), ["a", "b"]);
  assert.match(damageOf(response)[0]!, /^Cannot fully unpack "hidden": it is a folder with content/);
});

Deno.test("a gzip with a path as its name gives a label, and one with a name of 3 MB is damaged", async () => {
  await using stoq = openAll();
  const climbing = await scanAllWith(stoq, buildGzip("../../etc/passwd", "inside"));
  assert.deepEqual([namesOf(climbing), traitsOf(climbing)], [["../../etc/passwd"], [["path-traversal", 1]]]);
  const endless = await scanAllWith(
    stoq,
    buildZip([{ name: "bad.gz", content: buildGzip("n".repeat(3_000_000), "x") }, {
      name: "good",
      content: "1",
    }]),
  );
  assert.deepEqual([namesOf(endless), damageOf(endless).length], [["bad.gz", "good"], 1]);
});

Deno.test("zip64 sizes that are wrong cut their own entry and take no memory", async () => {
  const lie = { name: "liar", content: "hello", claimedBytes: 0xffffffff, claimedPackedBytes: 0xffffffff };
  for (
    const [size, packed] of [[2n ** 63n, 5n], [5n, 2n ** 40n], [5n, 2n ** 63n + 5n], [
      2n ** 64n - 1n,
      5n,
    ]] as const
  ) {
    const response = await scanAll(
      buildZip([{ name: "first", content: "1" }, { ...lie, extra: zip64Extra(size, packed) }, {
        name: "last",
        content: "2",
      }]),
    );
    assert.deepEqual([namesOf(response), contentsOf(response)], [["first", "liar", "last"], [1, 5, 1]]);
    assert.match(codesOf(response).join(), /^archive-(?:damaged|truncated)$/);
  }
});

Deno.test("a zip whose end claims another number of entries is damaged, and all are scanned", async () => {
  await using stoq = openAll();
  for (const claimed of [0, 1, 3, 200, 0xffff]) {
    const zip = zipOfNames(["a", "b"]);
    new DataView(zip.buffer).setUint16(zip.length - 12, claimed, true);
    new DataView(zip.buffer).setUint16(zip.length - 14, claimed, true);
    const response = await scanAllWith(stoq, zip);
    assert.deepEqual([claimed, namesOf(response), damageOf(response).length], [claimed, ["a", "b"], 1]);
  }
});

Deno.test("a tar.gz and a zip that are cut keep the entries before the cut", async () => {
  await using stoq = openAll();
  const noise = (seed: number) =>
    Array.from({ length: 3000 }, (_, at) => String.fromCharCode(33 + (at * at * seed + at) % 90)).join("");
  const members = [1, 7, 11].map((seed) => ({ name: `${seed}`, content: noise(seed) }));
  const tar = buildTarOf(members);
  for (const cut of [4100, 4600, 5000, 8000]) {
    const response = await scanAllWith(stoq, tar.slice(0, cut));
    assert.deepEqual([cut, response.results[1]?.sizeBytes, codesOf(response).length > 0], [cut, 3000, true]);
  }
  const zip = buildZip(members);
  for (const cut of [3100, 6100, zip.length - 100, zip.length - 22, zip.length - 1]) {
    const response = await scanAllWith(stoq, zip.slice(0, cut));
    assert.deepEqual([cut, response.results[1]?.sizeBytes], [cut, 3000]);
    assert.ok(codesOf(response).includes("archive-truncated"), `${cut}: ${codesOf(response)}`);
  }
});

Deno.test("content of no bytes, one and two is a payload like any other", async () => {
  for (const size of [0, 1, 2]) {
    const response = await scan(new Uint8Array(size).fill(0x50));
    assert.deepEqual(response.results.map(({ sizeBytes }) => sizeBytes), [size]);
    assert.deepEqual(codesOf(response), []);
  }
});

Deno.test("a file that is nothing but beginnings of files is scanned in full", async () => {
  for (const magic of ["MZ", "{\\rt", "%PDF", "PK\x03\x04", "Rar!\x1a\x07\x01\0", "7z\xbc\xaf\x27\x1c"]) {
    const unit = Uint8Array.from(magic, (char) => char.charCodeAt(0));
    const content = new Uint8Array(unit.length * 20_000).map((_, index) => unit[index % unit.length]!);
    const response = await scan(content, { alwaysDispatch: ["hash", "mimetype"], dispatchers: ["yara"] });
    assert.equal(response.results.length, 1, magic);
    assert.deepEqual(
      codesOf(response).filter((code) => !/^(archive-|plugin-not-found)/.test(code)),
      [],
      magic,
    );
  }
});
