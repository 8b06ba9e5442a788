/**
 * Digests: MD5, SHA-1 and SHA-256 in one pass by our own WebAssembly core; SHA-512, BLAKE3 and CRC-32 by npm's
 * `hash-wasm`, loaded when they are asked for.
 *
 * ```ts
 * import { createDigester, digest } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = new TextEncoder().encode("abc");
 * assert.equal(digest(bytes, ["md5", "sha1"]).md5, "900150983cd24fb0d6963f7d28e17f72");
 *
 * const digester = createDigester(["md5"]);
 * digester.update(bytes.subarray(0, 1));
 * digester.update(bytes.subarray(1));
 * assert.equal(digester.digest().md5, "900150983cd24fb0d6963f7d28e17f72");
 * ```
 *
 * The core has one page of memory, through which content passes in slices: no second copy of it is made. Everything is
 * synchronous; only {@linkcode loadAlgorithms} is not.
 *
 * @module
 */

import * as core from "./digest.wasm";
import { loadHashers, OPTIONAL, type OptionalAlgorithm, OptionalDigest } from "./optional.ts";

/** All algorithms: the core's, in the order of stoQ's results, then those that are loaded. */
export const ALGORITHMS = ["sha256", "md5", "sha1", "sha512", "blake3", "crc32"] as const;

/** The name of an algorithm. */
export type Algorithm = typeof ALGORITHMS[number];

/** Algorithm → digest, lower-case hexadecimal. */
export type Digests<Name extends Algorithm = Algorithm> = { readonly [_ in Name]: string };

/** Digests of bytes that come piece by piece. */
export interface Digester<Name extends Algorithm = Algorithm> {
  /** Takes in the next bytes. */
  update(bytes: Uint8Array): void;
  /** The digests of all that was taken in so far; more may follow. */
  digest(): Digests<Name>;
}

type CoreAlgorithm = Exclude<Algorithm, OptionalAlgorithm>;

/** What the core calls an algorithm, and where in its state the digest lies. */
const CORE: { readonly [_ in CoreAlgorithm]: { flag: number; from: number; to: number } } = {
  md5: { flag: 1, from: 0, to: 16 },
  sha1: { flag: 2, from: 16, to: 36 },
  sha256: { flag: 4, from: 36, to: 68 },
};
const BLOCK_BYTES = 64;
const INPUT = new Uint8Array(core.memory.buffer, core.inputAddress(), core.inputBytes());
const STATE = new Uint8Array(core.memory.buffer, core.stateAddress(), core.stateBytes());
const NOTHING = new Uint8Array(0);

/** What of the algorithms asked for the core computes, and what else. */
interface Plan {
  readonly flags: number;
  readonly optional: ReadonlyMap<Algorithm, OptionalDigest>;
}

/**
 * Makes algorithms ready: `sha512`, `blake3` and `crc32` are fetched and instantiated at their first mention, the others
 * need nothing.
 */
export async function loadAlgorithms(algorithms: readonly Algorithm[]): Promise<void> {
  await loadHashers(algorithms.filter(isOptional));
}

/**
 * Computes digests of bytes in one pass.
 *
 * @throws {Error} for an unknown algorithm, and one that {@linkcode loadAlgorithms} should have loaded
 */
export function digest<Name extends Algorithm>(
  bytes: Uint8Array,
  algorithms: readonly Name[],
): Digests<Name> {
  const plan = planFor(algorithms);
  core.start();
  const tailBytes = absorb(plan, NOTHING, bytes);
  core.finish(plan.flags, tailBytes, bytes.length);
  return collect(plan, algorithms);
}

/**
 * Starts digests of bytes that come piece by piece. Any number of them may be under way.
 *
 * @throws {Error} as {@linkcode digest} does
 */
export function createDigester<Name extends Algorithm>(algorithms: readonly Name[]): Digester<Name> {
  const plan = planFor(algorithms);
  core.start();
  let state = STATE.slice();
  let tail = NOTHING;
  let totalBytes = 0;
  return {
    update(bytes) {
      STATE.set(state);
      const tailBytes = absorb(plan, tail, bytes);
      tail = INPUT.slice(0, tailBytes);
      state = STATE.slice();
      totalBytes += bytes.length;
    },
    digest() {
      STATE.set(state);
      INPUT.set(tail);
      core.finish(plan.flags, tail.length, totalBytes);
      return collect(plan, algorithms);
    },
  };
}

function planFor(algorithms: readonly Algorithm[]): Plan {
  let flags = 0;
  const optional = new Map<Algorithm, OptionalDigest>();
  for (const name of algorithms) {
    if (isOptional(name)) optional.set(name, new OptionalDigest(name));
    else if (ALGORITHMS.includes(name)) flags |= CORE[name].flag;
    else throw new Error(`Cannot compute digest "${name}": it should be one of ${ALGORITHMS.join(", ")}`);
  }
  return { flags, optional };
}

/**
 * Passes `tail`, left over from before, and `bytes` through the core's memory, each slice through all algorithms while
 * it is in the cache. What is less than a block stays at the start of the input; answers how much that is.
 */
function absorb({ flags, optional }: Plan, tail: Uint8Array, bytes: Uint8Array): number {
  INPUT.set(tail);
  let filledBytes = tail.length;
  for (let at = 0; at < bytes.length;) {
    const slice = bytes.subarray(at, at + INPUT.length - filledBytes);
    for (const digest of optional.values()) digest.update(slice);
    INPUT.set(slice, filledBytes);
    at += slice.length;
    filledBytes += slice.length;
    const wholeBytes = filledBytes - filledBytes % BLOCK_BYTES;
    core.absorb(flags, wholeBytes);
    INPUT.copyWithin(0, wholeBytes, filledBytes);
    filledBytes -= wholeBytes;
  }
  return filledBytes;
}

function collect<Name extends Algorithm>({ optional }: Plan, algorithms: readonly Name[]): Digests<Name> {
  const digests: Partial<Record<Algorithm, string>> = {};
  for (const name of algorithms) {
    digests[name] = isOptional(name) ? optional.get(name)!.digest() : coreDigest(name as CoreAlgorithm);
  }
  return digests as Digests<Name>;
}

function coreDigest(name: CoreAlgorithm): string {
  const { from, to } = CORE[name];
  return STATE.subarray(from, to).toHex();
}

function isOptional(name: Algorithm): name is OptionalAlgorithm {
  return (OPTIONAL as readonly Algorithm[]).includes(name);
}
