import assert from "node:assert/strict";
import { buildTarball, type TarEntry } from "../../../tests/build_tarball.ts";
import { readTarball } from "./tarball.ts";

const read = async (entries: readonly TarEntry[]) => {
  const files = await readTarball(await buildTarball(entries), "npm:x@1.0.0");
  return Object.fromEntries([...files].map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]));
};

Deno.test("files are read below the top folder of any name", async () => {
  assert.deepEqual(
    await read([{ name: "package/", type: "5" }, { name: "package/mod.ts", content: "1" }, {
      name: "./other/lib/a.ts",
      content: "x".repeat(1000),
    }]),
    { "mod.ts": "1", "lib/a.ts": "x".repeat(1000) },
  );
});

Deno.test("long names are read from pax and GNU headers and from the prefix", async () => {
  const long = `${"d".repeat(60)}/${"e".repeat(60)}/f.ts`;
  assert.deepEqual(
    await read([
      { name: "pax", type: "x", content: paxRecord("path", `package/${long}`) },
      { name: "package/short", content: "pax" },
      { name: "package/plain", content: "plain" },
      { name: "././@LongLink", type: "L", content: `package/gnu/${long}\0` },
      { name: "package/short", content: "gnu" },
      { name: "g.ts", prefix: "package/p", content: "prefix" },
    ]),
    { [long]: "pax", plain: "plain", [`gnu/${long}`]: "gnu", "p/g.ts": "prefix" },
  );
});

function paxRecord(key: string, value: string): string {
  const body = ` ${key}=${value}\n`;
  const length = body.length + String(body.length + 3).length;
  return `${length}${body}`;
}

const REFUSED: readonly (readonly [string, readonly TarEntry[], RegExp])[] = [
  ["a path that climbs", [{ name: "package/../../x", content: "" }], /leads outside its folder/],
  ["an absolute path", [{ name: "/etc/passwd", content: "" }], /leads outside its folder/],
  ["a file beside the folder", [{ name: "x", content: "" }], /leads outside its folder/],
  ["a drive", [{ name: "package/c:/x", content: "" }], /leads outside its folder/],
  ["a backslash", [{ name: "package/..\\x", content: "" }], /leads outside its folder/],
  ["a path that climbs by pax", [{ name: "h", type: "x", content: paxRecord("path", "package/../x") }, {
    name: "package/x",
    content: "",
  }], /leads outside its folder/],
  ["a symbolic link", [{ name: "package/x", type: "2" }], /is not a regular file/],
  ["a hard link", [{ name: "package/x", type: "1" }], /is not a regular file/],
  ["a device", [{ name: "package/x", type: "3" }], /is not a regular file/],
  [
    "a name met twice",
    [{ name: "package/x", content: "1" }, { name: "package/x", content: "2" }],
    /is in its archive twice/,
  ],
  [
    "two sizes",
    [{ name: "h", type: "x", content: paxRecord("size", "99") }],
    /has an entry with two sizes/,
  ],
  [
    "a pax header that is none",
    [{ name: "h", type: "x", content: "99999 path=x\n" }],
    /an extended header can't be read/,
  ],
  ["a size beyond the end", [{ name: "package/x", content: "1", size: 100_000 }], /is cut off/],
  [
    "a size beyond the limit",
    [{ name: "package/x", content: "1", size: 8 ** 11 - 1 }],
    /has more than 32000000 bytes/,
  ],
  [
    "too many files",
    Array.from({ length: 1001 }, (_, index) => ({ name: `package/${index}`, content: "" })),
    /more than 1000 files/,
  ],
];

for (const [what, entries, message] of REFUSED) {
  Deno.test(`an archive with ${what} is refused`, async () => {
    await assert.rejects(read(entries), message);
  });
}

Deno.test("an archive that is cut off anywhere is refused or gives nothing that is not in it", async () => {
  const whole = await buildTarball([{ name: "package/mod.ts", content: "x".repeat(600) }]);
  for (let length = 0; length < whole.length; length++) {
    await assert.rejects(
      readTarball(whole.subarray(0, length), "npm:x@1.0.0"),
      /Can't install .*: its archive is/,
    );
  }
});

Deno.test("an archive that unpacks without end is given up", async () => {
  const zeros = new Blob([new Uint8Array(110_000_000)]).stream().pipeThrough(new CompressionStream("gzip"));
  const bomb = new Uint8Array(await new Response(zeros).arrayBuffer());
  await assert.rejects(readTarball(bomb, "npm:x@1.0.0"), /its archive unpacks to more than \d+ bytes/);
});

Deno.test("a header whose sum is wrong is refused", async () => {
  await assert.rejects(
    read([{ name: "package/x", content: "1", sum: 1 }]),
    /the checksum of a header is wrong/,
  );
});
