import assert from "node:assert/strict";
import { fc } from "../../src/deps/testing/fast_check.ts";
import { scanWith } from "../../src/plugin/kit/testing/plugin_calls.ts";
import manifest from "./manifest.json" with { type: "json" };
import entropy from "./mod.ts";

const DEFAULT_BLOCK = manifest.options.block_size.default;
const CODE = "high-entropy-region";

/** Bytes of a generator that always gives the same ones (xorshift32). */
function noise(sizeBytes: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: sizeBytes }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 24;
  });
}

function join(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const all = parts.map((part) => typeof part === "string" ? new TextEncoder().encode(part) : part);
  return Uint8Array.from(all.flatMap((part) => [...part]));
}

async function resultsOf(content: Uint8Array, blockSize = DEFAULT_BLOCK) {
  return (await scanWith(entropy, { blockSize }, content))?.results as {
    readonly entropy: number;
    readonly block_count: number;
    readonly highest: { readonly entropy: number; readonly offset: number };
    readonly lowest: { readonly entropy: number; readonly offset: number };
  };
}

async function findingsOf(content: Uint8Array, blockSize = DEFAULT_BLOCK) {
  return (await scanWith(entropy, { blockSize }, content))?.findings ?? [];
}

/** The definition, a byte at a time. */
function shannon(content: Uint8Array): number {
  const counts = new Map<number, number>();
  for (const value of content) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - n / content.length * Math.log2(n / content.length), 0);
}

function assertClose(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} must be ${expected}`);
}

Deno.test("an empty payload has no entropy and no blocks", async () => {
  assert.deepEqual(await resultsOf(new Uint8Array(0)), { entropy: 0, block_count: 0 });
});

Deno.test("equal bytes have no entropy, all values alike have 8 bits", async () => {
  assert.equal((await resultsOf(new Uint8Array(10_000).fill(7))).entropy, 0);
  assert.equal((await resultsOf(Uint8Array.from({ length: 256 }, (_, value) => value))).entropy, 8);
});

Deno.test("the whole and its blocks have the entropy of Shannon's definition", async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (content) => {
    const { entropy, block_count, highest, lowest } = await resultsOf(content, 256);
    assertClose(entropy, shannon(content));
    if (block_count === 0) return;
    const blockBytes = Math.min(256, content.length);
    assert.equal(block_count, Math.ceil(content.length / blockBytes));
    for (const block of [highest, lowest]) {
      assertClose(block.entropy, shannon(content.subarray(block.offset, block.offset + blockBytes)));
    }
    assert.ok(lowest.entropy <= highest.entropy);
  });
  await fc.assert(property, { seed: 1, numRuns: 200 });
});

Deno.test("the last block ends with the payload and counts once in the whole", async () => {
  const content = join(new Uint8Array(512), noise(300));
  const { entropy, block_count, highest, lowest } = await resultsOf(content, 256);
  assertClose(entropy, shannon(content));
  assert.equal(block_count, 4);
  assert.equal(lowest.offset, 0);
  assert.ok([512, 556].includes(highest.offset), `${highest.offset}`);
});

Deno.test("counts above those that are tabulated are weighed too", async () => {
  const content = join(new Uint8Array(9000), new Uint8Array(3000).fill(1));
  assertClose((await resultsOf(content, 12_000)).entropy, shannon(content));
});

/** A bitmap's headers. */
function bitmap(bitsPerPixel: number, compression = 0): Uint8Array {
  const header = new Uint8Array(54);
  const view = new DataView(header.buffer);
  view.setUint16(0, 0x424d);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setUint16(28, bitsPerPixel, true);
  view.setUint32(30, compression, true);
  return header;
}

const SHORTCUT = Uint8Array.fromHex("4c0000000114020000000000c000000000000046");
const PAGE = "<html><body>text</body></html>";

const PLAIN: Readonly<Record<string, string | Uint8Array>> = {
  "a page": PAGE,
  "a page behind blanks": `\r\n  ${PAGE}`,
  "a page behind a byte order mark": `\ufeff${PAGE}`,
  "a page in UTF-16": Uint8Array.from([
    0xff,
    0xfe,
    ...[...PAGE].flatMap((letter) => [letter.charCodeAt(0), 0]),
  ]),
  "XML": `<?xml version="1.0"?><a/>`,
  "a batch file": "@ECHO OFF\r\nrem\r\n",
  "a shortcut": SHORTCUT,
  "a bitmap": bitmap(24),
  "a bitmap with masks": bitmap(32, 3),
};

for (const [what, start] of Object.entries(PLAIN)) {
  Deno.test(`random bytes behind ${what} are a finding with their offset`, async () => {
    const content = join(start, " ".repeat(8192), noise(65_536));
    const [finding, ...others] = await findingsOf(content);
    assert.equal(finding?.code, CODE);
    assert.match(finding.detail!, /^[\d,]+ bytes: each block of 4,096 has at least 7\.9\d bits per byte$/);
    const first = content.length - 65_536;
    assert.ok(finding.offset! >= first - 4096 && finding.offset! <= first + 4096, `${finding.offset}`);
    assert.equal(finding.offset! % 4096, 0);
    assert.deepEqual(others, []);
  });
}

Deno.test("the finding does not depend on the size of the blocks", async () => {
  const content = join(PAGE, noise(65_536));
  assert.deepEqual(await findingsOf(content, 256), await findingsOf(content));
});

const WITHOUT: Readonly<Record<string, Uint8Array>> = {
  "a region of 12,288 bytes": join(PAGE, " ".repeat(20_000), noise(12_288)),
  "base64 in a page": join(PAGE, noise(65_536).toBase64()),
  "text alone": join(PAGE, "The quick brown fox. ".repeat(4000)),
  "a script that unpacks itself": join("#!/bin/sh\nexit\n", noise(65_536)),
  "VTK's raw data": join('<?xml version="1.0"?>\n<VTKFile type="ImageData">', noise(65_536)),
  "a bitmap with a palette": join(bitmap(8), noise(65_536)),
  "a compressed bitmap": join(bitmap(24, 1), noise(65_536)),
  "a payload of no known format": noise(65_536),
};

for (const [what, content] of Object.entries(WITHOUT)) {
  Deno.test(`${what}: no finding`, async () => assert.deepEqual(await findingsOf(content), []));
}

Deno.test("payloads cut off at any byte, or changed, do no harm", async () => {
  const samples = Object.values(PLAIN).map((start) => join(start, noise(300)));
  for (const sample of samples) {
    for (let end = 0; end <= sample.length; end++) {
      await scanWith(entropy, { blockSize: 256 }, sample.subarray(0, end));
    }
  }
  const property = fc.asyncProperty(
    fc.constantFrom(...samples),
    fc.nat(),
    fc.nat(255),
    async (sample, at, value) => {
      await scanWith(entropy, { blockSize: 256 }, sample.with(at % sample.length, value));
    },
  );
  await fc.assert(property, { seed: 1, numRuns: 500 });
});

Deno.test("the manifest asks for nothing and declares the finding", () => {
  assert.equal("permissions" in manifest, false);
  assert.deepEqual(Object.keys(manifest.findings), [CODE]);
});
