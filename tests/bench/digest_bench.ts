/**
 * Digests against what else there is: `deno run -A tests/bench/digest_bench.ts` prints ratios measured in one run.
 *
 * Each way digests the same random bytes several times, the ways taking turns, and the best time of each counts: what
 * else the machine does makes a way slower, never faster.
 *
 * @module
 */

import { createHash, randomFillSync } from "node:crypto";
// deno-lint-ignore stoq/npm-import -- the rival itself, which no module of ours exports
import { createMD5, createSHA1, createSHA256 } from "npm:hash-wasm@4.13.0";
import { type Algorithm, digest } from "../../wasm/digest/mod.ts";

const SIZE_BYTES = 100_000_000;
const TURNS = 5;
const SMALL_BYTES = 100;
const SMALL_CALLS = 100_000;

type Way = readonly [name: string, run: (bytes: Uint8Array) => unknown];

const rivals = { md5: await createMD5(), sha1: await createSHA1(), sha256: await createSHA256() };

const ours = (...algorithms: Algorithm[]): Way => [
  `ours, ${algorithms.join(" + ")}`,
  (bytes) => digest(bytes, algorithms),
];
const hashWasm = (...algorithms: (keyof typeof rivals)[]): Way => [
  `hash-wasm, ${algorithms.join(", then ")}`,
  (bytes) => algorithms.map((name) => rivals[name].init().update(bytes).digest("hex")),
];
const nodeCrypto = (...algorithms: string[]): Way => [
  `node:crypto, ${algorithms.join(", then ")}`,
  (bytes) => algorithms.map((name) => createHash(name).update(bytes).digest("hex")),
];

const THREE: readonly Way[] = [
  ours("md5", "sha1", "sha256"),
  hashWasm("md5", "sha1", "sha256"),
  nodeCrypto("md5", "sha1", "sha256"),
];
const TWO: readonly Way[] = [ours("md5", "sha1"), hashWasm("md5", "sha1"), nodeCrypto("md5", "sha1")];
const ONE: readonly Way[] = [ours("sha256"), hashWasm("sha256"), nodeCrypto("sha256")];

const bytes = randomFillSync(new Uint8Array(SIZE_BYTES));
for (const ways of [THREE, TWO, ONE]) {
  const times = bestTimesMs(ways, bytes, 1, TURNS);
  report(ways, times, (ms) => `${(SIZE_BYTES / ms / 1000).toFixed(0)} MB/s`);
}

console.log(`\n${SMALL_BYTES} bytes`);
for (const ways of [ONE, TWO, THREE]) {
  const times = bestTimesMs(ways, bytes.subarray(0, SMALL_BYTES), SMALL_CALLS, TURNS);
  report(ways, times, (ms) => `${(ms * 1000 / SMALL_CALLS).toFixed(2)} µs`);
}

function bestTimesMs(ways: readonly Way[], bytes: Uint8Array, calls: number, turns: number): number[] {
  const best = ways.map(() => Infinity);
  for (let turn = 0; turn < turns; turn++) {
    ways.forEach(([, run], index) => {
      const start = performance.now();
      for (let call = 0; call < calls; call++) run(bytes);
      best[index] = Math.min(best[index]!, performance.now() - start);
    });
  }
  return best;
}

function report(ways: readonly Way[], times: readonly number[], format: (ms: number) => string): void {
  ways.forEach(([name], index) => {
    const ratio = times[index]! / times[0]!;
    console.log(
      name.padEnd(44),
      format(times[index]!).padStart(10),
      index === 0 ? "" : `ours is ${ratio.toFixed(2)} times as fast`,
    );
  });
}
