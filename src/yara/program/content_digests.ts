/**
 * Digests of parts of one content.
 *
 * @module
 */

import type { DigestFunction } from "../condition/mod.ts";

/** Bytes of which digests are computed for one content, those of parts that overlap counted each time. */
export const MAX_DIGESTED_BYTES = 300_000_000;
/** Digests that are computed for one content. */
export const MAX_DIGESTS = 20_000;

/** Digests that are computed once, and not beyond limits. */
export class ContentDigests {
  readonly #content: Uint8Array;
  readonly #digest: DigestFunction;
  readonly #known = new Map<string, string>();
  #bytesLeft = MAX_DIGESTED_BYTES;

  constructor(content: Uint8Array, digest: DigestFunction) {
    this.#content = content;
    this.#digest = digest;
  }

  /** The digest of a part that lies within the content; undefined: limits are met, or the algorithm isn't known. */
  of(algorithm: string, from: number, size: number): string | undefined {
    if (algorithm !== "md5" && algorithm !== "sha1" && algorithm !== "sha256") return undefined;
    const key = `${algorithm} ${from} ${size}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (size > this.#bytesLeft || this.#known.size >= MAX_DIGESTS) return undefined;
    this.#bytesLeft -= size;
    const digest = this.#digest(algorithm, this.#content.subarray(from, from + size));
    this.#known.set(key, digest);
    return digest;
  }
}
