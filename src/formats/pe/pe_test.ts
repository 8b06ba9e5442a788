import assert from "node:assert/strict";
import { type Budget, ByteReader } from "../bytes/mod.ts";
import { checkParser } from "../testing/check_parser.ts";
import {
  dataDirectories,
  findOverlay,
  isPe,
  parsePe,
  readCertificates,
  readDebug,
  readDelayedImports,
  readExports,
  readImports,
  readResources,
  readRichHeader,
  readVersionInfo,
  RESOURCE_TYPE_VERSION,
  rvaToOffset,
} from "./mod.ts";
import golden from "./testdata/pefile.json" with { type: "json" };
import { peAnswer } from "./testing/pe_answer.ts";
import { buildPe } from "./testing/pe_builder.ts";
import { PLANS } from "./testing/pe_mutants.ts";

/** Everything that can be read of a file. */
function parseAll(content: Uint8Array, budget?: Budget) {
  const image = parsePe(content, budget);
  if (!image) return undefined;
  const resources = readResources(image);
  const versions = resources.resources.filter(({ type }) => type === RESOURCE_TYPE_VERSION);
  return {
    image,
    directories: dataDirectories(image),
    imports: readImports(image),
    delayed: readDelayedImports(image),
    exports: readExports(image),
    resources,
    versions: versions.map(({ offset = 0, sizeBytes }) =>
      readVersionInfo(image.reader.subUpTo(offset, sizeBytes))
    ),
    rich: readRichHeader(image),
    debug: readDebug(image),
    certificates: readCertificates(image),
    overlay: findOverlay(image),
  };
}

const [FULL, FULL_64] = PLANS.map((plan) => buildPe(plan)) as [Uint8Array, Uint8Array];
const SIGNED = buildPe({
  security: Uint8Array.of(16, 0, 0, 0, 0, 2, 2, 0, ...new Array(8).fill(0x30)),
  overlay: new Uint8Array(8),
});

checkParser(Deno.test, "pe", parseAll, { FULL, FULL_64, SIGNED });

Deno.test("pe: a whole file has no damage", () => {
  for (const content of [FULL, FULL_64, SIGNED]) {
    const { image, ...all } = parseAll(content)!;
    assert.deepEqual(image.damages, []);
    for (
      const table of [
        all.imports,
        all.delayed,
        all.exports,
        all.resources,
        all.rich,
        all.debug,
        all.certificates,
      ]
    ) {
      assert.deepEqual([table.damages, table.isTruncated], [[], false]);
    }
  }
});

for (const [i, plan] of PLANS.entries()) {
  Deno.test(`pe: plan ${i} is what pefile ${golden.version} says`, () => {
    const expected = golden.files[`plan_${i}.exe` as keyof typeof golden.files];
    assert.deepEqual(JSON.parse(JSON.stringify(peAnswer(buildPe(plan)))), expected);
  });
}

Deno.test("pe: an image without sections has its tables in the headers", () => {
  const image = parsePe(buildPe({ imports: [{ library: "a.dll", functions: [1] }] }))!;
  const content = image.reader.bytes.slice();
  const view = new DataView(content.buffer);
  view.setUint16(image.headerOffset + 6, 0, true);
  assert.equal(rvaToOffset(parsePe(content)!, 0x123), 0x123);
});

Deno.test("pe: headers and sections are typed", () => {
  const { image, directories } = parseAll(FULL_64)!;
  assert.equal(image.fileHeader.machine, 0x8664);
  assert.ok(image.isDll && image.optionalHeader!.is64);
  assert.equal(image.optionalHeader!.imageBase, 0x40_0000n);
  assert.deepEqual(image.optionalHeader!.osVersion, { major: 6, minor: 0 });
  assert.deepEqual(image.sections.map(({ name, rva }) => [name, rva]), [[".text", 0x1000], [
    ".rdata",
    0x2000,
  ]]);
  assert.equal(directories.length, 16);
  assert.equal(directories[1]!.name, "import");
});

Deno.test("pe: imports have names, hints and ordinals", () => {
  const { imports, delayed } = parseAll(FULL)!;
  const listed = imports.libraries.slice(0, 1).map(({ name, functions }) => ({
    name,
    functions: functions.map(({ name, ordinal, hint }) => name === undefined ? ordinal : `${name}@${hint}`),
  }));
  assert.deepEqual(listed, [{ name: "KERNEL32.dll", functions: ["Sleep@7", "CreateFileA@7", 5] }]);
  assert.equal(delayed.libraries[0]!.name, "delay.sys");
  assert.ok(delayed.libraries[0]!.isAbsolute);
});

Deno.test("pe: exports have ordinals, forwarders and offsets", () => {
  const { header, functions } = parseAll(FULL)!.exports;
  assert.equal(header!.libraryName, "own.dll");
  assert.deepEqual(functions.map(({ name, ordinal, forwarder }) => [name, ordinal, forwarder]), [
    ["one", 5, undefined],
    [undefined, 6, undefined],
    ["Two", 7, undefined],
    ["forward", 8, "other.forward"],
    ["two", 9, undefined],
  ]);
  assert.equal(functions[0]!.offset, 0x600);
});

Deno.test("pe: resources, version, Rich header, debug path, certificates and overlay are found", () => {
  const { resources, versions, rich, debug, overlay } = parseAll(FULL)!;
  assert.deepEqual(
    resources.resources.map(({ type, id, language, sizeBytes }) => [type, id, language, sizeBytes]),
    [
      [3, 1, 1033, 20],
      ["BIN", "name", 0, 30],
      [24, 0, 9, 8],
      [16, 1, 1033, resources.resources[3]!.sizeBytes],
    ],
  );
  assert.equal(versions[0]!.fixed!.fileVersion, "0.1.0.2");
  assert.deepEqual(versions[0]!.blocks, ["StringFileInfo", "VarFileInfo"]);
  assert.deepEqual(versions[0]!.tables, [{
    language: "040904b0",
    texts: [["CompanyName", "Microsoft Corporation"], ["ProductName", "Ünï"], ["InternalName", ""]],
  }]);
  assert.deepEqual(rich.header!.tools[0], { productId: 0x104, build: 0x1234, objectCount: 3 });
  assert.equal(debug.entries[0]!.codeView!.path, "c:\\work\\x.pdb");
  assert.equal(debug.entries[0]!.codeView!.guid, "{00000001-0002-0000-0300-000004000000}");
  assert.equal(overlay!.sizeBytes, 40);
  const { certificates, location } = parseAll(SIGNED)!.certificates;
  assert.deepEqual(certificates, [{ offset: location!.offset + 8, sizeBytes: 8, revision: 0x200, type: 2 }]);
});

Deno.test("pe: version information whose padding is missing at the end is whole", () => {
  const { image, resources } = parseAll(FULL)!;
  const { offset = 0, sizeBytes } = resources.resources[3]!;
  const data = image.reader.slice(offset, sizeBytes).slice();
  const translation = data.length - 4;
  // The last value gets two bytes instead of four, in all lengths around it.
  const view = new DataView(data.buffer);
  for (const at of [0, translation - 32 - 32, translation - 32]) {
    view.setUint16(at, view.getUint16(at, true) - 2, true);
  }
  const { blocks, tables, damages } = readVersionInfo(new ByteReader(data.subarray(0, -2)));
  assert.deepEqual([blocks, tables.length, damages], [["StringFileInfo", "VarFileInfo"], 1, []]);
});

Deno.test("pe: a table that is cut off keeps what is there, and says where it ends", () => {
  const whole = parseAll(FULL)!;
  const namesAt = whole.exports.header!.offset + 40;
  const { exports } = parseAll(FULL.subarray(0, namesAt + 30))!;
  assert.ok(exports.functions.length < 5);
  assert.deepEqual(exports.damages.map(({ code }) => code).slice(-1), ["bad-export-functions"]);
  assert.ok(!exports.isTruncated);
});

Deno.test("pe: only MZ with a file header behind PE is a PE file", () => {
  assert.ok(isPe(FULL));
  assert.ok(!isPe(new TextEncoder().encode(`MZ${"x".repeat(100)}`)));
  assert.ok(!isPe(FULL.subarray(0, 63)));
  assert.equal(parsePe(new Uint8Array(0)), undefined);
});
