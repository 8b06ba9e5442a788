import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Plain } from "../../src/plugin/define.ts";
import { CONTEXT, scanWith } from "../../src/plugin/kit/testing/plugin_calls.ts";
import { ALGORITHMS } from "../../wasm/digest/mod.ts";
import manifest from "./manifest.json" with { type: "json" };
import hash from "./mod.ts";

const DEFAULTS = manifest.options.algorithms.default;

/** The first three are upstream's test of its plugin. */
const SAMPLE = "This is a payload to hash";
const DIGESTS = {
  sha256: "2fa284e62b11fea1226b35cdd726a7a56090853ed135240665ceb3939f631af7",
  md5: "cfe671457bc475ef2f51cf12b1457475",
  sha1: "f610f70b1464d97f7897fefd6420ffc904df5e4f",
};

async function scan(
  content: Uint8Array,
  algorithms: readonly string[],
  sha256?: string,
): Promise<Plain | undefined> {
  const payload = { sha256: sha256 ?? createHash("sha256").update(content).digest("hex") };
  return (await scanWith(hash, { algorithms }, content, { payload }))?.results;
}

function sample(): Uint8Array {
  return new TextEncoder().encode(SAMPLE);
}

Deno.test("upstream's sample has upstream's digests, in upstream's order", async () => {
  const results = await scan(sample(), DEFAULTS);
  assert.equal(JSON.stringify(results), JSON.stringify(DIGESTS));
});

Deno.test("an empty payload has digests", async () => {
  assert.deepEqual(await scan(new Uint8Array(0), ["md5"]), { md5: "d41d8cd98f00b204e9800998ecf8427e" });
});

Deno.test("sha256 is the engine's, not computed again", async () => {
  assert.deepEqual(await scan(sample(), DEFAULTS, "from the engine"), {
    ...DIGESTS,
    sha256: "from the engine",
  });
  assert.deepEqual(await scan(sample(), ["sha256"], "from the engine"), { sha256: "from the engine" });
});

Deno.test("an algorithm that is not named is left out, and one that is named twice comes once", async () => {
  assert.deepEqual(await scan(sample(), ["sha1", "sha1"]), { sha1: DIGESTS.sha1 });
});

Deno.test("all algorithms come in one order, independent of the option's", async () => {
  const results = await scan(sample(), ALGORITHMS.toReversed());
  assert.deepEqual(Object.entries(results as Record<string, string>), [
    ...Object.entries(DIGESTS),
    ["sha512", createHash("sha512").update(SAMPLE).digest("hex")],
    // From b3sum 1.2.0 and Python's zlib.crc32.
    ["blake3", "305fabd93acc058fa0bcd46ee475683e3c24c4fa7b8711955e05e204f9e61e3e"],
    ["crc32", "42d9ed2c"],
  ]);
});

Deno.test("an unknown algorithm is refused when the plugin is loaded", async () => {
  await assert.rejects(async () => await hash({ algorithms: ["md5", "sha3", "md4"] }, CONTEXT), {
    message: 'Cannot load plugin "hash": option "algorithms" must be some of ' +
      'sha256, md5, sha1, sha512, blake3, crc32, got "sha3", "md4"',
  });
});

Deno.test("an empty list of algorithms is refused when the plugin is loaded", async () => {
  await assert.rejects(async () => await hash({ algorithms: [] }, CONTEXT), {
    message: 'Cannot load plugin "hash": option "algorithms" must be some of ' +
      "sha256, md5, sha1, sha512, blake3, crc32, got none",
  });
});

Deno.test("the manifest names every algorithm", () => {
  assert.deepEqual(manifest.options.algorithms.choices, [...ALGORITHMS]);
});
