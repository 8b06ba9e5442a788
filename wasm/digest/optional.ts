/**
 * The digests that `hash-wasm` computes, loaded when they are asked for: importing the package takes as long as
 * starting Deno does.
 *
 * @module
 */

import type { IHasher } from "npm:hash-wasm@4.13.0";

/** Algorithms that must be loaded before use. */
export const OPTIONAL = ["sha512", "blake3", "crc32"] as const;

/** The name of such an algorithm. */
export type OptionalAlgorithm = typeof OPTIONAL[number];

const loaded = new Map<OptionalAlgorithm, IHasher>();

/** Loads algorithms; those that are loaded already cost nothing. */
export async function loadHashers(names: readonly OptionalAlgorithm[]): Promise<void> {
  const missing = names.filter((name) => !loaded.has(name));
  if (missing.length === 0) return;
  const { createBLAKE3, createCRC32, createSHA512 } = await import("npm:hash-wasm@4.13.0");
  const create = { sha512: createSHA512, blake3: () => createBLAKE3(), crc32: () => createCRC32() };
  for (const name of missing) loaded.set(name, await create[name]());
}

/** One digest in the making. The package has one state an algorithm, so each takes its own in and out. */
export class OptionalDigest {
  readonly #hasher: IHasher;
  #state: Uint8Array;

  /** @throws {Error} when the algorithm is not loaded */
  constructor(readonly name: OptionalAlgorithm) {
    const hasher = loaded.get(name);
    if (!hasher) {
      throw new Error(
        `Cannot compute digest "${name}": it is not loaded, call loadAlgorithms(["${name}"]) first`,
      );
    }
    this.#hasher = hasher;
    this.#state = hasher.init().save();
  }

  /** Takes in the next bytes. */
  update(bytes: Uint8Array): void {
    this.#state = this.#hasher.load(this.#state).update(bytes).save();
  }

  /** The digest of all that was taken in so far, lower-case hexadecimal. */
  digest(): string {
    return this.#hasher.load(this.#state).digest("hex");
  }
}
