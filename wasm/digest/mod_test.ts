import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Algorithm, ALGORITHMS, createDigester, digest, type Digests, loadAlgorithms } from "./mod.ts";

const CORE = ["md5", "sha1", "sha256"] as const;
/** Bytes that pass through the core's memory at once. */
const SLICE_BYTES = 16384;
/** The same in every run, and without a period that a wrong address could hide behind. */
const RANDOM = pseudoRandom(5_000_003);

/** Marsaglia's xorshift32. */
function pseudoRandom(sizeBytes: number): Uint8Array {
  let word = 2463534242;
  return Uint8Array.from({ length: sizeBytes }, () => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return word;
  });
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function expected<Name extends Algorithm>(bytes: Uint8Array, names: readonly Name[]): Digests<Name> {
  const entries = names.map((name) => [name, createHash(name).update(bytes).digest("hex")]);
  return Object.fromEntries(entries) as Digests<Name>;
}

function subsetsOf<Item>(items: readonly Item[]): Item[][] {
  return items.reduce<Item[][]>((all, item) => all.flatMap((some) => [some, [...some, item]]), [[]]);
}

// This file's tests run in order, in one isolate: it must come before anything is loaded.
Deno.test("an algorithm that was not loaded is refused with the call that loads it", () => {
  const message = `Cannot compute digest "blake3": it is not loaded, call loadAlgorithms(["blake3"]) first`;
  assert.throws(() => digest(new Uint8Array(1), ["md5", "blake3"]), { message });
  assert.throws(() => createDigester(["blake3"]), { message });
});

Deno.test("an unknown algorithm is refused with the known ones", () => {
  const message =
    'Cannot compute digest "sha3": it should be one of sha256, md5, sha1, sha512, blake3, crc32';
  assert.throws(() => digest(new Uint8Array(1), ["sha3" as Algorithm]), { message });
});

/** RFC 1321 A.5; FIPS 180-4's examples; the BLAKE3 team's empty input; CRC-32/ISO-HDLC's check value. */
const VECTORS: readonly (readonly [string, Partial<Digests>])[] = [
  ["", {
    md5: "d41d8cd98f00b204e9800998ecf8427e",
    sha1: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    sha512: "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce" +
      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    blake3: "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
    crc32: "00000000",
  }],
  ["abc", {
    md5: "900150983cd24fb0d6963f7d28e17f72",
    sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    sha512: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  }],
  ["123456789", { crc32: "cbf43926" }],
  ["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", {
    sha1: "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
    sha256: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  }],
  ["12345678901234567890123456789012345678901234567890123456789012345678901234567890", {
    md5: "57edf4a22be3c955ac49da2e2107b67a",
  }],
  ["a".repeat(1_000_000), {
    md5: "7707d6ae4e027c70eea2a935c2296f21",
    sha1: "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
    sha256: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  }],
];

for (const [text, digests] of VECTORS) {
  const names = ALGORITHMS.filter((name) => digests[name] !== undefined);
  const what = text.length > 80 ? `${text.length} letters` : JSON.stringify(text);
  Deno.test(`published digests of ${what} come out: ${names.join(", ")}`, async () => {
    await loadAlgorithms(names);
    assert.deepEqual(digest(bytesOf(text), names), digests);
  });
}

Deno.test("every length from 0 to 300 agrees with node:crypto", () => {
  for (let length = 0; length <= 300; length++) {
    const bytes = RANDOM.subarray(length, 2 * length);
    assert.deepEqual(digest(bytes, CORE), expected(bytes, CORE), `${length} bytes`);
  }
});

Deno.test("lengths around the border of a slice agree with node:crypto", () => {
  for (const slices of [1, 2]) {
    for (const more of [-65, -64, -63, -9, -8, -1, 0, 1, 55, 56, 63, 64, 65]) {
      const bytes = RANDOM.subarray(7, 7 + slices * SLICE_BYTES + more);
      assert.deepEqual(digest(bytes, CORE), expected(bytes, CORE), `${bytes.length} bytes`);
    }
  }
});

Deno.test("every subset of the core's algorithms agrees with node:crypto", () => {
  const bytes = RANDOM.subarray(0, 3 * SLICE_BYTES + 17);
  for (const names of subsetsOf(CORE)) assert.deepEqual(digest(bytes, names), expected(bytes, names));
});

Deno.test("five megabytes agree with node:crypto", () => {
  assert.deepEqual(digest(RANDOM, CORE), expected(RANDOM, CORE));
});

Deno.test("digests are listed in the order in which they were asked for", async () => {
  const names = ["sha1", "crc32", "sha256", "md5"] as const;
  await loadAlgorithms(names);
  assert.deepEqual(Object.keys(digest(RANDOM.subarray(0, 9), names)), names);
});

Deno.test("content is not written to", () => {
  const bytes = RANDOM.slice(0, 100);
  digest(bytes, CORE);
  assert.deepEqual(bytes, RANDOM.slice(0, 100));
});

Deno.test("algorithms of hash-wasm run beside the core's, over many slices", async () => {
  const names = ["md5", "sha512", "sha256"] as const;
  await loadAlgorithms(names);
  assert.deepEqual(digest(RANDOM, names), expected(RANDOM, names));
});

Deno.test("pieces of any size give the digests of the whole", async () => {
  await loadAlgorithms(ALGORITHMS);
  const bytes = RANDOM.subarray(0, 3 * SLICE_BYTES + 100);
  const whole = digest(bytes, ALGORITHMS);
  for (const size of [1, 13, 63, 64, 65, 1000, SLICE_BYTES - 1, SLICE_BYTES, SLICE_BYTES + 1, bytes.length]) {
    const digester = createDigester(ALGORITHMS);
    for (let at = 0; at < bytes.length; at += size) digester.update(bytes.subarray(at, at + size));
    assert.deepEqual(digester.digest(), whole, `pieces of ${size} bytes`);
  }
});

Deno.test("digesters that take turns do not disturb each other, nor does a digest in between", async () => {
  await loadAlgorithms(ALGORITHMS);
  const contents = [RANDOM.subarray(0, 999), RANDOM.subarray(1000, 1999)] as const;
  const digesters = contents.map(() => createDigester(ALGORITHMS));
  for (let at = 0; at < 999; at += 37) {
    digesters.forEach((digester, i) => digester.update(contents[i]!.subarray(at, at + 37)));
    digest(RANDOM.subarray(0, at), ALGORITHMS);
  }
  digesters.forEach((digester, i) => assert.deepEqual(digester.digest(), digest(contents[i]!, ALGORITHMS)));
});

Deno.test("a digester may be asked on the way and goes on", async () => {
  await loadAlgorithms(ALGORITHMS);
  const digester = createDigester(ALGORITHMS);
  for (let at = 0; at < 300; at += 50) {
    digester.update(RANDOM.subarray(at, at + 50));
    const soFar = digest(RANDOM.subarray(0, at + 50), ALGORITHMS);
    assert.deepEqual(digester.digest(), soFar);
    assert.deepEqual(digester.digest(), soFar);
  }
});
