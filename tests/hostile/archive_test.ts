import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { serializeResponse, Stoq, type StoqOptions, type StoqResponse } from "../../mod.ts";
import { buildTar, buildZip } from "./build_archive.ts";

async function scan(content: Uint8Array, options: StoqOptions = {}): Promise<StoqResponse> {
  await using stoq = new Stoq({
    stoqHome: "/proc/nonexistent/stoq-home",
    alwaysDispatch: ["decompress", "hash"],
    pluginOpts: { hash: { algorithms: ["sha256"] } },
    ...options,
  });
  const response = await stoq.scan(content);
  // Whatever went in, what comes out is JSON, and the file itself is in it.
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
      assert.ok(errors.length > 0, `cut at ${size} is told`);
      assert.ok(
        errors.every(({ code, role }) => role === "worker" && code !== "plugin-failed"),
        `cut at ${size}`,
      );
    }
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
